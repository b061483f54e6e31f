/// One attribute as evidence: how often a group of interactions has it, and against what that is measured.
public struct AttributeEvidence: Sendable, Hashable {
    /// The attribute's index in the reasoner's vocabulary.
    public var attribute: Int
    /// How many interactions of the group are with items that have the attribute.
    public var count: Int
    /// How many different users those interactions belong to.
    public var users: Int
    /// How many times as often the group has the attribute as what it is compared with; below 1 for avoided ones.
    public var ratio: Double
    /// The z-score of the log-odds ratio: positive for liked attributes, negative for avoided ones.
    public var zScore: Double

    /// Creates evidence.
    public init(attribute: Int, count: Int, users: Int, ratio: Double, zScore: Double) {
        self.attribute = attribute
        self.count = count
        self.users = users
        self.ratio = ratio
        self.zScore = zScore
    }
}

/// What the training log says about who takes an item.
public struct ItemEvidence: Sendable, Hashable {
    /// How many training users took the item.
    public var takers: Int
    /// How many users' histories the evidence comes from: takers of the item, or of similar items when it has none
    /// with a history beyond it.
    public var usersRead: Int
    /// Whether those users took the item itself and not just similar ones.
    public var isDirect: Bool
    /// The number of their interactions with other items.
    public var interactions: Int
    /// Attributes that those users take more often than the whole log does, strongest first.
    public var liked: [AttributeEvidence]
    /// Attributes of similar items that this item lacks and its takers take less often than the takers of similar
    /// items do, strongest first.
    public var avoided: [AttributeEvidence]
    /// The catalogue items with the most similar attributes, most similar first.
    public var similarItems: [Int]
    /// The item's own attributes.
    public var attributes: [Int]
}

/// What the recent history says about a user.
public struct UserEvidence: Sendable, Hashable {
    /// The number of recent items that were read.
    public var items: Int
    /// How many similar items stood beside them.
    public var similarItems: Int
    /// Attributes that the recent items have more often than the whole log, strongest first.
    public var liked: [AttributeEvidence]
    /// Attributes that similar items have but the recent ones have not, strongest first; `count` counts the similar
    /// items.
    public var avoided: [AttributeEvidence]
}
