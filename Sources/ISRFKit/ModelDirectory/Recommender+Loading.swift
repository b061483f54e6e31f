public import Foundation
internal import ISRFCore
internal import ISRFData
internal import ISRFInteractionGraph
public import ISRFNumerics
public import ISRFOptimization
public import ISRFReasoning
public import ISRFUserGraph

/// The host's own stages, which a loaded recommender needs again; what is left out is the default.
public struct HostStages: Sendable {
    /// Reasons about new items and unknown users.
    public var reasoner: (any SemanticReasoner)?
    /// Encodes new items and unknown users; the one that the model was fitted with, already fitted.
    public var encoder: (any TextEncoder)?
    /// Finds similar users of unknown users.
    public var userGraphBuilder: (any UserGraphBuilder)?
    /// Restores a generative model of the host's own from its state.
    public var model: (@Sendable ([String: Matrix]) throws -> any GenerativeModel)?

    /// Creates a choice of stages.
    public init(
        reasoner: (any SemanticReasoner)? = nil, encoder: (any TextEncoder)? = nil,
        userGraphBuilder: (any UserGraphBuilder)? = nil,
        model: (@Sendable ([String: Matrix]) throws -> any GenerativeModel)? = nil
    ) {
        self.reasoner = reasoner
        self.encoder = encoder
        self.userGraphBuilder = userGraphBuilder
        self.model = model
    }
}

extension Recommender {
    /// Loads a model directory; the recommendations are the same as those of the recommender that was saved.
    /// - Parameters:
    ///   - directory: What `save(to:)` wrote.
    ///   - stages: The host's own stages, when the model was fitted with some.
    ///   - threads: Threads for heavy work; nil for what the configuration says.
    /// - Throws: `ISRFError` (`fileAccess`, `invalidModel`) when a file is missing, shortened, changed, inconsistent or
    ///   from a newer version.
    public static func load(
        from directory: URL, stages: HostStages = .init(), threads: Int? = nil
    ) async throws -> Recommender {
        let files = try ModelReader(directory: directory).verifiedFiles()
        let tensors = try Safetensors.decode(
            files[ModelFiles.weights] ?? Data(), file: directory.appendingPathComponent(ModelFiles.weights).path)
        let reader = TensorReader(tensors: tensors, file: directory.path)
        var description: SavedDescription = try ModelReader.json(files, ModelFiles.description, directory)
        let items: [Item] = try ModelReader.json(files, ModelFiles.items, directory)
        let interactions: SavedInteractions = try ModelReader.json(files, ModelFiles.interactions, directory)
        let profiles: SavedProfiles = try ModelReader.json(files, ModelFiles.profiles, directory)
        if let threads { description.configuration.threads = threads }
        let configuration = description.configuration
        let parallelism = configuration.parallelism
        let catalogue = try Catalogue(items: items)
        let log = try InteractionLog(
            users: IdentifierMap(interactions.users), histories: interactions.histories, itemCount: catalogue.count)
        let evidence = ReasoningEvidence(catalogue: catalogue, training: log)
        let fallback = try AttributeReasoner(configuration: configuration.reasoning.attributes)
            .reasoner(for: evidence)
        let textVectors = try reader.matrix("texts.items", rows: catalogue.count)
        let userVectors = try reader.matrix("texts.users", rows: log.userCount)
        let matrix = try reader.transitions(items: catalogue.count)
        let views = DirectViews(
            configuration: configuration.views, transitions: matrix, textVectors: textVectors, training: log)
        let model = try restoredModel(description, reader.state(prefix: "model."), stages, parallelism)
        guard model.itemVectors.rows == catalogue.count,
            profiles.items.count == catalogue.count, profiles.users.count == log.userCount
        else {
            throw ISRFError(
                .invalidModel, "The model's parts contradict each other: they count items or users differently.",
                at: .init(file: directory.path))
        }
        return try Recommender(
            configuration: configuration, catalogue: catalogue, log: log, itemProfiles: profiles.items,
            userProfiles: profiles.users, userVectors: userVectors, interactions: BipartiteInteractions(log),
            transitions: ItemTransitions(matrix: matrix), userGraph: try reader.userGraph(users: log.userCount),
            refinesUserGraph: description.refinesUserGraph,
            userGraphBuilder: stages.userGraphBuilder ?? CosineUserGraphBuilder(parallelism: parallelism),
            encoder: try restoredEncoder(description, reader, stages, parallelism),
            reasoner: stages.reasoner ?? fallback, fallback: fallback,
            scorer: RecommendationScorer(
                model: model, views: views, weights: description.weights, parallelism: parallelism),
            training: description.training)
    }

    private static func restoredModel(
        _ description: SavedDescription, _ state: [String: Matrix], _ stages: HostStages, _ parallelism: Parallelism
    ) throws -> any GenerativeModel {
        if let restore = stages.model { return try restore(state) }
        guard description.usesDefaultModel else {
            throw ISRFError(
                .invalidModel,
                "The model was trained by an optimizer of the host's own; pass `HostStages.model` to restore it.")
        }
        return try TransformerGenerativeModel(
            configuration: description.configuration.model, state: state, parallelism: parallelism)
    }

    private static func restoredEncoder(
        _ description: SavedDescription, _ reader: TensorReader, _ stages: HostStages, _ parallelism: Parallelism
    ) throws -> any TextEncoder {
        if let encoder = stages.encoder { return encoder }
        switch description.encoder {
        case .latentSemantic(let saved):
            return try LatentSemanticEncoder(
                state: LatentSemanticEncoder.State(description: saved, matrices: reader.state(prefix: "encoder.")),
                parallelism: parallelism)
        case .host:
            throw ISRFError(
                .invalidModel,
                "The model was fitted with a text encoder of the host's own; pass it as `HostStages.encoder`.")
        }
    }
}
