public import ISRFCore
public import ISRFData
internal import ISRFNumerics

/// Measures recommenders under one protocol: the whole catalogue without the user's own history, a tie counts against
/// the system, every user with a held-out item once.
public struct Evaluator: Sendable {
    /// Users scored at once.
    public var batchSize: Int
    /// How ranking is divided over threads.
    public var parallelism: Parallelism
    /// Receives progress.
    public var progress: ProgressHandler?

    /// Creates an evaluator.
    public init(batchSize: Int = 512, parallelism: Parallelism = .serial, progress: ProgressHandler? = nil) {
        self.batchSize = max(1, batchSize)
        self.parallelism = parallelism
        self.progress = progress
    }

    /// Ranks the held-out items of one part.
    /// - Throws: `ISRFError` (`invalidData`) when no user has a held-out item, (`contractViolation`) when the system
    ///   answers with the wrong shape or with not-a-number; what the system throws; `CancellationError`.
    public func evaluate(
        _ system: any RankingSystem, on split: LeaveOneOutSplit, part: LeaveOneOutSplit.Part
    ) async throws -> EvaluationResult {
        let cases = split.cases(part)
        guard !cases.isEmpty else {
            throw ISRFError(
                .invalidData, "No user has three or more interactions, so there is nothing to evaluate on.")
        }
        let clock = ContinuousClock()
        let start = clock.now
        var ranks: [Int] = []
        var recommended = [Int](repeating: 0, count: split.log.itemCount)
        for first in stride(from: 0, to: cases.count, by: batchSize) {
            try Task.checkCancellation()
            let block = Array(cases[first..<min(first + batchSize, cases.count)])
            let scores = try await system.validatedScores(
                for: ScoringBatch(users: block.map(\.user), histories: block.map(\.history)),
                items: split.log.itemCount)
            let outcome = rank(block, scores)
            ranks.append(contentsOf: outcome.map(\.rank))
            for entry in outcome {
                for item in entry.firstTen { recommended[item] += 1 }
            }
            progress?(
                ProgressReport(
                    activity: "Evaluating \(system.name) on \(part.rawValue)", completed: first + block.count,
                    total: cases.count, unit: "users"))
        }
        return EvaluationResult(
            system: system.name, part: part, userIndices: cases.map(\.user), ranks: ranks,
            coverage10: Double(recommended.count { $0 > 0 }) / Double(max(1, split.log.itemCount)),
            gini10: RankingMetrics.giniCoefficient(of: recommended),
            historyLengths: historyBuckets(split, cases, ranks), popularity: popularityBuckets(split, cases, ranks),
            seconds: Double((clock.now - start) / .seconds(1)), peakMemoryBytes: ProcessMemory.peakBytes)
    }

    private func rank(_ block: [LeaveOneOutSplit.Case], _ scores: Matrix) -> [(rank: Int, firstTen: [Int])] {
        var outcome = [(rank: Int, firstTen: [Int])](repeating: (0, []), count: block.count)
        outcome.withUnsafeMutableBufferPointer { outcome in
            scores.elements.withUnsafeBufferPointer { elements in
                nonisolated(unsafe) let (outcome, elements) = (outcome, elements)
                parallelism.forRanges(block.count, minimum: 4) { range, _ in
                    for index in range {
                        let row = UnsafeBufferPointer(
                            rebasing: elements[index * scores.columns..<(index + 1) * scores.columns])
                        let entry = block[index]
                        let taken = Set(entry.history)
                        outcome[index] = (
                            RankingMetrics.rank(of: entry.target, in: row, excluding: entry.history),
                            TopK.greatest(10 + taken.count, of: row).lazy.map(\.index)
                                .filter { !taken.contains($0) }.prefix(10).map { $0 }
                        )
                    }
                }
            }
        }
        return outcome
    }

    private func historyBuckets(
        _ split: LeaveOneOutSplit, _ cases: [LeaveOneOutSplit.Case], _ ranks: [Int]
    ) -> [EvaluationResult.HistoryBucket] {
        [("1-3", 1...3), ("4-5", 4...5), ("6-10", 6...10), ("> 10", 11...Int.max)].map { name, lengths in
            let own = zip(cases, ranks)
                .filter { lengths.contains(split.training.histories[$0.0.user].count) }.map(\.1)
            return EvaluationResult.HistoryBucket(
                name: name, cases: own.count, hitRate10: RankingMetrics.hitRate(at: 10, ranks: own),
                ndcg10: RankingMetrics.ndcg(at: 10, ranks: own))
        }
    }

    private func popularityBuckets(
        _ split: LeaveOneOutSplit, _ cases: [LeaveOneOutSplit.Case], _ ranks: [Int]
    ) -> [EvaluationResult.PopularityBucket] {
        let counts = split.training.itemCounts()
        let total = counts.reduce(0, +)
        var bucketOfItem = [Int](repeating: 2, count: counts.count)
        var seen = 0
        for item in counts.indices.sorted(by: { (counts[$1], $0) < (counts[$0], $1) }) {
            bucketOfItem[item] = counts[item] == 0 ? 2 : min(2, seen * 3 / max(1, total))
            seen += counts[item]
        }
        return ["head", "middle", "tail"].enumerated().map { bucket, name in
            let own = zip(cases, ranks).filter { bucketOfItem[$0.0.target] == bucket }.map(\.1)
            return EvaluationResult.PopularityBucket(
                name: name, items: bucketOfItem.count { $0 == bucket }, cases: own.count,
                hitRate10: RankingMetrics.hitRate(at: 10, ranks: own), ndcg10: RankingMetrics.ndcg(at: 10, ranks: own))
        }
    }
}
