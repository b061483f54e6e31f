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

    // What a block needs stays in the cache from one view to the next.
    private static let blockSize = 512

    /// Calls back with what each view adds to a block of items.
    /// - Parameters:
    ///   - values: For each view a number for each item: logits, or direct values after their logarithm; nil for a view
    ///     that has no part in the score.
    ///   - body: Takes the index of the view, the items, and what the view adds to each of them; not called for a view
    ///     that has no part in the score.
    func compose(
        _ values: [UnsafePointer<Float>?], count: Int, historyLength: Int,
        _ body: (Int, Range<Int>, UnsafePointer<Float>) -> Void
    ) {
        let block = min(max(1, count), ScoreComposer.blockSize)
        let gates = network?.outputCount ?? 0
        // The addition, the summed logit, the length, a view that says nothing, and the gates.
        withUnsafeTemporaryAllocation(of: Float.self, capacity: block * (4 + gates)) { buffer in
            buffer.initialize(repeating: 0)
            guard let addition = buffer.baseAddress else { return }
            let (logit, length, nothing) = (addition + block, addition + 2 * block, addition + 3 * block)
            let outputs = (0..<gates).map { addition + (4 + $0) * block }
            length.update(repeating: ViewGate.input(ofHistoryLength: historyLength), count: block)
            for start in stride(from: 0, to: count, by: block) {
                let items = start..<min(start + block, count)
                func add(_ values: UnsafePointer<Float>, _ scale: Float, to target: UnsafeMutablePointer<Float>) {
                    GateKernels.add(values + start, scaledBy: scale, to: target, count: items.count)
                }
                for (index, factor) in generative {
                    guard let values = values[index] else { continue }
                    addition.update(repeating: 0, count: items.count)
                    add(values, factor, to: addition)
                    body(index, items, addition)
                }
                if let network {
                    let own = values.map { $0.map { $0 + start } }
                    ViewGate.writeGenerativeSum(of: own, weights: weights, into: logit, count: items.count)
                    let said = own.map { $0 ?? UnsafePointer(nothing) }
                    network.apply(
                        to: [UnsafePointer(logit)] + said + [UnsafePointer(length)], rows: items.count, into: outputs)
                }
                for (index, place, weight) in direct {
                    guard let values = values[index] else { continue }
                    if network == nil {
                        addition.update(repeating: 0, count: items.count)
                        add(values, weight, to: addition)
                    } else {
                        GateKernels.gate(
                            values + start, with: outputs[place], scale: weight * ViewGate.greatest, into: addition,
                            count: items.count)
                    }
                    body(index, items, addition)
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
