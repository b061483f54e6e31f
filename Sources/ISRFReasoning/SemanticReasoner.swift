public import ISRFData

/// What a reasoner may learn from before it is asked: the catalogue and the training part of the log.
public struct ReasoningEvidence: Sendable {
    /// All items.
    public let catalogue: Catalogue
    /// Training interactions only; validation and test rows never reach a reasoner.
    public let training: InteractionLog

    /// Creates evidence.
    public init(catalogue: Catalogue, training: InteractionLog) {
        self.catalogue = catalogue
        self.training = training
    }
}

/// Asks for an item's profile.
public struct ItemReasoningRequest: Sendable {
    /// The item; it need not be in the catalogue (a new item).
    public let item: Item

    /// Creates a request.
    public init(item: Item) {
        self.item = item
    }
}

/// Asks for a user's profile.
public struct UserReasoningRequest: Sendable {
    /// One item of the user's history.
    public struct Entry: Sendable {
        /// The item.
        public let item: Item
        /// What was reasoned about it.
        public let profile: ItemProfile

        /// Creates an entry.
        public init(item: Item, profile: ItemProfile) {
            self.item = item
            self.profile = profile
        }
    }

    /// The user's identifier.
    public let user: String
    /// At most the 20 most recent training items, most recent first.
    public let recentItems: [Entry]

    /// Creates a request.
    public init(user: String, recentItems: [Entry]) {
        self.user = user
        self.recentItems = recentItems
    }
}

/// The first stage: reasons in both directions about what each item is and for whom, and what each user is after.
///
/// The pipeline calls `prepared(for:)` once, then asks for items and users many at a time with bounded concurrency.
/// A reasoner that needs no statistics leaves `prepared(for:)` out. The default is `AttributeReasoner`.
public protocol SemanticReasoner: Sendable {
    /// Reasons about one item: positive, then negative, then feature (method, step 1).
    /// - Throws: Anything; an item whose reasoning fails is profiled by the pipeline's fallback and counted.
    func profile(for request: ItemReasoningRequest) async throws -> ItemProfile

    /// Reasons about one user: likes, then dislikes, then preference (method, step 2).
    func profile(for request: UserReasoningRequest) async throws -> UserProfile

    /// Whether users may be reasoned about anew whenever their histories have grown; by default not.
    ///
    /// When true, the group of a user is found from the history at hand, at training and at prediction; when false,
    /// every known user is reasoned about once and keeps that group until the next fit.
    var reasonsOnDemand: Bool { get }

    /// Returns the reasoner to ask, after learning what it needs from the evidence; by default the reasoner itself.
    func prepared(for evidence: ReasoningEvidence) async throws -> any SemanticReasoner
}

extension SemanticReasoner {
    /// False: asking may be slow or cost money.
    public var reasonsOnDemand: Bool { false }

    /// Returns the reasoner itself.
    public func prepared(for evidence: ReasoningEvidence) async throws -> any SemanticReasoner { self }
}
