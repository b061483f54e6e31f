internal import ISRFCore

/// The shape of a token decoder and how it is trained.
public struct SemanticIdentifierConfiguration: Sendable, Codable, Hashable {
    /// The number of transformer blocks over the tokens.
    public var blocks = 1
    /// The number of attention heads of a block; divides the width of the model's vectors.
    public var heads = 2
    /// The width of a block's inner layer, as a multiple of the width.
    public var expansion = 2
    /// The share of activations that training sets to zero, in 0..<1.
    public var dropout: Float = 0.2
    /// The initial standard deviation of token vectors that no codebook gives.
    public var initialDeviation: Float = 0.02
    /// Passes over the examples, at most; the learning rate falls along a half cosine over all of them.
    public var epochs = 20
    /// Epochs without a lower validation loss after which training stops.
    public var patience = 3
    /// Examples in a batch.
    public var batchSize = 1024
    /// How many of a user's most recent items are learned from.
    public var targetsPerUser = 20
    /// The greatest learning rate.
    public var learningRate: Float = 1e-3
    /// The share of all steps over which the learning rate rises from 0.
    public var warmUp: Float = 0.05
    /// The share of every parameter that decays in a step, times the learning rate.
    public var weightDecay: Float = 0

    /// The default decoder.
    public init() {}

    /// Checks every value.
    /// - Throws: `ISRFError` (`invalidConfiguration`) that names the first value that is out of its range.
    public func validate() throws {
        try require(blocks >= 0, "decoder.blocks", "0 or more", blocks)
        try require(heads >= 1, "decoder.heads", "at least 1", heads)
        try require(expansion >= 1, "decoder.expansion", "at least 1", expansion)
        try require(dropout >= 0 && dropout < 1, "decoder.dropout", "in 0..<1", dropout)
        try require(
            initialDeviation > 0 && initialDeviation.isFinite, "decoder.initialDeviation", "above 0", initialDeviation)
        try require(epochs >= 1, "decoder.epochs", "at least 1", epochs)
        try require(patience >= 1, "decoder.patience", "at least 1", patience)
        try require(batchSize >= 1, "decoder.batchSize", "at least 1", batchSize)
        try require(targetsPerUser >= 1, "decoder.targetsPerUser", "at least 1", targetsPerUser)
        try require(learningRate > 0 && learningRate.isFinite, "decoder.learningRate", "above 0", learningRate)
        try require(warmUp >= 0 && warmUp < 1, "decoder.warmUp", "in 0..<1", warmUp)
        try require(weightDecay >= 0 && weightDecay.isFinite, "decoder.weightDecay", "0 or more", weightDecay)
    }

    /// Checks every value, and that the heads divide the width of a model's vectors.
    /// - Throws: `ISRFError` (`invalidConfiguration`) that names the first value that is out of its range.
    public func validate(width: Int) throws {
        try validate()
        try require(width % heads == 0, "decoder.heads", "a divisor of the model's width, \(width)", heads)
    }
}
