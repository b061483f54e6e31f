internal import ISRFCore

/// The shape and regularisation of the generative model.
public struct GenerativeConfiguration: Sendable, Codable, Hashable {
    /// The width of every vector inside the model.
    public var width = 128
    /// The number of transformer blocks.
    public var blocks = 2
    /// The number of attention heads of a block; divides the width.
    public var heads = 2
    /// The width of a block's inner layer, as a multiple of `width`.
    public var expansion = 4
    /// How many items of a history the model reads: the most recent ones.
    public var historyLength = 20
    /// The share of activations that training sets to zero, in 0..<1.
    public var dropout: Float = 0.5
    /// The share of items whose learned vector a training step hides, so that text alone can stand for an item.
    public var learnedVectorDropout: Float = 0.1
    /// The share of users from whom a training step hides the individual, and independently the group vector.
    public var interestDropout: Float = 0.5
    /// The initial standard deviation of learned vectors.
    public var initialDeviation: Float = 0.02

    /// The default shape.
    public init() {}

    /// Checks every value.
    /// - Throws: `ISRFError` (`invalidConfiguration`) that names the first value that is out of its range.
    public func validate() throws {
        try require(width >= 2, "model.width", "at least 2", width)
        try require(blocks >= 0, "model.blocks", "0 or more", blocks)
        try require(heads >= 1 && width % heads == 0, "model.heads", "a divisor of model.width", heads)
        try require(expansion >= 1, "model.expansion", "at least 1", expansion)
        try require(historyLength >= 1, "model.historyLength", "at least 1", historyLength)
        for (name, value) in [
            ("dropout", dropout), ("learnedVectorDropout", learnedVectorDropout), ("interestDropout", interestDropout),
        ] {
            try require(value >= 0 && value < 1, "model.\(name)", "in 0..<1", value)
        }
        try require(
            initialDeviation > 0 && initialDeviation.isFinite, "model.initialDeviation", "greater than 0",
            initialDeviation)
    }
}

/// Throws a configuration error unless a condition holds.
package func require(_ condition: Bool, _ key: String, _ expected: String, _ value: some Any) throws {
    guard !condition else { return }
    throw ISRFError(
        .invalidConfiguration, "The configuration's \(key) is \(value); it must be \(expected).",
        at: .init(field: key))
}
