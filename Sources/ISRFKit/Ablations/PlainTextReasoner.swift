public import ISRFReasoning

/// Reasons about nothing: an item stands for its own attributes, a user for those of the recent items.
///
/// What a text encoder reads of an item is then the catalogue's text without any profile, and of a user the catalogue's
/// texts of the recent items, which may be longer than a reasoner's answer may be. It is what reasoning is measured
/// against.
public struct PlainTextReasoner: SemanticReasoner, CustomStringConvertible {
    /// True: there is nothing to wait for.
    public var reasonsOnDemand: Bool { true }

    /// What stands in reports.
    public var description: String { "none" }

    /// Creates the reasoner.
    public init() {}

    /// Says that nothing is known, which encoders leave out.
    public func profile(for request: ItemReasoningRequest) async throws -> ItemProfile {
        try Task.checkCancellation()
        let nothing = Reasoned(summary: ItemDocument.unknownAudience, reasoning: "Nothing was reasoned.")
        return ItemProfile(item: request.item.id, positive: nothing, negative: nothing, feature: nothing)
    }

    /// Strings the recent items' texts together.
    public func profile(for request: UserReasoningRequest) async throws -> UserProfile {
        try Task.checkCancellation()
        let text = request.recentItems.map { ItemDocument.text(for: $0.item, profile: nil) }.joined(separator: "\n")
        let nothing = Reasoned(summary: UserDocument.unknownPreference, reasoning: "Nothing was reasoned.")
        guard !text.isEmpty else {
            return UserProfile(user: request.user, likes: nothing, dislikes: nothing, preference: nothing)
        }
        let taken = Reasoned(summary: text, reasoning: "The recent items' own texts.")
        let count = Reasoned(
            summary: "Took the last \(request.recentItems.count) items.", reasoning: "Nothing was reasoned.")
        return UserProfile(user: request.user, likes: taken, dislikes: nothing, preference: count)
    }
}
