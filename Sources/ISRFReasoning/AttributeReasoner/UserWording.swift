internal import ISRFData

/// Writes a user's profile from the evidence.
struct UserWording {
    static let summaryLimit = 100
    static let preferenceLimit = 50

    let user: String
    let items: [Item]
    let evidence: UserEvidence
    let readable: ReadableVocabulary

    func profile() -> UserProfile {
        let liked = Interests(
            evidence.liked.map(\.attribute), from: readable,
            limits: .init(categories: 5, brands: 3, fields: 3, words: 5))
        let avoided = Interests(
            evidence.avoided.map(\.attribute), from: readable,
            limits: .init(categories: 3, brands: 2, fields: 2, words: 2), excluding: liked.folded)
        return UserProfile(user: user, likes: likes(liked), dislikes: dislikes(avoided), preference: preference())
    }

    private func likes(_ liked: Interests) -> Reasoned {
        guard evidence.items > 0 else {
            return Reasoned(summary: "Nothing is known yet.", reasoning: "There are no training items to go by.")
        }
        var summary: String
        if liked.isEmpty {
            summary = "Has no pronounced liking."
        } else {
            summary = ReadableText.sentence(
                liked.clause(choose: "chooses", favour: "favours", look: "looks for") + ".")
        }
        var recent: [String] = []
        for item in items.prefix(3) {
            let title = ReadableText.shortTitle(item.title, words: 6)
            if !title.isEmpty, !recent.contains("“\(title)”") { recent.append("“\(title)”") }
        }
        if !recent.isEmpty { summary += " Most recently took \(ReadableText.list(recent))." }
        var reasons: [String] = []
        for one in evidence.liked.filter({ liked.attributes.contains($0.attribute) }).prefix(6) {
            reasons.append(
                "\(readable.described(one.attribute)) in \(one.count), "
                    + "\(ReadableText.ratio(one.ratio)) times as often as expected")
        }
        let read = ReadableText.count(evidence.items, "recent item", "recent items")
        let reasoning =
            reasons.isEmpty
            ? "In \(read) no attribute stands out against the whole log."
            : "Of \(read): \(reasons.joined(separator: "; "))."
        return Reasoned(
            summary: ReadableText.clipped(summary, toWords: Self.summaryLimit),
            reasoning: ReadableText.clipped(reasoning, toWords: Self.summaryLimit))
    }

    private func dislikes(_ avoided: Interests) -> Reasoned {
        guard !avoided.isEmpty else {
            let summary = evidence.items > 0 ? "Avoids nothing in particular." : "Nothing is known yet."
            return Reasoned(
                summary: summary,
                reasoning: evidence.similarItems > 0
                    ? "Nothing that the \(evidence.similarItems) similar items offer is clearly left out."
                    : "There are no similar items to compare with.")
        }
        let clause = avoided.clause(choose: "choose", favour: "favour", look: "look for", last: "or")
        let said = evidence.avoided.filter { avoided.attributes.contains($0.attribute) }
        let reasons = said.prefix(5).map {
            "\(readable.described($0.attribute)) \(ReadableText.count($0.count, "time", "times"))"
        }
        return Reasoned(
            summary: ReadableText.clipped("Does not \(clause).", toWords: Self.summaryLimit),
            reasoning: ReadableText.clipped(
                "\(ReadableText.count(evidence.similarItems, "item", "items")) much like those taken offer "
                    + "\(ReadableText.list(reasons)); none was ever taken.", toWords: Self.summaryLimit))
    }

    private func preference() -> Reasoned {
        guard evidence.items > 0 else {
            return Reasoned(
                summary: UserDocument.unknownPreference, reasoning: "There are no training items to go by.")
        }
        let liked = Interests(
            evidence.liked.map(\.attribute), from: readable,
            limits: .init(categories: 4, brands: 2, fields: 2, words: 3))
        let left = Interests(
            evidence.avoided.map(\.attribute), from: readable,
            limits: .init(categories: 2, brands: 1, fields: 1, words: 1), excluding: liked.folded)
        var text = ""
        for (likes, leaves) in [(8, 3), (6, 2), (4, 2), (3, 1), (2, 0), (1, 0), (0, 0)] {
            text = preference(Array(liked.labels.prefix(likes)), over: Array(left.labels.prefix(leaves)))
            if ReadableText.wordCount(text) <= Self.preferenceLimit { break }
        }
        return Reasoned(
            summary: ReadableText.clipped(text, toWords: Self.preferenceLimit),
            reasoning:
                "Sets the strongest likes of \(ReadableText.count(evidence.items, "recent item", "recent items")) "
                + "against what similar items offered in vain.")
    }

    private func preference(_ likeLabels: [String], over leaveLabels: [String]) -> String {
        switch (likeLabels.isEmpty, leaveLabels.isEmpty) {
        case (false, false):
            return "Prefers \(ReadableText.list(likeLabels)) over \(ReadableText.list(leaveLabels))."
        case (false, true): return "Prefers \(ReadableText.list(likeLabels))."
        case (true, false): return "Open to much, but not \(ReadableText.list(leaveLabels, last: "or"))."
        case (true, true): return "Open to much; no preference stands out."
        }
    }
}
