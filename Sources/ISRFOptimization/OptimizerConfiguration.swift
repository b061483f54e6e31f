internal import ISRFCore

/// How the generative model is trained.
public struct OptimizerConfiguration: Sendable, Codable, Hashable {
    /// Epochs, at most; the learning rate falls to its end value over all of them. An epoch is a pass over the training
    /// histories, or several where there are few.
    public var epochs = 14
    /// The least sequential batches of an epoch. Where there is little data, batches are smaller, down to 32 segments of
    /// histories, and then an epoch makes as many passes as it takes.
    public var minimumBatchesPerEpoch = 64
    /// Epochs without a better validation NDCG@10 after which training stops.
    public var patience = 3
    /// Histories in a sequential batch, at most; a history longer than the model reads counts once for each segment that
    /// it is cut into.
    public var batchSize = 256
    /// The greatest learning rate.
    public var learningRate: Float = 1.5e-3
    /// The share of all steps over which the learning rate rises from 0.
    public var warmUp: Float = 0.05
    /// The learning rate at the end, as a share of the greatest.
    public var finalLearningRate: Float = 0.05
    /// The share of every parameter that decays in a step, times the learning rate.
    public var weightDecay: Float = 0
    /// How slowly the weights that predict follow the weights that are trained: the share of their running mean that
    /// a step keeps; 0 takes the weights as they are.
    public var averagingDecay: Float = 0
    /// After how many sequential batches a direct batch follows; 0 for never.
    public var directEvery = 0
    /// The negatives of a direct example.
    public var directNegatives = 99
    /// After how many sequential batches an explanation batch follows; 0 for never.
    public var explanationEvery = 0
    /// Users in a direct or explanation batch.
    public var pairBatchSize = 256
    /// The weight of the alignment of individual and group vectors beside the generation loss; 0 for none.
    public var alignmentWeight: Float = 0
    /// The temperature of the alignment's logits and targets, between unit vectors.
    public var alignmentTemperature: Float = 0.2
    /// Whether the softmax over the catalogue multiplies numbers that are rounded to bfloat16, where the processor can;
    /// sums stay in single precision. That takes about half the time.
    public var reducedPrecision = true
    /// How many times the user graph is made: once before training, and again from the refined vectors at the start
    /// of each further round. Rounds divide the epochs evenly.
    public var rounds = 1

    /// The default schedule.
    public init() {}

    /// Checks every value.
    /// - Throws: `ISRFError` (`invalidConfiguration`) that names the first value that is out of its range.
    public func validate() throws {
        try require(epochs >= 1, "training.epochs", "at least 1", epochs)
        try require(
            minimumBatchesPerEpoch >= 1, "training.minimumBatchesPerEpoch", "at least 1", minimumBatchesPerEpoch)
        try require(patience >= 1, "training.patience", "at least 1", patience)
        try require(batchSize >= 1, "training.batchSize", "at least 1", batchSize)
        try require(pairBatchSize >= 1, "training.pairBatchSize", "at least 1", pairBatchSize)
        try require(learningRate > 0 && learningRate.isFinite, "training.learningRate", "above 0", learningRate)
        try require(warmUp >= 0 && warmUp < 1, "training.warmUp", "in 0..<1", warmUp)
        try require(
            finalLearningRate >= 0 && finalLearningRate <= 1, "training.finalLearningRate", "in 0...1",
            finalLearningRate)
        try require(weightDecay >= 0 && weightDecay.isFinite, "training.weightDecay", "0 or more", weightDecay)
        try require(averagingDecay >= 0 && averagingDecay < 1, "training.averagingDecay", "in 0..<1", averagingDecay)
        try require(directEvery >= 0, "training.directEvery", "0 or more", directEvery)
        try require(directNegatives >= 1, "training.directNegatives", "at least 1", directNegatives)
        try require(explanationEvery >= 0, "training.explanationEvery", "0 or more", explanationEvery)
        try require(
            alignmentWeight >= 0 && alignmentWeight.isFinite, "training.alignmentWeight", "0 or more", alignmentWeight)
        try require(
            alignmentTemperature > 0 && alignmentTemperature.isFinite, "training.alignmentTemperature", "above 0",
            alignmentTemperature)
        try require(rounds >= 1 && rounds <= epochs, "training.rounds", "in 1...training.epochs", rounds)
    }
}
