public import ISRFCore
public import ISRFData
internal import ISRFNumerics
internal import ISRFUserGraph

/// The default optimiser: batches of the three tasks take turns, so that neither view is ever trained alone
/// (method, step 3).
///
/// - *Sequential*: the next item at every position of the histories, a softmax over the whole catalogue. Individual
///   and group vectors both move.
/// - *Direct*: the positive among sampled negatives from individual and group vectors alone. The individual side is
///   constant: explicit interests guide the group.
/// - *Explanation*: which attributes tie a user to an item. The individual side is constant as well.
///
/// Each batch's loss is the task's loss plus the soft contrastive alignment of individual and group vectors. What
/// a batch predicts is never in the graph that it reads: the edges of its own users are left out.
public struct AlternatingBatchOptimizer: IterativeOptimizer {
    /// The shape of the generative model.
    public var model: GenerativeConfiguration
    /// The training schedule.
    public var training: OptimizerConfiguration

    /// Creates an optimiser.
    public init(model: GenerativeConfiguration = .init(), training: OptimizerConfiguration = .init()) {
        self.model = model
        self.training = training
    }

    /// Trains the model; stops early when validation says so and keeps the best weights.
    /// - Throws: `ISRFError` (`invalidConfiguration`, `invalidData`, `numericalFailure`), or `CancellationError`
    ///   within a batch of being cancelled.
    public func optimize(_ request: OptimizationRequest) async throws -> OptimizationResult {
        try model.validate()
        try training.validate()
        guard request.training.histories.contains(where: { $0.count >= 2 }) else {
            throw ISRFError(
                .invalidData,
                "No user has two training interactions, so there is no next item to learn from. Give longer histories.")
        }
        var session = TrainingSession(request: request, model: model, configuration: training)
        var records: [EpochRecord] = []
        var best: (epoch: Int, score: Double, model: TransformerGenerativeModel)?
        let last = min(request.epochs ?? training.epochs, training.epochs)
        let clock = ContinuousClock()
        var userGraph = request.userGraph
        for epoch in 1...last {
            let start = clock.now
            let round = (epoch - 1) * training.rounds / training.epochs
            if epoch > 1, round != (epoch - 2) * training.rounds / training.epochs {
                userGraph = try await rebuiltGraph(session, request)
                session.groups = userGraph.neighbours.map { Array($0.prefix(training.neighbourCount)) }
            }
            let losses = try await session.runEpoch(epoch)
            var record = EpochRecord(epoch: epoch, losses: losses, validationNDCG10: nil, seconds: 0)
            if !request.validation.isEmpty {
                let current = try session.snapshot()
                let score = try await ValidationRanker(
                    model: current, groups: session.groups, parallelism: request.parallelism
                ).ndcg10(request.validation)
                record.validationNDCG10 = score
                if request.epochs == nil, score > best?.score ?? -1 { best = (epoch, score, current) }
            }
            record.seconds = Double((clock.now - start) / .seconds(1))
            records.append(record)
            if let best, epoch - best.epoch >= training.patience { break }
        }
        if let best {
            return OptimizationResult(model: best.model, userGraph: userGraph, epochs: records, bestEpoch: best.epoch)
        }
        return OptimizationResult(
            model: try session.snapshot(), userGraph: userGraph, epochs: records, bestEpoch: records.count)
    }

    /// The user graph among refined individual vectors beside what was reasoned about the users.
    private func rebuiltGraph(_ session: TrainingSession, _ request: OptimizationRequest) async throws -> UserGraph {
        let refined = try session.snapshot().individualVectors(histories: request.training.histories)
        let reasoned = request.userVectors
        let joined = Matrix(
            (0..<refined.rows).map { row in refined.row(row) + reasoned.row(row) })
        return try await request.userGraphBuilder.build(
            UserGraphRequest(users: joined.normalizedRows(), neighbourCount: training.neighbourCount))
    }
}
