public import ISRFCore
public import ISRFNumerics

/// A generative recommender that writes the next item token by token, from what a trained model says about a user.
///
/// The trained model (the trunk) reads the history and the group; the sum of its sequence, individual and group
/// queries is the user's state, as it is for whole items. The decoder goes on from there. The log-probability of an
/// item is the sum of those of its tokens, each under a softmax over all tokens of its place: it does not depend on
/// which items may come out, and token sequences that no item has take their share.
public struct SemanticIdentifierModel: Sendable {
    /// What reads histories and groups.
    public let trunk: any GenerativeModel
    /// How items are written.
    public let vocabulary: SemanticIdentifierVocabulary
    /// The shape of the decoder.
    public let configuration: SemanticIdentifierConfiguration
    /// All items' token sequences.
    public let trie: PrefixTrie
    /// How heavy work is divided over threads.
    public var parallelism: Parallelism
    private let parameters: [String: Matrix]

    init(
        trunk: any GenerativeModel, vocabulary: SemanticIdentifierVocabulary,
        configuration: SemanticIdentifierConfiguration, parameters: [String: Matrix], parallelism: Parallelism
    ) throws {
        self.trunk = trunk
        self.vocabulary = vocabulary
        self.configuration = configuration
        self.parameters = parameters
        self.parallelism = parallelism
        trie = try PrefixTrie(vocabulary: vocabulary, itemCount: vocabulary.itemCount)
    }

    /// The most likely next items by beam search, several users at once.
    /// - Parameters:
    ///   - request: The histories and the groups.
    ///   - count: How many items for each history, at most.
    ///   - beamWidth: How many prefixes are kept at each level; at least `count` are.
    ///   - filters: For each history which items may come out; by default all of them, those of the history included.
    /// - Returns: For each history the items found, best first.
    /// - Throws: `ISRFError` (`notFound`) when a history or group names an index that does not exist,
    ///   (`invalidConfiguration`) when the beam is narrower than 1; `CancellationError` within a level of being cancelled.
    public func recommend(
        _ request: GenerationRequest, count: Int, beamWidth: Int = 50, filters: [ItemFilter]? = nil
    ) throws -> [[BeamSearch.Candidate]] {
        precondition(
            filters == nil || filters?.count == request.histories.count, "there is not one filter for each history")
        try require(beamWidth >= 1, "beamWidth", "at least 1", beamWidth)
        let search = try BeamSearch(trie: trie, width: min(max(beamWidth, count), trie.itemCount))
        // So many users at a time that a level has a few thousand prefixes.
        let block = max(1, 4096 / search.width)
        var found: [[BeamSearch.Candidate]] = []
        for start in stride(from: 0, to: request.histories.count, by: block) {
            let range = start..<min(start + block, request.histories.count)
            let states = try states(request, range)
            found += try search.search(
                range.count, scorer: scorer(of: states), filters: filters.map { Array($0[range]) })
        }
        return found.map { Array($0.prefix(max(0, count))) }
    }

    /// The log-probabilities of given items, in nats: the sums over their tokens.
    /// - Parameters:
    ///   - request: The histories and the groups.
    ///   - items: For each history the items to score.
    /// - Returns: For each history the log-probability of each of its items.
    /// - Throws: `ISRFError` (`notFound`) when a history, a group or `items` names an index that does not exist.
    public func logProbabilities(_ request: GenerationRequest, items: [[Int]]) throws -> [[Float]] {
        precondition(items.count == request.histories.count, "there are not items for each history")
        if let item = items.joined().first(where: { $0 < 0 || $0 >= vocabulary.itemCount }) {
            throw ISRFError(
                .notFound, "There is no item with the index \(item); the vocabulary has \(vocabulary.itemCount).")
        }
        let states = try states(request, request.histories.indices)
        let pairs = items.enumerated().flatMap { row, items in items.map { (row, $0) } }
        var values: [Float] = []
        for start in stride(from: 0, to: pairs.count, by: 4096) {
            try Task.checkCancellation()
            let block = pairs[start..<min(start + 4096, pairs.count)]
            values += network.logProbabilities(of: block.map(\.1), states: states.selectingRows(block.map(\.0)))
        }
        var next = values[...]
        return items.map { items in
            defer { next = next.dropFirst(items.count) }
            return Array(next.prefix(items.count))
        }
    }

