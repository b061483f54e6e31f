internal import ISRFCore
internal import ISRFNumerics

/// How much each direct view counts for one user and one item: a small network that reads what all views say, how many
/// took the item and how long the history is.
///
/// A view's part in the score is its part without a gate times a factor in 0..<4; the generative views have one factor
/// each for everybody. So the parts still add up to the score, and a view that says nothing still adds nothing.
public struct ViewGate: Sendable, Codable, Hashable {
    /// What each input is on average over the candidates that were learned from.
    public var inputMeans: [Float]
    /// The inputs' standard deviations.
    public var inputDeviations: [Float]
    /// From inputs to the hidden layer: one row for each input.
    public var hiddenWeights: [Float]
    /// Added to the hidden layer.
    public var hiddenBias: [Float]
    /// From the hidden layer to the direct views: one row for each hidden unit.
    public var outputWeights: [Float]
    /// Added to the outputs, one for each direct view.
    public var outputBias: [Float]
    /// The factor of each generative view.
    public var generativeFactors: [Float]

    static let generativeViews = ScoreView.allCases.filter(\.isGenerative)
    static let directViews = ScoreView.allCases.filter { !$0.isGenerative }
    // The generative logit, the views, and the length of the history.
    static let inputCount = 2 + ScoreView.allCases.count
    // Where the logistic function is a quarter, so that four times it is 1 for a network that says nothing.
    static let neutral: Float = -1.0986123

    var hiddenWidth: Int { hiddenBias.count }

    /// Checks that all layers fit each other.
    /// - Throws: `ISRFError` (`invalidConfiguration`) that names the first layer that does not.
    public func validate() throws {
        let (inputs, hidden, outputs) = (ViewGate.inputCount, hiddenWidth, ViewGate.directViews.count)
        for (name, values, count) in [
            ("inputMeans", inputMeans, inputs), ("inputDeviations", inputDeviations, inputs),
            ("hiddenWeights", hiddenWeights, inputs * hidden), ("outputWeights", outputWeights, hidden * outputs),
            ("outputBias", outputBias, outputs),
            ("generativeFactors", generativeFactors, ViewGate.generativeViews.count),
        ] {
            try require(values.count == count, "weights.gate.\(name)", "\(count) numbers", "\(values.count) numbers")
            try require(values.allSatisfy(\.isFinite), "weights.gate.\(name)", "finite", "not finite")
        }
        try require(
            inputDeviations.allSatisfy { $0 > 0 }, "weights.gate.inputDeviations", "above 0", "0 or below")
    }

    /// Writes the first thing that the gate reads about some items: what the generative views add up to. Then it reads
    /// each view and the length of the history.
    /// - Parameter values: For each view a number for each item; nil for a view that has no part in the score.
    static func writeGenerativeSum(
        of values: [UnsafePointer<Float>?], weights: ScoreWeights, into target: UnsafeMutablePointer<Float>, count: Int
    ) {
        target.update(repeating: 0, count: count)
        for (view, values) in zip(ScoreView.allCases, values) where view.isGenerative {
            guard let values, let share = weights.terms[view]?.weight else { continue }
            GateKernels.add(values, scaledBy: share, to: target, count: count)
        }
    }

    /// What the gate reads of the length of a history.
    static func input(ofHistoryLength length: Int) -> Float { logarithm(onePlus: Float(length)) }

    /// The greatest factor.
    static let greatest: Float = 4

    /// The factors of the direct views on a tape: one row for each row of the standardised inputs.
    static func factors(of inputs: Variable, parameters: [String: Variable]) -> Variable {
        guard let hidden = parameters["hidden"], let hiddenBias = parameters["hidden.bias"],
            let output = parameters["output"], let outputBias = parameters["output.bias"]
        else { preconditionFailure("a layer is missing") }
        return inputs.multiplied(by: hidden).adding(row: hiddenBias).gelu()
            .multiplied(by: output).adding(row: outputBias).sigmoid().scaled(by: greatest)
    }

    /// The network before the logistic function; it takes inputs as they are.
    var network: TwoLayerNetwork {
        let width = hiddenWidth
        var first = Matrix(rows: ViewGate.inputCount, columns: width, elements: hiddenWeights)
        var bias = hiddenBias
        for input in 0..<ViewGate.inputCount {
            for unit in 0..<width {
                first[input, unit] /= inputDeviations[input]
                bias[unit] -= inputMeans[input] * first[input, unit]
            }
        }
        return TwoLayerNetwork(
            first: first, firstBias: bias,
            second: Matrix(rows: width, columns: outputBias.count, elements: outputWeights),
            secondBias: outputBias)
    }
}
