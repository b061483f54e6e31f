internal import ISRFData
public import ISRFReasoning

/// A reasoner that repeats what it is told: an item's title, brand and categories, and a user's items.
///
/// Keeps the contract, learns nothing, and is the same in every run.
public struct EchoingReasoner: SemanticReasoner {
    /// Creates a reasoner.
    public init() {}

    /// The item's own words in every direction.
    public func profile(for request: ItemReasoningRequest) async throws -> ItemProfile {
        let item = request.item
        let words = [item.title, item.brand].compactMap(\.self) + item.categories.joined() + [item.id]
        let text = words.joined(separator: " ").firstWords(20)
        return ItemProfile(
            item: item.id, positive: Reasoned(summary: "People who want \(text).", reasoning: "Its own words."),
            negative: Reasoned(summary: "People who want something else.", reasoning: "Its own words."),
            feature: Reasoned(summary: text, reasoning: "Its own words."))
    }

    /// The features of the user's items.
    public func profile(for request: UserReasoningRequest) async throws -> UserProfile {
        let features = request.recentItems.map(\.profile.feature.summary).joined(separator: "; ")
        let text = features.isEmpty ? UserDocument.unknownPreference : features.firstWords(45)
        return UserProfile(
            user: request.user, likes: Reasoned(summary: text, reasoning: "The items taken."),
            dislikes: Reasoned(summary: "Whatever was not taken.", reasoning: "The items taken."),
            preference: Reasoned(summary: text, reasoning: "The items taken."))
    }
}

/// A reasoner with prepared answers; what it has no answer for fails.
public struct ScriptedReasoner: SemanticReasoner {
    /// The answers by item identifier.
    public var items: [String: ItemProfile]
    /// The answers by user identifier.
    public var users: [String: UserProfile]

    /// Creates a reasoner.
    public init(items: [String: ItemProfile] = [:], users: [String: UserProfile] = [:]) {
        self.items = items
        self.users = users
    }

    /// The prepared answer.
    /// - Throws: `DoubleError` when there is none.
    public func profile(for request: ItemReasoningRequest) async throws -> ItemProfile {
        guard let profile = items[request.item.id] else {
            throw DoubleError(message: "The script has no answer for item \"\(request.item.id)\".")
        }
        return profile
    }

    /// The prepared answer.
    /// - Throws: `DoubleError` when there is none.
    public func profile(for request: UserReasoningRequest) async throws -> UserProfile {
        guard let profile = users[request.user] else {
            throw DoubleError(message: "The script has no answer for user \"\(request.user)\".")
        }
        return profile
    }
}

/// A reasoner that is slow or fails now and then, and otherwise answers as another one does.
public struct FailingReasoner: SemanticReasoner {
    private let base: any SemanticReasoner
    private let counter: CallCounter

    /// Creates a reasoner; copies and what preparation returns count their calls together.
    public init(_ misbehaviour: Misbehaviour, of base: any SemanticReasoner = EchoingReasoner()) {
        self.init(base: base, counter: CallCounter(misbehaviour))
    }

    private init(base: any SemanticReasoner, counter: CallCounter) {
        self.base = base
        self.counter = counter
    }

    /// How often it was asked about an item or a user.
    public var calls: Int { counter.calls }

    /// Misbehaves, or answers as the other one does.
    /// - Throws: `DoubleError` on its turn, `CancellationError`, and what the other one throws.
    public func profile(for request: ItemReasoningRequest) async throws -> ItemProfile {
        try await counter.call("The reasoner")
        return try await base.profile(for: request)
    }

    /// Misbehaves, or answers as the other one does.
    /// - Throws: `DoubleError` on its turn, `CancellationError`, and what the other one throws.
    public func profile(for request: UserReasoningRequest) async throws -> UserProfile {
        try await counter.call("The reasoner")
        return try await base.profile(for: request)
    }

    /// Prepares the other one.
    public func prepared(for evidence: ReasoningEvidence) async throws -> any SemanticReasoner {
        FailingReasoner(base: try await base.prepared(for: evidence), counter: counter)
    }
}

/// A reasoner that remembers what it was asked and answers as another one does.
public struct RecordingReasoner: SemanticReasoner {
    private let base: any SemanticReasoner
    private let items: RequestLog<ItemReasoningRequest>
    private let users: RequestLog<UserReasoningRequest>
    private let evidence: RequestLog<ReasoningEvidence>

    /// Creates a reasoner; copies and what preparation returns share their memory.
    public init(_ base: any SemanticReasoner = EchoingReasoner()) {
        self.base = base
        items = RequestLog()
        users = RequestLog()
        evidence = RequestLog()
    }

    private init(base: any SemanticReasoner, like other: RecordingReasoner) {
        self.base = base
        items = other.items
        users = other.users
        evidence = other.evidence
    }

    /// The requests about items, in the order of the calls.
    public var itemRequests: [ItemReasoningRequest] { items.requests }
    /// The requests about users, in the order of the calls.
    public var userRequests: [UserReasoningRequest] { users.requests }
    /// What it was prepared for, in the order of the calls.
    public var preparations: [ReasoningEvidence] { evidence.requests }

    /// Remembers the request and answers as the other one does.
    public func profile(for request: ItemReasoningRequest) async throws -> ItemProfile {
        items.append(request)
        return try await base.profile(for: request)
    }

    /// Remembers the request and answers as the other one does.
    public func profile(for request: UserReasoningRequest) async throws -> UserProfile {
        users.append(request)
        return try await base.profile(for: request)
    }

    /// Remembers the evidence and prepares the other one.
    public func prepared(for evidence: ReasoningEvidence) async throws -> any SemanticReasoner {
        self.evidence.append(evidence)
        return RecordingReasoner(base: try await base.prepared(for: evidence), like: self)
    }
}

extension String {
    /// The first words, at most `count`.
    func firstWords(_ count: Int) -> String {
        split(whereSeparator: \.isWhitespace).prefix(count).joined(separator: " ")
    }
}
