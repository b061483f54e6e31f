public import ISRFCore
public import ISRFData
public import ISRFInteractionGraph
internal import ISRFNumerics
public import ISRFOptimization
public import ISRFReasoning
public import ISRFUserGraph
public import Logging

/// Runs the four stages and gives a fitted `Recommender`.
///
/// Every stage can be replaced by one of the host's own; whatever is not given is the default, which needs no network.
///
/// ```swift
/// let pipeline = RecommenderPipeline(reasoner: MyReasoner())
/// let recommender = try await pipeline.fit(catalogue: catalogue, log: log)
/// ```
public struct RecommenderPipeline: Sendable {
    /// What the default stages are set to, the seed and the threads.
    public var configuration: ISRFConfiguration
    /// The first stage: what is each item and for whom.
    public var reasoner: any SemanticReasoner
    /// Turns what was reasoned into vectors.
    public var encoder: any TextEncoder
    /// The second stage: explicit individual interests.
    public var interactionGraph: any InteractionGraph
    /// The third stage: implicit group interests.
    public var userGraphBuilder: any UserGraphBuilder
    /// The fourth stage: trains the generative recommender.
    public var optimizer: any IterativeOptimizer
    /// Where learning how much each view counts begins; a view without a term has no part in the score.
    public var initialWeights = ScoreWeights.initial
    /// Whether a gate over the views is learned as well (`ScoreWeights.gate`).
    public var learnsGate = true
    /// Receives progress.
    public var progress: ProgressHandler?
    /// Receives what is worth knowing afterwards.
    public var logger: Logger

    /// Creates a pipeline; stages that are left out are the defaults as the configuration sets them.
    public init(
        configuration: ISRFConfiguration = .init(), reasoner: (any SemanticReasoner)? = nil,
        encoder: (any TextEncoder)? = nil, interactionGraph: (any InteractionGraph)? = nil,
        userGraphBuilder: (any UserGraphBuilder)? = nil, optimizer: (any IterativeOptimizer)? = nil,
        progress: ProgressHandler? = nil, logger: Logger = Logger(label: "ISRFKit")
    ) {
        let parallelism = configuration.parallelism
        self.configuration = configuration
        self.reasoner = reasoner ?? AttributeReasoner(configuration: configuration.reasoning.attributes)
        self.encoder =
            encoder
            ?? LatentSemanticEncoder(configuration: configuration.reasoning.encoder, parallelism: parallelism)
        self.interactionGraph =
            interactionGraph
            ?? LightGCNInteractionGraph(
                layers: configuration.graph.layers, transitions: configuration.graph.transitions)
        self.userGraphBuilder = userGraphBuilder ?? CosineUserGraphBuilder(parallelism: parallelism)
        self.optimizer =
            optimizer ?? AlternatingBatchOptimizer(model: configuration.model, training: configuration.training)
        self.progress = progress
        self.logger = logger
    }

    /// Fits a recommender for use: every user's last item chooses the epochs and the weights of the views, then
    /// everything is fitted again with those items included.
    /// - Throws: `ISRFError`, what a stage throws, or `CancellationError`.
    public func fit(catalogue: Catalogue, log: InteractionLog) async throws -> Recommender {
        try check(catalogue, log)
        var cases: [LeaveOneOutSplit.Case] = []
        let histories = log.histories.enumerated().map { user, history -> [Int] in
            guard history.count >= 3, let target = history.last else { return history }
            let rest = Array(history.dropLast())
            cases.append(LeaveOneOutSplit.Case(user: user, history: rest, target: target))
            return rest
        }
        let training = try InteractionLog(users: log.users, histories: histories, itemCount: log.itemCount)
        let chosen = try await fit(catalogue, training, validation: cases, epochs: nil, weights: nil)
        guard !cases.isEmpty else { return chosen }
        logger.info(
            "Chose the epochs on validation; fitting on everything.",
            metadata: ["epochs": "\(chosen.training.bestEpoch)"])
        var final = try await fit(
            catalogue, log, validation: [], epochs: chosen.training.bestEpoch, weights: chosen.scorer.weights)
        final.training.epochs = chosen.training.epochs
        final.training.bestEpoch = chosen.training.bestEpoch
        final.training.validationNDCG10 = chosen.training.validationNDCG10
        return final
    }

    /// Fits the recommender that the evaluation protocol measures: on the training part of a split alone, with its
    /// validation cases to choose the epochs and the weights of the views. Test cases are not read.
    /// - Throws: `ISRFError`, what a stage throws, or `CancellationError`.
    public func fit(catalogue: Catalogue, split: LeaveOneOutSplit) async throws -> Recommender {
        try check(catalogue, split.log)
        return try await fit(
            catalogue, split.training, validation: split.cases(.validation), epochs: nil, weights: nil)
    }

    private func check(_ catalogue: Catalogue, _ log: InteractionLog) throws {
        try configuration.validate()
        guard catalogue.count == log.itemCount else {
            throw ISRFError(
                .invalidData,
                "The log was made for \(log.itemCount) items but the catalogue has \(catalogue.count). "
                    + "Make the log from the same catalogue.")
        }
    }

