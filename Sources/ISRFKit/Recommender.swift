internal import ISRFCore
public import ISRFData
public import ISRFInteractionGraph
internal import ISRFNumerics
public import ISRFOptimization
public import ISRFReasoning
public import ISRFUserGraph
internal import Logging

/// A fitted recommender: recommends items with reasons. Immutable and safe to use from many tasks at once.
///
/// Made by `RecommenderPipeline.fit`, or loaded from a model directory.
public struct Recommender: Sendable {
    /// What the recommender was fitted with.
    public let configuration: ISRFConfiguration
    /// The items that can be recommended.
    public let catalogue: Catalogue
    /// The users that are known and what they took: all that recommendations for them are made from.
    public let log: InteractionLog
    /// What was reasoned about each item, by item index.
    public let itemProfiles: [ItemProfile]
    /// What was reasoned about each user, by user index.
    public let userProfiles: [UserProfile]
    /// Who took what.
    public let interactions: BipartiteInteractions
    /// How items follow each other.
    public let transitions: ItemTransitions
    /// Each known user's similar users.
    public let userGraph: UserGraph
    /// How it came to be.
    public internal(set) var training: TrainingSummary

    // The items that were there at fitting come first; those after them were added.
    let fittedItemCount: Int
    // What was reasoned about each user of the log, as vectors.
    let userVectors: Matrix
    // What the user graph was made from: `userVectors`, or those joined by individual vectors.
    let groupCandidates: Matrix
    let refinesUserGraph: Bool
    let userGraphBuilder: any UserGraphBuilder
    let encoder: any TextEncoder
    let reasoner: any SemanticReasoner
    let fallback: AttributeReasoner
    private(set) var scorer: RecommendationScorer

    init(
        configuration: ISRFConfiguration, catalogue: Catalogue, fittedItemCount: Int, log: InteractionLog,
        itemProfiles: [ItemProfile], userProfiles: [UserProfile], userVectors: Matrix,
        interactions: BipartiteInteractions,
        transitions: ItemTransitions, userGraph: UserGraph, refinesUserGraph: Bool,
        userGraphBuilder: any UserGraphBuilder, encoder: any TextEncoder, reasoner: any SemanticReasoner,
        fallback: AttributeReasoner, scorer: RecommendationScorer, training: TrainingSummary
    ) throws {
        self.configuration = configuration
        self.catalogue = catalogue
        self.fittedItemCount = fittedItemCount
        self.log = log
        self.itemProfiles = itemProfiles
        self.userProfiles = userProfiles
        self.userVectors = userVectors
        self.interactions = interactions
        self.transitions = transitions
        self.userGraph = userGraph
        self.refinesUserGraph = refinesUserGraph
        groupCandidates =
            refinesUserGraph
            ? try scorer.model.joinedUserVectors(reasoned: userVectors, histories: log.histories) : userVectors
        self.userGraphBuilder = userGraphBuilder
        self.encoder = encoder
        self.reasoner = reasoner
        self.fallback = fallback
        self.scorer = scorer
        self.training = training
    }

    /// How much each view counts in the score.
    public var weights: ScoreWeights { scorer.weights }

    /// The same recommender with other weights of the views; views without a weight have no part in the score.
    public func weighing(_ weights: ScoreWeights) -> Recommender {
        var copy = self
        copy.scorer.weights = weights
        return copy
    }

    /// Recommends items to a known user: the best scores first, equal ones in the order of the catalogue.
    /// - Throws: `ISRFError` (`notFound`) when the user or an item of the options is not known, (`invalidConfiguration`)
    ///   when the count is negative.
    public func recommend(
        user: String, options: RecommendationOptions = .init()
    ) async throws -> [Recommendation] {
        try await recommend(users: [user], options: options)[0]
    }

    /// Recommends items to many known users.
    /// - Returns: One list for each user, in order.
    /// - Throws: `ISRFError` (`notFound`) when a user or an item of the options is not known; `CancellationError`.
    public func recommend(
        users: [String], options: RecommendationOptions = .init()
    ) async throws -> [[Recommendation]] {
        let indices = try users.map { try log.index(ofUser: $0) }
        return try await recommend(
            histories: indices.map { log.histories[$0] }, groups: indices.map { userGraph.neighbours[$0] }, options)
    }

