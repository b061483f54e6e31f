public import ISRFCore
public import ISRFData
internal import ISRFNumerics

/// The direct protocol: each held-out item among seeded uniform negatives that the user never took.
public struct DirectProtocol: Sendable {
    /// The number of negatives for each user.
    public var negatives: Int
    /// The seed of the negatives.
    public var seed: UInt64
    /// Receives progress.
    public var progress: ProgressHandler?

    /// Creates the protocol; 99 negatives are customary.
    public init(negatives: Int = 99, seed: UInt64 = 1, progress: ProgressHandler? = nil) {
        self.negatives = negatives
        self.seed = seed
        self.progress = progress
    }

    /// The negatives of every case of a part: distinct items outside the user's whole history, fewer when there are
    /// not as many.
    public func negativeItems(_ split: LeaveOneOutSplit, part: LeaveOneOutSplit.Part) -> [[Int]] {
        split.cases(part).map { entry in
            var random = SeededRandom(seed: seed, stream: UInt64(entry.user))
            var excluded = Set(split.log.histories[entry.user])
            let wanted = min(negatives, split.log.itemCount - excluded.count)
            var items: [Int] = []
            while items.count < wanted {
                let item = random.index(below: split.log.itemCount)
                if excluded.insert(item).inserted { items.append(item) }
            }
            return items
        }
    }

    /// HR@1, HR@5, HR@10 and NDCG@10 of a system.
    /// - Throws: As `ranks` does; `ISRFError` (`invalidData`) when no user has a held-out item.
    public func evaluate(
        _ system: any RankingSystem, on split: LeaveOneOutSplit, part: LeaveOneOutSplit.Part
    ) async throws -> DirectResult {
        let ranks = try await ranks(of: system, on: split, part: part)
        guard !ranks.isEmpty else {
            throw ISRFError(
                .invalidData, "No user has three or more interactions, so there is nothing to evaluate on.")
        }
        return DirectResult(ranks: ranks, negatives: negatives, seed: seed)
    }

    /// The rank of each held-out item among its negatives; a tie counts against the system.
    /// - Throws: `ISRFError` (`contractViolation`) when the system answers with the wrong shape or with not-a-number; what
    ///   the system throws; `CancellationError`.
    public func ranks(
        of system: any RankingSystem, on split: LeaveOneOutSplit, part: LeaveOneOutSplit.Part, batchSize: Int = 512
    ) async throws -> [Int] {
        let cases = split.cases(part)
        let negatives = negativeItems(split, part: part)
        var ranks: [Int] = []
        for first in stride(from: 0, to: cases.count, by: max(1, batchSize)) {
            try Task.checkCancellation()
            let range = first..<min(first + max(1, batchSize), cases.count)
            let scores = try await system.validatedScores(
                for: ScoringBatch(users: cases[range].map(\.user), histories: cases[range].map(\.history)),
                items: split.log.itemCount)
            for (row, index) in range.enumerated() {
                let own = scores[row, cases[index].target]
                ranks.append(negatives[index].count { scores[row, $0] >= own })
            }
            progress?(
                ProgressReport(
                    activity: "Evaluating \(system.name) among negatives on \(part.rawValue)",
                    completed: range.upperBound, total: cases.count, unit: "users"))
        }
        return ranks
    }
}