    private func fit(
        _ catalogue: Catalogue, _ training: InteractionLog, validation: [LeaveOneOutSplit.Case], epochs: Int?,
        weights: ScoreWeights?
    ) async throws -> Recommender {
        let parallelism = configuration.parallelism
        let reasoned = try await reasoned(catalogue, training)
        let (profiles, encoder) = (reasoned.profiles, reasoned.encoder)
        let (itemVectors, userVectors) = (reasoned.itemVectors, reasoned.userVectors)
        report("Building graphs", 0, 2)
        let graph = try await interactionGraph.validatedGraph(
            for: InteractionGraphRequest(training: training, itemVectors: itemVectors, parallelism: parallelism))
        report("Building graphs", 1, 2)
        let users = try await userGraphBuilder.validatedGraph(
            for: UserGraphRequest(users: userVectors, neighbourCount: configuration.users.neighbours))
        let earlier = try await earlierGroups(
            finder: GroupFinder(
                stage: reasoned.stage, encoder: encoder, builder: userGraphBuilder, catalogue: catalogue,
                itemProfiles: profiles.items, neighbourCount: configuration.users.neighbours),
            training: training, userVectors: userVectors)
        report("Building graphs", 2, 2)

        guard let statistics = reasoned.stage.fallback.statistics else {
            preconditionFailure("a prepared reasoner has statistics")
        }
        let result = try await optimizer.validatedResult(
            for: OptimizationRequest(
                training: training, itemVectors: itemVectors, userVectors: userVectors, statistics: statistics,
                interactionGraph: graph, userGraph: users, userGraphBuilder: userGraphBuilder,
                earlierUserVectors: earlier?.vectors, earlierUserGraph: earlier?.graph, validation: validation,
                epochs: epochs, seed: configuration.seed, parallelism: parallelism,
                progress: progress))
        let views = DirectViews(
            configuration: configuration.views, transitions: graph.transitions.matrix, textVectors: itemVectors,
            attributes: statistics.vocabulary.tfidf(), training: training)
        var scorer = RecommendationScorer(
            model: result.model, views: views, weights: weights ?? initialWeights, parallelism: parallelism)
        var summary = TrainingSummary(
            epochs: result.epochs, bestEpoch: result.bestEpoch, failedItems: profiles.failedItems,
            failedUsers: profiles.failedUsers, validationNDCG10: nil,
            reasoner: StageName.of(reasoner), encoder: StageName.of(self.encoder),
            profiles: (reasoned.stage.reasoner as? ProfiledReasoner)?.coverage)
        if weights == nil, !validation.isEmpty {
            let learned = try await configuration.weighing.learner(gates: learnsGate).learn(
                scorer, cases: validation, groups: result.userGraph.neighbours, seed: configuration.seed,
                progress: progress)
            scorer.weights = learned.weights
            summary.validationNDCG10 = learned.ndcg10
        }
        return try Recommender(
            configuration: configuration, catalogue: catalogue, fittedItemCount: catalogue.count, log: training,
            itemProfiles: profiles.items, userProfiles: profiles.users, userVectors: userVectors,
            interactions: graph.interactions, transitions: graph.transitions, userGraph: result.userGraph,
            refinesUserGraph: result.refinesUserGraph, userGraphBuilder: userGraphBuilder, encoder: encoder,
            reasoner: reasoned.stage.reasoner, fallback: reasoned.stage.fallback, scorer: scorer, training: summary)
    }

    /// What the first stage makes of a catalogue and a training log.
    struct Reasoned {
        var stage: ReasoningStage
        var profiles: ReasoningStage.Outcome
        var encoder: any TextEncoder
        var itemVectors: Matrix
        var userVectors: Matrix
    }

    /// Runs the first stage: reasons about items and users and turns what was reasoned into vectors.
    func reasoned(_ catalogue: Catalogue, _ training: InteractionLog) async throws -> Reasoned {
        let evidence = ReasoningEvidence(catalogue: catalogue, training: training)
        let fallback = try AttributeReasoner(configuration: configuration.reasoning.attributes)
            .reasoner(for: evidence)
        let stage = ReasoningStage(
            reasoner: try await reasoner.prepared(for: evidence), fallback: fallback,
            configuration: configuration.reasoning, progress: progress, logger: logger)
        let profiles = try await stage.run(catalogue, training)
        try Task.checkCancellation()
        report("Encoding profiles", 0, 2)
        let itemTexts = zip(catalogue.items, profiles.items).map { ItemDocument.text(for: $0, profile: $1) }
        let encoder = try await encoder.fitted(to: itemTexts)
        let itemVectors = try await encoder.validatedVectors(of: itemTexts)
        report("Encoding profiles", 1, 2)
        let userVectors = try await encoder.validatedVectors(of: profiles.users.map { UserDocument.text(for: $0) })
        report("Encoding profiles", 2, 2)
        return Reasoned(
            stage: stage, profiles: profiles, encoder: encoder, itemVectors: itemVectors, userVectors: userVectors)
    }

    /// What was known of every user and the group before the last training item; nil when users are reasoned about only
    /// once.
    private func earlierGroups(
        finder: GroupFinder, training: InteractionLog, userVectors: Matrix
    ) async throws -> (vectors: Matrix, graph: UserGraph)? {
        guard finder.stage.reasoner.reasonsOnDemand, finder.neighbourCount > 0 else { return nil }
        let profiles = try await finder.profiles(
            users: training.users.identifiers, histories: training.histories.map { Array($0.dropLast()) })
        let vectors = try await finder.vectors(of: profiles)
        let graph = try await finder.groups(
            vectors, owners: Array(0..<training.userCount), candidates: userVectors)
        return (vectors, graph)
    }

    private func report(_ activity: String, _ completed: Int, _ total: Int) {
        progress?(ProgressReport(activity: activity, completed: completed, total: total, unit: "steps"))
    }
}
