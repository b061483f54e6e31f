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
    /// Reasons about new items and unknown users, prepared anew on loading; left out, attributes are reasoned from,
    /// whatever the model was fitted with.
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
    /// - Throws: `ISRFError` (`fileAccess`) when there is no such directory, (`invalidModel`) when a file is missing,
    ///   shortened, changed, inconsistent or from a newer version, (`invalidConfiguration`) when `threads` is out of
    ///   range; what the host's stages throw.
    public static func load(
        from directory: URL, stages: HostStages = .init(), threads: Int? = nil
    ) async throws -> Recommender {
        let manifest = try ModelManifest(directory: directory.path)
        let files = try ModelReader(directory: directory).verifiedFiles(manifest)
        let tensors = try Safetensors.decode(
            files[ModelFiles.weights] ?? Data(), file: directory.appendingPathComponent(ModelFiles.weights).path)
        let reader = TensorReader(
            tensors: tensors, file: directory.appendingPathComponent(ModelFiles.weights).path)
        var description: SavedDescription = try ModelReader.json(files, ModelFiles.description, directory)
        let items: [Item] = try ModelReader.json(files, ModelFiles.items, directory)
        let interactions: SavedInteractions = try ModelReader.json(files, ModelFiles.interactions, directory)
        let profiles: SavedProfiles = try ModelReader.json(files, ModelFiles.profiles, directory)
        let (catalogue, log, evidence) = try consistent(directory) {
            try description.configuration.validate()
            try description.weights.validate()
            let catalogue = try Catalogue(items: items)
            let log = try InteractionLog(
                users: IdentifierMap(interactions.users), histories: interactions.histories,
                itemCount: catalogue.count)
            guard manifest.items == catalogue.count, manifest.users == log.userCount,
                manifest.interactions == log.interactionCount, profiles.items.count == catalogue.count,
                profiles.users.count == log.userCount
            else {
                throw ISRFError(.invalidModel, "The model's parts count items, users or interactions differently.")
            }
            guard manifest.reasoner == description.training.reasoner, manifest.encoder == description.training.encoder
            else {
                throw ISRFError(.invalidModel, "The manifest names another reasoner or text encoder than the model.")
            }
            guard (1...catalogue.count).contains(description.fittedItemCount) else {
                throw ISRFError(.invalidModel, "The model was fitted on a number of items that it does not have.")
            }
            // Items that were added later had no part in what was learned.
            let evidence = ReasoningEvidence(
                catalogue: try Catalogue(items: Array(items.prefix(description.fittedItemCount))),
                training: try InteractionLog(
                    users: log.users, histories: log.histories,
                    itemCount: description.fittedItemCount))
            return (catalogue, log, evidence)
        }
        if let threads { description.configuration.threads = threads }
        let configuration = description.configuration
        try configuration.validate()
        let parallelism = configuration.parallelism
        let fallback = try AttributeReasoner(configuration: configuration.reasoning.attributes)
            .reasoner(for: evidence)
        let textVectors = try reader.matrix("texts.items", rows: catalogue.count)
        let userVectors = try reader.matrix("texts.users", rows: log.userCount)
        let matrix = try reader.sparse("transitions", rows: catalogue.count, columns: catalogue.count)
        let attributes = try reader.sparse("attributes", rows: catalogue.count)
        let views = DirectViews(
            configuration: configuration.views, transitions: matrix, textVectors: textVectors,
            attributes: attributes, training: log, knownItemCount: evidence.catalogue.count)
        let model = try restoredModel(description, reader.state(prefix: "model."), stages, parallelism)
        let reasoner = try await stages.reasoner?.prepared(for: evidence) ?? fallback
        let encoder = try consistent(directory) { try restoredEncoder(description, reader, stages, parallelism) }
        let userGraph = try reader.userGraph(users: log.userCount)
        return try consistent(directory) {
            guard model.itemVectors.rows == catalogue.count else {
                throw ISRFError(.invalidModel, "The generative model is of another number of items.")
            }
            // Asks about the last user, whom a model of fewer users does not know.
            _ = try model.generate(
                GenerationRequest(
                    histories: [[]], groups: [log.userCount == 0 ? [] : [.init(user: log.userCount - 1, weight: 1)]]))
            return try Recommender(
                configuration: configuration, catalogue: catalogue, fittedItemCount: evidence.catalogue.count,
                log: log, itemProfiles: profiles.items, userProfiles: profiles.users, userVectors: userVectors,
                interactions: BipartiteInteractions(log), transitions: ItemTransitions(matrix: matrix),
                userGraph: userGraph, refinesUserGraph: description.refinesUserGraph,
                userGraphBuilder: stages.userGraphBuilder ?? CosineUserGraphBuilder(parallelism: parallelism),
                encoder: encoder, reasoner: reasoner, fallback: fallback,
                scorer: RecommendationScorer(
                    model: model, views: views, weights: description.weights, parallelism: parallelism),
                training: description.training)
        }
    }

    /// Says of whatever is wrong with a model's parts that the model is damaged.
    private static func consistent<Value>(_ directory: URL, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as ISRFError where error.code == .invalidModel {
            throw error
        } catch {
            throw ISRFError(
                .invalidModel, "The model's parts contradict each other or are out of their range.",
                at: .init(file: directory.path), underlying: error)
        }
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
                state: LatentSemanticEncoder.State(description: saved, matrices: try reader.state(prefix: "encoder.")),
                parallelism: parallelism)
        case .host:
            throw ISRFError(
                .invalidModel,
                "The model was fitted with a text encoder of the host's own; pass it as `HostStages.encoder`.")
        }
    }
}
