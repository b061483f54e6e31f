internal import ISRFCore
internal import ISRFNumerics

/// Puts together what each view adds to the score of items, under weights and their gate.
struct ScoreComposer: Sendable {
    private let weights: ScoreWeights
    private let network: TwoLayerNetwork?
    private let generative: [(index: Int, factor: Float)]
    private let direct: [(index: Int, place: Int, weight: Float)]

    init(_ weights: ScoreWeights) {
        self.weights = weights
        network = weights.gate?.network
        var generative: [(index: Int, factor: Float)] = []
        var direct: [(index: Int, place: Int, weight: Float)] = []
        var (generativePlace, directPlace) = (0, 0)
        for (index, view) in ScoreView.allCases.enumerated() {
            if let term = weights.terms[view], term.weight != 0 {
                if view.isGenerative {
                    generative.append((index, term.weight * (weights.gate?.generativeFactors[generativePlace] ?? 1)))
                } else {
                    direct.append((index, directPlace, term.weight))
                }
            }
            if view.isGenerative { generativePlace += 1 } else { directPlace += 1 }
        }
        self.generative = generative
        self.direct = direct
    }

    /// Calls back with what each view adds to each item.
    /// - Parameters:
    ///   - values: For each view a number for each item: logits, or direct values after their logarithm; nil for a view
    ///     that has no part in the score.
    ///   - body: Takes the index of the view, the item and what the view adds; not called for additions of 0.
    func compose(
        _ values: [UnsafePointer<Float>?], count: Int, historyLength: Int, _ body: (Int, Int, Float) -> Void
    ) {
        for (index, factor) in generative {
            guard let values = values[index] else { continue }
            for item in 0..<count { body(index, item, factor * values[item]) }
        }
        guard let network else {
            for (index, _, weight) in direct {
                guard let values = values[index] else { continue }
                for item in 0..<count where values[item] != 0 { body(index, item, weight * values[item]) }
            }
            return
        }
        // A block of items at a time, so that its layers stay in the cache.
        let block = min(max(1, count), 512)
        let outputs = network.outputCount
        withUnsafeTemporaryAllocation(of: Float.self, capacity: block * (ViewGate.inputCount + outputs)) { buffer in
            guard let inputs = buffer.baseAddress else { return }
            let factors = inputs + block * ViewGate.inputCount
            for start in stride(from: 0, to: count, by: block) {
                let items = start..<min(start + block, count)
                ViewGate.writeInputs(
                    values, items: items, weights: weights, historyLength: historyLength, into: inputs)
                network.apply(to: inputs, rows: items.count, into: factors)
                for (index, place, weight) in direct {
                    guard let values = values[index] else { continue }
                    for item in items where values[item] != 0 {
                        let share = ViewGate.greatest / (1 + exponential(-factors[(item - start) * outputs + place]))
                        body(index, item, weight * share * values[item])
                    }
                }
            }
        }
    }
}

/// Lends the memory of several arrays at once.
enum Pointers {
    /// Calls back with a pointer to the elements of each array; nil for an empty one.
    static func to(_ arrays: [[Float]], _ body: ([UnsafePointer<Float>?]) -> Void) {
        func next(_ pointers: [UnsafePointer<Float>?]) {
            guard pointers.count < arrays.count else { return body(pointers) }
            arrays[pointers.count].withUnsafeBufferPointer { next(pointers + [$0.isEmpty ? nil : $0.baseAddress]) }
        }
        next([])
    }
}
