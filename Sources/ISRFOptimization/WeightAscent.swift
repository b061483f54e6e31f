internal import ISRFCore

/// Coordinate ascent on the NDCG@10 of validation cases: one view's weight and scale after the other, in three sweeps.
struct WeightAscent {
    /// Where every ascent begins; a view without a term stays out.
    var initial: ScoreWeights
    /// How ranking is divided over threads.
    var parallelism: Parallelism

    /// How many draws of the cases are learned from, each by itself, before the mean is taken; 1 for the cases as they are.
    var draws = 1
    /// Seed of the draws.
    var seed: UInt64 = 0

    /// Learns weights and says what they reach on the cases that they learned from.
    func learn(_ table: CandidateTable) async throws -> (weights: ScoreWeights, ndcg10: Double) {
        guard draws > 1 else { return try await ascend(table, counts: Array(repeating: 1, count: table.count)) }
        var random = SeededRandom(seed: seed, stream: 5)
        var learned: [ScoreWeights] = []
        for _ in 0..<draws {
            var counts = [Double](repeating: 0, count: table.count)
            for _ in 0..<table.count { counts[random.index(below: table.count)] += 1 }
            learned.append(try await ascend(table, counts: counts).weights)
        }
        let weights = mean(of: learned)
        return (weights, table.ndcg10(table.totals(weights, on: parallelism), on: parallelism))
    }

    /// The mean of weights, and of the logarithms of scales.
    private func mean(of learned: [ScoreWeights]) -> ScoreWeights {
        var mean = initial
        for view in initial.terms.keys {
            let terms = learned.compactMap { $0.terms[view] }
            let count = Float(terms.count)
            mean.terms[view] = .init(
                weight: terms.reduce(0) { $0 + $1.weight } / count,
                scale: exponential(terms.reduce(0) { $0 + logarithm($1.scale) } / count))
        }
        return mean
    }

    /// One ascent on cases that count as often as they are told to.
    private func ascend(
        _ table: CandidateTable, counts: [Double]
    ) async throws -> (weights: ScoreWeights, ndcg10: Double) {
        let all = counts.reduce(0, +)
        func ndcg10(_ totals: [Float]) -> Double {
            zip(table.gains(totals, on: parallelism), counts).reduce(0) { $0 + $1.0 * $1.1 } / max(1, all)
        }
        var weights = initial
        var totals = table.totals(weights, on: parallelism)
        var best = ndcg10(totals)
        for sweep in 0..<3 {
            let before = best
            for view in ScoreView.allCases where view != .sequence {
                guard let start = weights.terms[view] else { continue }
                try Task.checkCancellation()
                await Task.yield()
                var chosen = start
                var others = totals
                table.add(view, start, sign: -1, to: &others, on: parallelism)
                for candidate in proposals(for: view, from: start, coarse: sweep == 0) {
                    var trial = others
                    table.add(view, candidate, sign: 1, to: &trial, on: parallelism)
                    let score = ndcg10(trial)
                    if score > best { (best, chosen) = (score, candidate) }
                }
                weights.terms[view] = chosen
                // Summed anew, so that rounding does not pile up.
                totals = table.totals(weights, on: parallelism)
            }
            if best - before < 1e-5 { break }
        }
        return (weights, best)
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
}
