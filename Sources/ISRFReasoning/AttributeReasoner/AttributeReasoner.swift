internal import ISRFCore
public import ISRFData

/// Reasons about items and users from the training log's statistics: offline, deterministic, without a language model.
///
/// - *Positive* evidence for an item is what distinguishes the other interactions of the users who took it: attributes
///   whose log-odds ratio against the whole training log (`LogOddsRatio`, informative Dirichlet prior) is high.
/// - *Negative* evidence is what similar items have and the item has not, and what its takers take less often than the
///   takers of those similar items do.
/// - The *feature* is the contrast in at most 25 words.
///
/// A user's likes are the attributes over-represented in the recent items, the dislikes those that similar items offer
/// and no recent item has. Items that nobody took are reasoned about from what the takers of similar items like.
/// Every text holds the catalogue's own words, so it reads the same way in any domain and any language of the catalogue.
public struct AttributeReasoner: SemanticReasoner {
    /// How the reasoner reads the evidence.
    public struct Configuration: Sendable, Codable, Hashable {
        /// How many interactions the prior of the log-odds ratio is worth; above 0.
        public var priorStrength: Double
        /// How many similar items an item is compared with; at least 1.
        public var similarItems: Int
        /// The most users whose histories are read for one item; of more takers, an even sample.
        public var usersRead: Int
        /// The most interactions read from the end of one history.
        public var longestHistory: Int
        /// The most recent items that a user is reasoned from.
        public var recentItems: Int
        /// The most words, and the most other attributes, kept as evidence in each direction.
        public var evidenceLimit: Int

        /// Creates a configuration.
        public init(
            priorStrength: Double = 10, similarItems: Int = 20, usersRead: Int = 200, longestHistory: Int = 100,
            recentItems: Int = 20, evidenceLimit: Int = 16
        ) {
            self.priorStrength = priorStrength
            self.similarItems = similarItems
            self.usersRead = usersRead
            self.longestHistory = longestHistory
            self.recentItems = recentItems
            self.evidenceLimit = evidenceLimit
        }

        /// Checks every value; errors name the key below `key`.
        package func validate(as key: String? = nil) throws {
            func require(_ holds: Bool, _ name: String, _ expected: String, _ value: some Any) throws {
                guard !holds else { return }
                throw ISRFError(
                    .invalidConfiguration,
                    "The attribute reasoner's \(name) is \(value); it must be \(expected).",
                    at: .init(field: key.map { "\($0).\(name)" } ?? name))
            }
            try require(priorStrength > 0 && priorStrength.isFinite, "priorStrength", "above 0", priorStrength)
            for (name, value) in [
                ("similarItems", similarItems), ("usersRead", usersRead), ("longestHistory", longestHistory),
                ("recentItems", recentItems), ("evidenceLimit", evidenceLimit),
            ] {
                try require(value >= 1, name, "at least 1", value)
            }
        }
    }

    /// How the reasoner reads the evidence.
    public let configuration: Configuration
    let knowledge: ReasoningKnowledge?

    /// True: reasoning about a user takes a fraction of a millisecond.
    public var reasonsOnDemand: Bool { true }

    /// Creates a reasoner; `prepared(for:)` gives one that can be asked.
    public init(configuration: Configuration = Configuration()) {
        self.configuration = configuration
        knowledge = nil
    }

    private init(configuration: Configuration, knowledge: ReasoningKnowledge) {
        self.configuration = configuration
        self.knowledge = knowledge
    }

    /// Counts the training log's attributes and finds each item's similar items.
    /// - Throws: `ISRFError` (`invalidConfiguration`) for a value out of range, (`invalidData`) when the log belongs to
    ///   another catalogue; `CancellationError`.
    public func prepared(for evidence: ReasoningEvidence) async throws -> any SemanticReasoner {
        try reasoner(for: evidence)
    }

    /// The same as `prepared(for:)`, of this type.
    public func reasoner(for evidence: ReasoningEvidence) throws -> AttributeReasoner {
        try configuration.validate()
        return AttributeReasoner(
            configuration: configuration,
            knowledge: try ReasoningKnowledge(evidence, configuration: configuration))
    }

    /// The attribute statistics of the training log; nil before preparation.
    public var statistics: AttributeStatistics? { knowledge?.statistics }

    /// What the training log says about who takes an item, which need not be in the catalogue.
    /// - Throws: `ISRFError` (`contractViolation`) before preparation.
    public func evidence(for item: Item) throws -> ItemEvidence {
        try preparedKnowledge().evidence(for: item)
    }

    /// What recent items say about the user who took them, most recent first.
    /// - Throws: `ISRFError` (`contractViolation`) before preparation.
    public func evidence(forRecentItems items: [Item]) throws -> UserEvidence {
        try preparedKnowledge().evidence(forItems: items)
    }

    /// Reasons about an item: at most 200 words in each direction, at most 25 for the feature.
    /// - Throws: `ISRFError` (`contractViolation`) before preparation; `CancellationError`.
    public func profile(for request: ItemReasoningRequest) async throws -> ItemProfile {
        try Task.checkCancellation()
        let knowledge = try preparedKnowledge()
        let wording = ItemWording(
            item: request.item, evidence: knowledge.evidence(for: request.item), readable: knowledge.readable)
        return wording.profile()
    }

    /// Reasons about a user: at most 100 words each for likes and dislikes, at most 50 for the preference.
    /// - Throws: `ISRFError` (`contractViolation`) before preparation; `CancellationError`.
    public func profile(for request: UserReasoningRequest) async throws -> UserProfile {
        try Task.checkCancellation()
        let knowledge = try preparedKnowledge()
        let items = request.recentItems.map(\.item)
        let wording = UserWording(
            user: request.user, items: items, evidence: knowledge.evidence(forItems: items),
            readable: knowledge.readable)
        return wording.profile()
    }

    private func preparedKnowledge() throws -> ReasoningKnowledge {
        guard let knowledge else {
            throw ISRFError(
                .contractViolation,
                "The attribute reasoner has seen no evidence yet; ask the reasoner that prepared(for:) returns.")
        }
        return knowledge
    }
}
