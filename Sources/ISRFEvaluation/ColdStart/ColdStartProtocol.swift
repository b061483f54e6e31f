public import ISRFCore
public import ISRFData
internal import ISRFNumerics

/// The cold-start protocol: a seeded share of the items is taken out of the data with all their interactions, a system
/// is fitted on the rest and then given the items, and users whose held-out item is one of them are evaluated.
///
/// A held-out item is ranked twice: among the cold items alone, and among the whole catalogue; both without the user's
/// own history, and a tie counts against the system.
public struct ColdStartProtocol: Sendable {
    /// The share of the items that is taken out, above 0 and below 1.
    public var share: Double
    /// The seed that draws the items.
    public var seed: UInt64
    /// Users scored at once.
    public var batchSize: Int
    /// Receives progress.
    public var progress: ProgressHandler?

    /// Creates the protocol.
    public init(share: Double = 0.05, seed: UInt64 = 1, batchSize: Int = 512, progress: ProgressHandler? = nil) {
        self.share = share
        self.seed = seed
        self.batchSize = max(1, batchSize)
        self.progress = progress
    }

    /// Takes the share of items out of a data set: at least one, drawn uniformly, however often they were taken.
    /// - Throws: `ISRFError` (`invalidConfiguration`) for a share out of its range; what `ColdStartData` throws.
    public func data(catalogue: Catalogue, log: InteractionLog) throws -> ColdStartData {
        guard share > 0, share < 1 else {
            throw ISRFError(
                .invalidConfiguration,
                "The share of cold items is \(share); it must be above 0 and below 1, as 0.05 is.")
        }
        var random = SeededRandom(seed: seed)
        let count = max(1, Int((share * Double(catalogue.count)).rounded()))
        let drawn = Array(0..<catalogue.count).shuffled(using: &random).prefix(count)
        return try ColdStartData(catalogue: catalogue, log: log, cold: Set(drawn))
    }

    /// Ranks the cold held-out items of one part.
    /// - Parameter system: What `fittedForColdStart` gave for the same data.
    /// - Throws: `ISRFError` (`invalidData`) when no user's held-out item is cold, (`contractViolation`) when the system
    ///   answers with the wrong shape or with not-a-number; what the system throws; `CancellationError`.
    public func evaluate(
        _ system: any RankingSystem, on data: ColdStartData, part: LeaveOneOutSplit.Part
    ) async throws -> ColdStartResult {
        let cases = data.cases(part)
        guard !cases.isEmpty else {
            throw ISRFError(
                .invalidData,
                "None of the \(data.coldItems.count) cold items is the \(part.rawValue) item of a user with a history; "
                    + "take out a greater share or draw with another seed.")
        }
        var amongCold: [Int] = []
        var amongAll: [Int] = []
        for first in stride(from: 0, to: cases.count, by: batchSize) {
            try Task.checkCancellation()
            let block = cases[first..<min(first + batchSize, cases.count)]
            let scores = try await system.validatedScores(
                for: ScoringBatch(users: block.map(\.user), histories: block.map(\.history)), items: data.itemCount)
            for (row, entry) in block.enumerated() {
                let own = scores[row, entry.target]
                // The target is never in the history, which has no cold item.
                amongCold.append(data.coldIndices.count { $0 != entry.target && scores[row, $0] >= own })
                amongAll.append(
                    scores.row(row).withUnsafeBufferPointer {
                        RankingMetrics.rank(of: entry.target, in: $0, excluding: entry.history)
                    })
            }
            progress?(
                ProgressReport(
                    activity: "Evaluating \(system.name) on cold items, \(part.rawValue)",
                    completed: first + block.count, total: cases.count, unit: "users"))
        }
        return ColdStartResult(
            name: system.name, split: part.rawValue, ranksAmongCold: amongCold, ranksAmongAll: amongAll)
    }
}
