public import ISRFCore
public import ISRFData
internal import ISRFNumerics
public import ISRFUserGraph

/// Learns on validation cases how much each view counts: weights by `WeightAscent`, then a gate on top.
///
/// For each case the items that could matter are kept with the value of every view: the best of the score with initial
/// weights and the best of each view. Ranks among those are ranks in the catalogue wherever they count.
public struct ScoreWeightLearner: Sendable {
    /// Cases to learn from, at most; more are sampled by the seed.
    public var maximumCases = 20_000
    /// Where there are fewer cases than this, weights are the mean of what several draws of them teach.
    public var fewCases = 2_000
    /// How many draws that is, each of as many cases as there are, with replacement; 1 learns from the cases as they are.
    public var draws = 16
    /// Items kept by the initial score.
    public var candidates = 200
    /// Items kept by each view.
    public var candidatesOfView = 50

    /// Whether a gate is learned as well; it is kept only where cases that it did not learn from gain by it.
    public var gates = true

    /// Creates a learner.
    public init() {}

    /// Learns weights.
    /// - Parameters:
    ///   - scorer: With the weights to start from.
    ///   - cases: Validation cases; without any the weights stay.
    ///   - groups: The group of each user of the log.
    /// - Returns: The weights and the NDCG@10 that they reach on the cases used; with a gate, each half of the cases is
    ///   scored by weights and a gate that learned from the other half.
    public func learn(
        _ scorer: RecommendationScorer, cases: [LeaveOneOutSplit.Case], groups: [[UserGraph.Neighbour]], seed: UInt64,
        progress: ProgressHandler? = nil
    ) async throws -> (weights: ScoreWeights, ndcg10: Double) {
        guard !cases.isEmpty else { return (scorer.weights, 0) }
        var random = SeededRandom(seed: seed, stream: 3)
        // The order of the log could tell the halves apart by which a gate is judged.
        let sample = Array(cases.shuffled(using: &random).prefix(maximumCases))
        let table = try await collect(scorer, sample, groups, progress)
        let ascent = WeightAscent(
            initial: scorer.weights, parallelism: scorer.parallelism, draws: sample.count < fewCases ? draws : 1,
            seed: seed)
        var (weights, best) = try await ascent.learn(table)
        guard gates,
            let learned = try await ViewGateLearner().learn(
                table, weights, seed: seed, on: scorer.parallelism,
                relearned: { try await ascent.learn($0).weights })
        else { return (weights, best) }
        weights.gate = learned.gate
        return (weights, learned.ndcg10)
    }

    private func collect(
        _ scorer: RecommendationScorer, _ cases: [LeaveOneOutSplit.Case], _ groups: [[UserGraph.Neighbour]],
        _ progress: ProgressHandler?
    ) async throws -> CandidateTable {
        var table = CandidateTable()
        for start in stride(from: 0, to: cases.count, by: 256) {
            try Task.checkCancellation()
            await Task.yield()
            let block = Array(cases[start..<min(start + 256, cases.count)])
            let histories = block.map(\.history)
            let groups = block.map { groups[$0.user] }
            let values = try scorer.values(
                of: Set(scorer.weights.terms.keys), histories: histories, groups: groups)
            let initial = scorer.sums(of: scorer.transformed(values), histories: histories)
            let selected = select(block, initial, values, scorer.parallelism)
            for (row, entry) in block.enumerated() {
                table.append(
                    row: row, items: selected[row], target: entry.target, length: entry.history.count, values: values)
            }
            progress?(
                ProgressReport(
                    activity: "Weighing the views", completed: min(start + 256, cases.count), total: cases.count,
                    unit: "users"))
        }
        return table
    }

    private func select(
        _ block: [LeaveOneOutSplit.Case], _ initial: Matrix, _ values: [Matrix], _ parallelism: Parallelism
    ) -> [[Int]] {
        var selected = [[Int]](repeating: [], count: block.count)
        selected.withUnsafeMutableBufferPointer { buffer in
            nonisolated(unsafe) let selected = buffer
            parallelism.forRanges(block.count) { range, _ in
                for row in range {
                    let excluded = Set(block[row].history).subtracting([block[row].target])
                    var items = Set([block[row].target])
                    for (matrix, count) in [(initial, candidates)] + values.map({ ($0, candidatesOfView) })
                    where matrix.rows > 0 {
                        for (item, _) in matrix.row(row).greatest(count + excluded.count) {
                            if !excluded.contains(item) { items.insert(item) }
                        }
                    }
                    selected[row] = items.sorted()
                }
            }
        }
        return selected
    }
}
