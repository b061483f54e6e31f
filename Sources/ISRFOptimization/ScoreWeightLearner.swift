public import ISRFCore
public import ISRFData
internal import ISRFNumerics
public import ISRFUserGraph

/// Learns on validation cases how much each view counts: coordinate ascent on NDCG@10, then a gate on top.
///
/// For each case the items that could matter are kept with the value of every view: the best of the score with initial
/// weights and the best of each view. Ranks among those are ranks in the catalogue wherever they count.
public struct ScoreWeightLearner: Sendable {
    /// Cases to learn from, at most; more are sampled by the seed.
    public var maximumCases = 20_000
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
    ///   scored by a gate that learned from the other half.
    public func learn(
        _ scorer: RecommendationScorer, cases: [LeaveOneOutSplit.Case], groups: [[UserGraph.Neighbour]], seed: UInt64,
        progress: ProgressHandler? = nil
    ) async throws -> (weights: ScoreWeights, ndcg10: Double) {
        guard !cases.isEmpty else { return (scorer.weights, 0) }
        var random = SeededRandom(seed: seed, stream: 3)
        let sample =
            cases.count <= maximumCases
            ? cases : cases.shuffled(using: &random).prefix(maximumCases).sorted { $0.user < $1.user }
        let table = try await collect(scorer, sample, groups, progress)
        var weights = scorer.weights
        var totals = table.totals(weights, on: scorer.parallelism)
        var best = table.ndcg10(totals, on: scorer.parallelism)
        for sweep in 0..<3 {
            let before = best
            for view in ScoreView.allCases where view != .sequence {
                guard let start = weights.terms[view] else { continue }
                try Task.checkCancellation()
                await Task.yield()
                var chosen = start
                var others = totals
                table.add(view, start, sign: -1, to: &others, on: scorer.parallelism)
                for candidate in proposals(for: view, from: start, coarse: sweep == 0) {
                    var trial = others
                    table.add(view, candidate, sign: 1, to: &trial, on: scorer.parallelism)
                    let score = table.ndcg10(trial, on: scorer.parallelism)
                    if score > best { (best, chosen) = (score, candidate) }
                }
                weights.terms[view] = chosen
                // Summed anew, so that rounding does not pile up.
                totals = table.totals(weights, on: scorer.parallelism)
            }
            if best - before < 1e-5 { break }
        }
        guard gates, let learned = try await ViewGateLearner().learn(table, weights, seed: seed, on: scorer.parallelism)
        else { return (weights, best) }
        weights.gate = learned.gate
        return (weights, learned.ndcg10)
    }

    private func proposals(
        for view: ScoreView, from term: ScoreWeights.Term, coarse: Bool
    ) -> [ScoreWeights.Term] {
        let factors: [Float] = coarse ? [0, 0.25, 0.5, 0.7, 1.4, 2, 3] : [0, 0.7, 0.85, 1.15, 1.4]
        let base = term.weight > 0 ? term.weight : 0.25
        var proposals = factors.map { ScoreWeights.Term(weight: base * $0, scale: term.scale) }
        if !view.isGenerative, term.weight > 0 {
            for scale in coarse ? [0.25, 0.5, 2, 4] as [Float] : [0.6, 1.6] {
                // A greater scale flattens later and gives smaller logarithms: the weight follows in part.
                for factor in [1, scale.squareRoot()] {
                    proposals.append(.init(weight: base * factor, scale: term.scale * scale))
                }
            }
        }
        return proposals
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
