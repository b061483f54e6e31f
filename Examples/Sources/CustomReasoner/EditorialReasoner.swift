import ISRFKit

/// Reasons with what the shop's editors know: for each category, who it is for and who would rather pass it by.
struct EditorialReasoner: SemanticReasoner {
    var notes: [String: (lovers: String, others: String)]

    func profile(for request: ItemReasoningRequest) async throws -> ItemProfile {
        let categories = request.item.categories.joined()
        let known = categories.first { notes[$0] != nil }
        let note = known.flatMap { notes[$0] } ?? ("those who know what it is", "everybody else")
        let why = known.map { "The editors' note on \($0)." } ?? "The editors have no note on its category."
        return ItemProfile(
            item: request.item.id,
            positive: Reasoned(summary: "Made for \(note.lovers).", reasoning: why),
            negative: Reasoned(summary: "Not for \(note.others).", reasoning: why),
            feature: Reasoned(summary: "For \(note.lovers) rather than \(note.others).", reasoning: why))
    }

    func profile(for request: UserReasoningRequest) async throws -> UserProfile {
        let counts = request.recentItems.reduce(into: [:]) { $0[$1.profile.positive.summary, default: 0] += 1 }
        let likes = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(2).map(\.key)
        let summary = likes.isEmpty ? UserDocument.unknownPreference : likes.joined(separator: " ")
        let why = "What the editors say of \(request.recentItems.count) recent items."
        return UserProfile(
            user: request.user, likes: Reasoned(summary: summary, reasoning: why),
            dislikes: Reasoned(summary: "Nothing is known; only what was taken is.", reasoning: why),
            preference: Reasoned(summary: likes.first ?? summary, reasoning: why))
    }
}
