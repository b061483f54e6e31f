internal import ISRFCore
internal import ISRFEvaluation
internal import ISRFNumerics

/// Learns a gate on validation cases: a softmax over each case's best candidates, the held-out item being right.
struct ViewGateLearner {
    /// The width of the hidden layer.
    var hiddenWidth = 48
    /// Passes over the cases.
    var epochs = 12
    /// Passes before them that learn only how much each view counts everywhere.
    var calibrationEpochs = 2
    /// The learning rate of those.
    var calibrationRate: Float = 0.03
    /// Cases in a batch.
    var batchSize = 256
    /// The greatest learning rate.
    var learningRate: Float = 3e-3
    /// How many of a case's candidates are learned from: the best without a gate.
    var candidates = 60

    /// Learns a gate and says what it is worth on cases that it did not learn from.
    /// - Parameters:
    ///   - table: The cases, in an order that says nothing about them: its halves are compared.
    ///   - weights: What was learned on all of them.
    ///   - relearned: Learns weights on half of the cases, so that none is ranked by weights that know it.
    /// - Returns: Nil unless those gain, by more than twice the standard error of the gain.
    func learn(
        _ table: CandidateTable, _ weights: ScoreWeights, seed: UInt64, on parallelism: Parallelism,
        relearned: (CandidateTable) async throws -> ScoreWeights
    ) async throws -> (gate: ViewGate, ndcg10: Double)? {
        guard table.count >= 20 else { return nil }
        var random = SeededRandom(seed: seed, stream: 4)
        let middle = table.count / 2
        let (first, second) = (table.part(0..<middle), table.part(middle..<table.count))
        var (before, after): ([Double], [Double]) = ([], [])
        for (held, learned) in [(first, second), (second, first)] {
            let weights = try await relearned(learned)
            let gate = try await fit(learned, weights, &random, parallelism)
            before += held.gains(held.totals(weights, on: parallelism), on: parallelism)
            after += held.gains(held.totals(weights, gate, on: parallelism), on: parallelism)
        }
        guard try PairedTTest(differences: zip(after, before).map { $0 - $1 }).statistic > 2 else { return nil }
        return (try await fit(table, weights, &random, parallelism), after.reduce(0, +) / Double(after.count))
    }

    private func fit(
        _ table: CandidateTable, _ weights: ScoreWeights, _ random: inout SeededRandom, _ parallelism: Parallelism
    ) async throws -> ViewGate {
        let plain = table.totals(weights, on: parallelism)
        let lists = (0..<table.count).compactMap { list(ofCase: $0, table, plain) }
        let (means, deviations) = statistics(lists, table, weights)
        var store = ParameterStore()
        let inputs = ViewGate.inputCount
        store.addRandom(
            "hidden", rows: inputs, columns: hiddenWidth, deviation: 1 / Float(inputs).squareRoot(), using: &random)
        store.add("hidden.bias", Matrix(rows: 1, columns: hiddenWidth))
        store.add("output", Matrix(rows: hiddenWidth, columns: ViewGate.directViews.count))
        store.add("output.bias", Matrix(rows: 1, columns: ViewGate.directViews.count, repeating: ViewGate.neutral))
        store.add("generative", Matrix(rows: 1, columns: ViewGate.generativeViews.count, repeating: ViewGate.neutral))
        // A convex start: how much each view counts everywhere is learned before the hidden layer is.
        let everywhere: Set = ["output.bias", "generative"]
        let total = epochs * ((lists.count + batchSize - 1) / batchSize)
        var step = 0
        for epoch in -calibrationEpochs..<epochs {
            let shuffled = lists.shuffled(using: &random)
            for start in stride(from: 0, to: lists.count, by: batchSize) {
                try Task.checkCancellation()
                await Task.yield()
                let batch = Array(shuffled[start..<min(start + batchSize, lists.count)])
                let tape = Tape(parallelism: parallelism)
                let variables = store.variables(on: tape)
                let loss = GateBatch(batch, table, weights, means: means, deviations: deviations)
                    .loss(on: tape, parameters: variables)
                tape.backward(from: loss)
                let gradients = store.names.map { name -> Matrix? in
                    guard epoch >= 0 || everywhere.contains(name) else { return nil }
                    return variables[name].flatMap { tape.takeGradient(of: $0) }
                }
                let share = Float(step) / Float(max(1, total))
                let rate = epoch < 0 ? calibrationRate : learningRate * (0.05 + 0.95 * halfCosine(share))
                store.update(gradients: gradients, rate: rate, weightDecay: 0, on: parallelism)
                if epoch >= 0 { step += 1 }
            }
        }
        return ViewGate(
            inputMeans: means, inputDeviations: deviations, hiddenWeights: store["hidden"].elements,
            hiddenBias: store["hidden.bias"].elements, outputWeights: store["output"].elements,
            outputBias: store["output.bias"].elements,
            generativeFactors: store["generative"].sigmoid().elements.map { ViewGate.greatest * $0 })
    }

    /// A case's best candidates without a gate; nil when the held-out item is not among them.
    private func list(ofCase index: Int, _ table: CandidateTable, _ plain: [Float]) -> GateBatch.List? {
        let (range, target) = table.entries(ofCase: index)
        let best = Array(plain[range]).greatest(candidates).map { range.lowerBound + $0.index }
        guard let place = best.firstIndex(of: target) else { return nil }
        return GateBatch.List(entries: best, target: place, historyLength: table.historyLength(ofCase: index))
    }

    private func statistics(
        _ lists: [GateBatch.List], _ table: CandidateTable, _ weights: ScoreWeights
    ) -> (means: [Float], deviations: [Float]) {
        var (sums, squares) = (
            [Double](repeating: 0, count: ViewGate.inputCount), [Double](repeating: 0, count: ViewGate.inputCount)
        )
        var count = 0.0
        // A sample is enough to know the scale of the inputs.
        for list in lists.prefix(4096) {
            for (input, values) in list.inputs(table, weights).enumerated() {
                for value in values {
                    sums[input] += Double(value)
                    squares[input] += Double(value) * Double(value)
                }
            }
            count += Double(list.entries.count)
        }
        let means = sums.map { $0 / max(1, count) }
        let deviations = zip(squares, means).map { square, mean in
            let variance = square / max(1, count) - mean * mean
            return variance > 1e-8 ? Float(variance.squareRoot()) : 1
        }
        return (means.map { Float($0) }, deviations)
    }
}
