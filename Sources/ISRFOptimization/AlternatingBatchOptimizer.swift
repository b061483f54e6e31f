internal import ISRFCore
internal import ISRFData
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
    /// Whether the views of the model predict together in a sequential batch.
    ///
    /// When false, each view has a loss of its own there, as if it were the only one, and items' vectors learn from the
    /// sequence alone: what one view knows never reaches another.
    public var trainsViewsTogether: Bool

    /// Creates an optimiser.
    public init(
        model: GenerativeConfiguration = .init(), training: OptimizerConfiguration = .init(),
        trainsViewsTogether: Bool = true
    ) {
        self.model = model
        self.training = training
        self.trainsViewsTogether = trainsViewsTogether
    }

    /// Trains the model; stops early when validation says so and keeps the best weights.
    /// - Throws: `ISRFError` (`invalidConfiguration`, `invalidData`, `numericalFailure`), or `CancellationError`
    ///   within a batch of being cancelled.
    public func optimize(_ request: OptimizationRequest) async throws -> OptimizationResult {
        try model.validate()
        try training.validate()
        try request.validate()
        guard request.training.histories.contains(where: { $0.count >= 2 }) else {
            throw ISRFError(
                .invalidData,
                "No user has two training interactions, so there is no next item to learn from. Give longer histories.")
        }
        var session = TrainingSession(
            request: request, model: model, configuration: training, trainsViewsTogether: trainsViewsTogether)
        var records: [EpochRecord] = []
        var best: (epoch: Int, score: Double, model: TransformerGenerativeModel)?
        let last = min(request.epochs ?? training.epochs, training.epochs)
        let clock = ContinuousClock()
        var userGraph = request.userGraph
        for epoch in 1...last {
            let start = clock.now
            if round(ofEpoch: epoch) > round(ofEpoch: epoch - 1) {
                (userGraph, session.groups) = try await refinedGroups(try session.snapshot(), request)
            }
            let losses = try await session.runEpoch(epoch)
            var record = EpochRecord(epoch: epoch, losses: losses, validationNDCG10: nil, seconds: 0)
            if !request.validation.isEmpty {
                let current = try session.snapshot()
                let score = try await ValidationRanker(
                    model: current, groups: userGraph.neighbours, parallelism: request.parallelism
                ).ndcg10(request.validation)
                record.validationNDCG10 = score
                request.progress?(
                    ProgressReport(
                        activity: "Validated", completed: epoch, total: last, unit: "epochs",
                        detail: "NDCG@10 " + decimal(score, digits: 4)))
                if request.epochs == nil, score > best?.score ?? -1 { best = (epoch, score, current) }
            }
            record.seconds = Double((clock.now - start) / .seconds(1))
            records.append(record)
            if let best, epoch - best.epoch >= training.patience { break }
        }
        let model = try best?.model ?? session.snapshot()
        if training.rounds > 1 { userGraph = try await refinedGroups(model, request).all }
        return OptimizationResult(
            model: model, userGraph: userGraph, refinesUserGraph: training.rounds > 1, epochs: records,
            bestEpoch: best?.epoch ?? records.count)
    }

    /// The round that an epoch belongs to, from 0; the epochs are divided evenly.
    private func round(ofEpoch epoch: Int) -> Int { max(0, epoch - 1) * training.rounds / training.epochs }

    /// The user graph among what was reasoned about the users joined by the model's individual vectors, and the groups
    /// that training may read.
    private func refinedGroups(
        _ model: TransformerGenerativeModel, _ request: OptimizationRequest
    ) async throws -> (all: UserGraph, training: [[UserGraph.Neighbour]]) {
        let histories = request.training.histories
        let count = request.userGraph.neighbours.reduce(0) { max($0, $1.count) }
        let users = try model.joinedUserVectors(reasoned: request.userVectors, histories: histories)
        let all = try await request.userGraphBuilder.validatedGraph(
            for: UserGraphRequest(users: users, neighbourCount: count))
        guard let earlier = request.earlierUserVectors else { return (all, all.neighbours) }
        let graph = try await request.userGraphBuilder.validatedGraph(
            for: UserGraphRequest(
                queries: try model.joinedUserVectors(
                    reasoned: earlier, histories: histories.map { Array($0.dropLast()) }),
                among: users, owners: Array(histories.indices), neighbourCount: count))
        return (all, graph.neighbours)
    }
}
