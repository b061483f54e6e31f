/// A statement together with the reasoning behind it.
public struct Reasoned: Sendable, Codable, Hashable {
    /// The statement itself, for people and for text encoders.
    public var summary: String
    /// Why it holds: the evidence, in words.
    public var reasoning: String

    /// Creates a reasoned statement.
    public init(summary: String, reasoning: String) {
        self.summary = summary
        self.reasoning = reasoning
    }
}

/// What was reasoned about an item (method, step 1): who would enjoy it, who would not, and what separates the two.
public struct ItemProfile: Sendable, Codable, Hashable {
    /// The item's identifier.
    public var item: String
    /// Who would enjoy the item.
    public var positive: Reasoned
    /// Who would not enjoy it, reasoned with `positive` known.
    public var negative: Reasoned
    /// One short statement (at most 25 words) that keeps what the two contrast.
    public var feature: Reasoned

    /// Creates an item profile.
    public init(item: String, positive: Reasoned, negative: Reasoned, feature: Reasoned) {
        self.item = item
        self.positive = positive
        self.negative = negative
        self.feature = feature
    }
}

/// What was reasoned about a user (method, step 2): likes, dislikes, and the core preference that reconciles them.
public struct UserProfile: Sendable, Codable, Hashable {
    /// The user's identifier.
    public var user: String
    /// What the user likes.
    public var likes: Reasoned
    /// What the user avoids.
    public var dislikes: Reasoned
    /// The core preference (at most 50 words).
    public var preference: Reasoned

    /// Creates a user profile.
    public init(user: String, likes: Reasoned, dislikes: Reasoned, preference: Reasoned) {
        self.user = user
        self.likes = likes
        self.dislikes = dislikes
        self.preference = preference
    }
}
