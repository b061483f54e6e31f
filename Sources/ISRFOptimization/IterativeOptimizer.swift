public import ISRFCore
public import ISRFData
public import ISRFInteractionGraph
public import ISRFNumerics
public import ISRFReasoning
public import ISRFUserGraph

/// Everything that training a recommender needs from the earlier stages.
public struct OptimizationRequest: Sendable {
    /// The training part of the log.
    public var training: InteractionLog
    /// What was reasoned about each item as vectors: one unit row for each item.
    public var itemVectors: Matrix
    /// What was reasoned about each user as vectors: one unit row for each user of `training`.
    public var userVectors: Matrix
    /// Which attributes tie users to items, for the explanation task.
    public var statistics: AttributeStatistics
    /// Explicit individual interests.
    public var interactionGraph: SemanticInteractionGraph
    /// Implicit group interests.
    public var userGraph: UserGraph
    /// What was reasoned about each user before the last training item, as vectors: one unit row for each user. Nil
    /// when users are reasoned about only once.
    public var earlierUserVectors: Matrix?
    /// The group of each user as it was found before the last training item: what may be read of the group when that
    /// item is predicted. Nil when users are reasoned about only once.
    public var earlierUserGraph: UserGraph?
    /// Makes the user graph anew between rounds.
    public var userGraphBuilder: any UserGraphBuilder
    /// Held-out items that decide when to stop; without any, training runs for `epochs`.
    public var validation: [LeaveOneOutSplit.Case]
    /// Train for exactly this many epochs of the schedule instead of stopping early.
    public var epochs: Int?
    /// The seed of every random choice.
    public var seed: UInt64
    /// How heavy work is divided over threads.
    public var parallelism: Parallelism
    /// Receives progress.
    public var progress: ProgressHandler?

    /// Creates a request.
    public init(
        training: InteractionLog, itemVectors: Matrix, userVectors: Matrix, statistics: AttributeStatistics,
        interactionGraph: SemanticInteractionGraph, userGraph: UserGraph, userGraphBuilder: any UserGraphBuilder,
        earlierUserVectors: Matrix? = nil, earlierUserGraph: UserGraph? = nil, validation: [LeaveOneOutSplit.Case] = [],
        epochs: Int? = nil, seed: UInt64 = 1,
        parallelism: Parallelism = .serial, progress: ProgressHandler? = nil
    ) {
        self.training = training
        self.itemVectors = itemVectors
        self.userVectors = userVectors
        self.statistics = statistics
        self.interactionGraph = interactionGraph
        self.userGraph = userGraph
        self.userGraphBuilder = userGraphBuilder
        self.earlierUserVectors = earlierUserVectors
        self.earlierUserGraph = earlierUserGraph
        self.validation = validation
        self.epochs = epochs
        self.seed = seed
        self.parallelism = parallelism
        self.progress = progress
    }
}

/// What one pass over the training histories came to.
public struct EpochRecord: Sendable, Codable, Hashable {
    /// The epoch, from 1.
    public var epoch: Int
    /// The mean loss of each task's batches in nats, by the task's name; `alignment` beside them.
    public var losses: [String: Double]
    /// NDCG@10 of the generative model alone on the validation cases; nil when there are none.
    public var validationNDCG10: Double?
    /// How long the epoch took, in seconds.
    public var seconds: Double

    /// Creates a record.
    public init(epoch: Int, losses: [String: Double], validationNDCG10: Double?, seconds: Double) {
        self.epoch = epoch
        self.losses = losses
        self.validationNDCG10 = validationNDCG10
        self.seconds = seconds
    }
}

/// A trained recommender and how it came to be.
public struct OptimizationResult: Sendable {
    /// The model with its best weights.
    public var model: any GenerativeModel
    /// The user graph that belongs to the model.
    public var userGraph: UserGraph
    /// Whether the user graph was made from refined vectors: what was reasoned about the users joined by the model's
    /// individual vectors (`joinedUserVectors`); otherwise from what was reasoned alone.
    public var refinesUserGraph: Bool
    /// Every epoch that ran.
    public var epochs: [EpochRecord]
    /// The epoch whose weights were kept, from 1.
    public var bestEpoch: Int

    /// Creates a result.
    public init(
        model: any GenerativeModel, userGraph: UserGraph, refinesUserGraph: Bool = false, epochs: [EpochRecord],
        bestEpoch: Int
    ) {
        self.model = model
        self.userGraph = userGraph
        self.refinesUserGraph = refinesUserGraph
        self.epochs = epochs
        self.bestEpoch = bestEpoch
    }
}

/// The fourth stage: trains a generative recommender in which individual and group interests keep correcting each
/// other (method, step 3). The default is `AlternatingBatchOptimizer`.
public protocol IterativeOptimizer: Sendable {
    /// Trains a recommender.
    func optimize(_ request: OptimizationRequest) async throws -> OptimizationResult
}
