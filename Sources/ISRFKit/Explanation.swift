public import ISRFOptimization

/// Why an item is recommended to a user: evidence as values and as one sentence.
public struct Explanation: Sendable, Codable, Hashable {
    /// What one view adds to the score.
    public struct Part: Sendable, Codable, Hashable {
        /// The view.
        public var view: ScoreView
        /// How far the view puts the item above the average item; the parts of all views add up to the score.
        public var score: Float
    }

    /// An item of the history that speaks for the recommendation.
    public struct HistoryItem: Sendable, Codable, Hashable {
        /// The item's identifier.
        public var item: String
        /// The item's title, if it has one.
        public var title: String?
        /// By how much the score falls when the item is taken out of the history, wherever it stands there, and the group
        /// stays; above 0.
        public var contribution: Float
        /// How strongly the recommended item follows this one in histories; 0 when it never did.
        public var transition: Float
    }

    /// An attribute that ties the user to the item.
    public struct Attribute: Sendable, Codable, Hashable {
        /// The attribute as a person reads it.
        public var attribute: String
        /// Interactions of the user's history that are with items that have it.
        public var items: Int
        /// How many times as often the history has it as the whole log.
        public var ratio: Float
    }

    /// A similar user who speaks for the recommendation.
    public struct GroupMember: Sendable, Codable, Hashable {
        /// The user's identifier.
        public var user: String
        /// The similarity in the user graph.
        public var similarity: Float
        /// By how much the score falls when the user is taken out of the group and the history stays; above 0.
        public var contribution: Float
        /// Whether this user took the item.
        public var tookItem: Bool
    }

    /// A way from the history to the item over another user.
    public struct Path: Sendable, Codable, Hashable {
        /// The item of the history that both took.
        public var sharedItem: String
        /// The other user, who also took the recommended item.
        public var user: String
        /// How strong the way is: the chance of an even walk, see `InteractionPath`.
        public var weight: Float
    }

    /// The user's identifier; nil for somebody of whom only a history is known.
    public var user: String?
    /// The item's identifier.
    public var item: String
    /// How far the item scores above the average item for this user.
    public var score: Float
    /// The score by view; the parts add up to `score`.
    public var parts: [Part]
    /// Items of the history that speak for it, strongest first.
    public var history: [HistoryItem]
    /// Attributes that tie user and item and are worth telling a person, strongest first.
    public var attributes: [Attribute]
    /// Similar users who speak for it, strongest first.
    public var group: [GroupMember]
    /// Ways over other users, strongest first.
    public var paths: [Path]
    /// What was reasoned about the item: its distinguishing feature.
    public var itemFeature: String
    /// What was reasoned about the user: the core preference.
    public var userPreference: String
    /// All of it in one sentence for the user.
    public var sentence: String
}
