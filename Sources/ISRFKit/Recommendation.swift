internal import ISRFData

/// An item that is recommended, with its score.
public struct Recommendation: Sendable, Codable, Hashable {
    /// The item's identifier.
    public var item: String
    /// The item's title, if it has one.
    public var title: String?
    /// The score: how far above the user's average item, in nats of log-likelihood and view strength; comparable
    /// within one answer only.
    public var score: Float

    /// Creates a recommendation.
    public init(item: String, title: String?, score: Float) {
        self.item = item
        self.title = title
        self.score = score
    }
}

/// What is to be recommended.
public struct RecommendationOptions: Sendable, Hashable {
    /// How many items, at most.
    public var count: Int
    /// Whether items of the history may be recommended again.
    public var includesHistory: Bool
    /// When given, only these items may be recommended.
    public var allowedItems: Set<String>?
    /// Items that may not be recommended.
    public var deniedItems: Set<String>

    /// Creates options.
    public init(
        count: Int = 10, includesHistory: Bool = false, allowedItems: Set<String>? = nil,
        deniedItems: Set<String> = []
    ) {
        self.count = count
        self.includesHistory = includesHistory
        self.allowedItems = allowedItems
        self.deniedItems = deniedItems
    }
}

/// An item that is like another one.
public struct SimilarItem: Sendable, Codable, Hashable {
    /// The item's identifier.
    public var item: String
    /// The item's title, if it has one.
    public var title: String?
    /// The cosine of the items' graph-aware vectors.
    public var similarity: Float
}

/// A user who is like another one.
public struct SimilarUser: Sendable, Codable, Hashable {
    /// The user's identifier.
    public var user: String
    /// The weight in the user graph.
    public var similarity: Float
}
