/// One of the chained questions: three about every item, three about every user (method, steps 1 and 2).
public enum ReasoningStep: String, Sendable, Hashable, Codable, CaseIterable {
    /// Who would enjoy the item.
    case positive
    /// Who would dislike it, with the positive answer known.
    case negative
    /// One short statement that keeps what the two contrast.
    case feature
    /// What the user likes.
    case likes
    /// What the user avoids, with the likes known.
    case dislikes
    /// The core preference that reconciles the two.
    case preference

    /// The questions about an item, in their order.
    public static let aboutItems: [ReasoningStep] = [.positive, .negative, .feature]
    /// The questions about a user, in their order.
    public static let aboutUsers: [ReasoningStep] = [.likes, .dislikes, .preference]

    /// Whether the question is about an item.
    public var isAboutItem: Bool { Self.aboutItems.contains(self) }
}