    /// Recommends items to somebody of whom only a history is known; nothing is trained.
    /// - Parameter history: Item identifiers, oldest first; when it is empty, what most users took comes first.
    /// - Throws: `ISRFError` (`notFound`) when an item is not known.
    public func recommend(
        history: [String], options: RecommendationOptions = .init()
    ) async throws -> [Recommendation] {
        let indices = try history.map { try catalogue.index(of: $0) }
        let groups = try await groups(histories: [indices], owners: [nil])
        return try await recommend(histories: [indices], groups: groups, options)[0]
    }

    /// The group of each history: the users of the log who are most similar to somebody with that history.
    ///
    /// A known user whose history is the one that the recommender was fitted on has the group of the user graph.
    /// - Parameter owners: For each history the index of the known user whom it belongs to, if it does.
    func groups(histories: [[Int]], owners: [Int?]) async throws -> [[UserGraph.Neighbour]] {
        var groups = [[UserGraph.Neighbour]](repeating: [], count: histories.count)
        guard configuration.users.neighbours > 0 else { return groups }
        var asked: [Int] = []
        for (row, history) in histories.enumerated() {
            if let owner = owners[row], !reasoner.reasonsOnDemand || history == log.histories[owner] {
                groups[row] = userGraph.neighbours[owner]
            } else if !history.isEmpty {
                asked.append(row)
            }
        }
        guard !asked.isEmpty else { return groups }
        let selected = asked.map { histories[$0] }
        let profiles = try await groupFinder.profiles(
            users: asked.map { owners[$0].map { log.users[$0] } ?? "" }, histories: selected)
        let found = try await self.groups(of: profiles, histories: selected, owners: asked.map { owners[$0] })
        for (row, group) in zip(asked, found) { groups[row] = group }
        return groups
    }

    /// The group of each history that was reasoned about.
    func groups(
        of profiles: [UserProfile], histories: [[Int]], owners: [Int?]
    ) async throws -> [[UserGraph.Neighbour]] {
        let finder = groupFinder
        var vectors = try await finder.vectors(of: profiles)
        if refinesUserGraph {
            vectors = try scorer.model.joinedUserVectors(reasoned: vectors, histories: histories)
        }
        return try await finder.groups(vectors, owners: owners, candidates: groupCandidates).neighbours
    }

    var groupFinder: GroupFinder {
        GroupFinder(
            stage: ReasoningStage(
                reasoner: reasoner, fallback: fallback, configuration: configuration.reasoning, progress: nil,
                logger: Logger(label: "ISRFKit")),
            encoder: encoder, builder: userGraphBuilder, catalogue: catalogue, itemProfiles: itemProfiles,
            neighbourCount: configuration.users.neighbours, width: userVectors.columns)
    }

    private func recommend(
        histories: [[Int]], groups: [[UserGraph.Neighbour]], _ options: RecommendationOptions
    ) async throws -> [[Recommendation]] {
        try requireCount(options.count)
        let denied = Set(try options.deniedItems.map { try catalogue.index(of: $0) })
        let allowed = try options.allowedItems.map { Set(try $0.map { try catalogue.index(of: $0) }) }
        lazy var popularity = log.itemCounts().map { Float($0) }
        var answers: [[Recommendation]] = []
        for start in stride(from: 0, to: histories.count, by: 256) {
            try Task.checkCancellation()
            await Task.yield()
            let range = start..<min(start + 256, histories.count)
            let scores = try scorer.scores(histories: Array(histories[range]), groups: Array(groups[range]))
            for (row, index) in range.enumerated() {
                let values = scores.row(row)
                let mean = Float(values.reduce(into: 0.0) { $0 += Double($1) } / Double(max(1, values.count)))
                // Where nothing speaks for any item, as with an empty history, what many took comes first.
                var order = values.allSatisfy { $0 == values[0] } ? popularity : values
                if let allowed {
                    for item in order.indices where !allowed.contains(item) { order[item] = -.infinity }
                }
                for item in denied { order[item] = -.infinity }
                if !options.includesHistory {
                    for item in histories[index] { order[item] = -.infinity }
                }
                answers.append(
                    order.greatest(options.count).filter { $0.value > -.infinity }.map {
                        Recommendation(
                            item: catalogue[$0.index].id, title: catalogue[$0.index].title,
                            score: values[$0.index] - mean)
                    })
            }
        }
        return answers
    }

    func requireCount(_ count: Int) throws {
        guard count >= 0 else {
            throw ISRFError(.invalidConfiguration, "The count is \(count); ask for 0 or more.")
        }
    }
}
