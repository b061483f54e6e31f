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

    /// Writes what the gate reads about some items for one history, not yet standardised: a row for each item.
    /// - Parameters:
    ///   - values: For each view a number for each item: a generative view's logit, or a direct view's value after
    ///     its logarithm; nil for a view that has no part in the score.
    ///   - items: The places in `values` of the items.
    ///   - weights: What the generative views are summed with.
    static func writeInputs(
        _ values: [UnsafePointer<Float>?], items: Range<Int>, weights: ScoreWeights, historyLength: Int,
        into target: UnsafeMutablePointer<Float>
    ) {
        let length = input(ofHistoryLength: historyLength)
        for place in 0..<items.count {
            target[place * inputCount] = 0
            target[place * inputCount + inputCount - 1] = length
        }
        for (index, view) in ScoreView.allCases.enumerated() {
            let column = target + index + 1
            guard let values = values[index] else {
                for place in 0..<items.count { column[place * inputCount] = 0 }
                continue
            }
            for place in 0..<items.count { column[place * inputCount] = values[items.lowerBound + place] }
            guard view.isGenerative, let share = weights.terms[view]?.weight else { continue }
            for place in 0..<items.count { target[place * inputCount] += share * values[items.lowerBound + place] }
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