    /// What beam search decodes, for some states of users: one row for each, as wide as the trunk's queries.
    ///
    /// It keeps what longer prefixes read of shorter ones, so give each search one of its own.
    public func scorer(of states: Matrix) -> some NextTokenScorer {
        SemanticIdentifierScorer(states: states, model: self)
    }

    /// The states of some users: the sums of the trunk's queries, one row for each history.
    /// - Throws: What the trunk throws.
    public func states(_ request: GenerationRequest) throws -> Matrix {
        try trunk.generate(request).combinedQueries
    }

    private func states(_ request: GenerationRequest, _ range: Range<Int>) throws -> Matrix {
        try states(
            GenerationRequest(histories: Array(request.histories[range]), groups: Array(request.groups[range])))
    }

    /// The decoder on a tape of its own.
    var network: SemanticIdentifierNetwork {
        SemanticIdentifierNetwork(
            configuration: configuration, vocabulary: vocabulary, constants: parameters, parallelism: parallelism)
    }
}

extension SemanticIdentifierModel {
    /// An untrained decoder: token vectors are the quantiser's centres, and the other weights are drawn.
    package init(
        untrainedOn trunk: any GenerativeModel, vocabulary: SemanticIdentifierVocabulary, quantizer: ResidualQuantizer,
        configuration: SemanticIdentifierConfiguration = .init(), seed: UInt64, parallelism: Parallelism = .serial
    ) throws {
        let width = trunk.itemVectors.columns
        try configuration.validate(width: width)
        let parameters = SemanticIdentifierNetwork.parameters(
            configuration, vocabulary: vocabulary, width: width, codebooks: quantizer.codebooks, seed: seed)
        try self.init(
            trunk: trunk, vocabulary: vocabulary, configuration: configuration, parameters: parameters.state,
            parallelism: parallelism)
    }

    /// What the decoder's weights take of memory, in bytes; those of the trunk are not counted.
    public var decoderByteCount: Int {
        parameters.values.reduce(0) { $0 + $1.elements.count * MemoryLayout<Float>.stride }
    }

    /// The decoder's weights by name; the trunk and the vocabulary are saved for themselves.
    public func state() -> [String: Matrix] { parameters }

    /// Restores a model.
    /// - Parameters:
    ///   - trunk: The model that the decoder was trained with.
    ///   - state: What `state()` gave.
    /// - Throws: `ISRFError` (`invalidModel`) when a matrix is missing or has another shape than configuration,
    ///   vocabulary and trunk demand; (`invalidConfiguration`).
    public init(
        trunk: any GenerativeModel, vocabulary: SemanticIdentifierVocabulary,
        configuration: SemanticIdentifierConfiguration, state: [String: Matrix], parallelism: Parallelism = .serial
    ) throws {
        let width = trunk.itemVectors.columns
        try configuration.validate(width: width)
        let expected = SemanticIdentifierNetwork.parameters(
            configuration, vocabulary: vocabulary, width: width, codebooks: [], seed: 0
        ).state
        var parameters: [String: Matrix] = [:]
        for (name, shape) in expected {
            guard let matrix = state[name], matrix.rows == shape.rows, matrix.columns == shape.columns else {
                throw ISRFError(.invalidModel, "The decoder's weight \"\(name)\" is missing or has another shape.")
            }
            parameters[name] = matrix
        }
        try self.init(
            trunk: trunk, vocabulary: vocabulary, configuration: configuration, parameters: parameters,
            parallelism: parallelism)
    }
}
