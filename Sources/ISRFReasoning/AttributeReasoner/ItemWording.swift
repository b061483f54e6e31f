internal import ISRFData

/// Writes an item's profile from its evidence.
struct ItemWording {
    static let summaryLimit = 200
    static let featureLimit = 25

    let item: Item
    let evidence: ItemEvidence
    let readable: ReadableVocabulary

    func profile() -> ItemProfile {
        let liked = Interests(
            evidence.liked.map(\.attribute), from: readable,
            limits: .init(categories: 4, brands: 3, fields: 3, words: 4))
        let avoided = Interests(
            evidence.avoided.map(\.attribute), from: readable,
            limits: .init(categories: 3, brands: 2, fields: 2, words: 2), excluding: liked.folded)
        return ItemProfile(
            item: item.id, positive: positive(liked), negative: negative(avoided, liked: liked),
            feature: feature())
    }

    // MARK: - Who would enjoy it

    private func positive(_ liked: Interests) -> Reasoned {
        var sentences: [String] = []
        let own = ownDescription(words: 5)
        if !liked.isEmpty {
            let clause = liked.clause(choose: "choose", favour: "favour", look: "look for")
            sentences.append("Would be enjoyed by people who \(clause).")
            if !own.isEmpty { sentences.append("It offers them \(own).") }
        } else if !own.isEmpty {
            sentences.append("Would be enjoyed by people who look for \(own).")
        } else {
            sentences.append(ItemDocument.unknownAudience)
        }
        return Reasoned(
            summary: ReadableText.clipped(sentences.joined(separator: " "), toWords: Self.summaryLimit),
            reasoning: ReadableText.clipped(positiveReasoning(liked), toWords: Self.summaryLimit))
    }

    private func positiveReasoning(_ liked: Interests) -> String {
        let users = ReadableText.count(evidence.usersRead, "user", "users")
        var sentences: [String] = []
        if evidence.isDirect {
            sentences.append(
                "Taken by \(ReadableText.count(evidence.takers, "training user", "training users")); "
                    + "\(users) also took something else, "
                    + "\(ReadableText.count(evidence.interactions, "interaction", "interactions")) in all.")
        } else {
            let taken = evidence.takers == 0 ? "Nobody took it in training" : "Its takers took nothing else in training"
            guard evidence.usersRead > 0 else {
                return "\(taken), and there are no similar items whose takers could be asked."
            }
            sentences.append(
                "\(taken); the evidence is \(users) of the \(evidence.similarItems.count) items most like it, "
                    + "\(ReadableText.count(evidence.interactions, "interaction", "interactions")) in all.")
        }
        for one in evidence.liked.filter({ liked.attributes.contains($0.attribute) }).prefix(6) {
            sentences.append(
                "\(one.users) of them took \(readable.described(one.attribute)), "
                    + "\(ReadableText.ratio(one.ratio)) times as often as expected "
                    + "(\(one.count) of \(evidence.interactions), z = \(ReadableText.ratio(one.zScore))).")
        }
        if evidence.liked.isEmpty { sentences.append("No attribute stands out in what they took.") }
        return sentences.joined(separator: " ")
    }

    // MARK: - Who would not

    private func negative(_ avoided: Interests, liked: Interests) -> Reasoned {
        var summary: String
        if avoided.isEmpty {
            summary =
                liked.isEmpty
                ? "Nothing is known yet about who would not enjoy \(name)."
                : "No similar item has anything that its takers clearly avoid; it suits those least who share none of "
                    + "their interests."
        } else {
            let clause = avoided.clause(choose: "are after", favour: "insist on", look: "want", last: "or")
            summary = "Less suited to people who \(clause)."
            summary +=
                evidence.isDirect
                ? " Similar items offer that, yet its takers choose it less often than those items' takers."
                : " It lacks that."
        }
        var sentences: [String] = []
        for one in evidence.avoided.filter({ avoided.attributes.contains($0.attribute) }).prefix(5) {
            let offered = "Items like it have \(readable.described(one.attribute))"
            if !evidence.isDirect {
                sentences.append("\(offered), which this one has not.")
            } else if one.count == 0 {
                sentences.append("\(offered); its takers never took that (z = \(signed(one.zScore))).")
            } else {
                sentences.append(
                    "\(offered); its takers took that \(ReadableText.count(one.count, "time", "times")), "
                        + "\(ReadableText.ratio(one.ratio)) times as often as those items' takers "
                        + "(z = \(signed(one.zScore))).")
            }
        }
        if sentences.isEmpty {
            sentences.append(
                evidence.similarItems.isEmpty
                    ? "No similar items are known to compare it with."
                    : "What the \(evidence.similarItems.count) most similar items have, its takers take as well.")
        }
        return Reasoned(
            summary: ReadableText.clipped(summary, toWords: Self.summaryLimit),
            reasoning: ReadableText.clipped(sentences.joined(separator: " "), toWords: Self.summaryLimit))
    }

    // MARK: - What separates the two

    private func feature() -> Reasoned {
        // What the item itself already says is no news about its takers.
        let said = ownLabels
        let likes = Interests(
            evidence.liked.map(\.attribute), from: readable,
            limits: .init(categories: 2, brands: 1, fields: 1, words: 1), excluding: said)
        let leaves = Interests(
            evidence.avoided.map(\.attribute), from: readable,
            limits: .init(categories: 1, brands: 1, fields: 1, words: 1), excluding: said + likes.folded)
        var text = ""
        for (own, liked, avoided) in [(3, 3, 2), (3, 2, 2), (2, 2, 1), (2, 1, 1), (0, 1, 1), (0, 1, 0), (0, 0, 0)] {
            text = ownDescription(words: own)
            if text.isEmpty { text = "Item without a description" }
            let likeLabels = Array(likes.labels.prefix(liked))
            let leaveLabels = Array(leaves.labels.prefix(avoided))
            if !likeLabels.isEmpty { text += ", for people who like \(ReadableText.list(likeLabels))" }
            if !leaveLabels.isEmpty { text += "; not for those after \(ReadableText.list(leaveLabels, last: "or"))" }
            text = ReadableText.sentence(text) + "."
            if ReadableText.wordCount(text) <= Self.featureLimit { break }
        }
        let reasoning =
            evidence.liked.isEmpty && evidence.avoided.isEmpty
            ? "Only what the catalogue says about it is known."
            : "Keeps the item's own attributes, the strongest of what its \(evidence.isDirect ? "" : "likely ")takers "
                + "like beyond them, and the strongest of what they leave to similar items."
        return Reasoned(summary: ReadableText.clipped(text, toWords: Self.featureLimit), reasoning: reasoning)
    }

    // MARK: - The item in the catalogue's words

    /// The narrowest category with the title's most telling words and the brand: "Conditioners (curl, organic) by Avalon".
    private func ownDescription(words limit: Int) -> String {
        let head = narrowestCategory
        let brand = ReadableText.label(item.brand ?? "")
        let title = ReadableText.shortTitle(item.title, words: 8)
        let words = titleWords(limit, besides: [head, brand])
        var text = head.isEmpty ? title : head
        if !head.isEmpty, !words.isEmpty { text += " (\(words.joined(separator: ", ")))" }
        if !brand.isEmpty { text += text.isEmpty ? brand : " by \(brand)" }
        return text
    }

    private var narrowestCategory: String {
        let candidates = item.categories.compactMap(\.last).map { level in
            let index = readable.vocabulary.index(of: ItemAttribute(.category, level))
            return (level: level, frequency: index.map { readable.vocabulary.documentFrequencies[$0] } ?? Int.max)
        }
        return ReadableText.label(candidates.min { $0.frequency < $1.frequency }?.level ?? "")
    }

    private var ownLabels: [String] {
        let levels = item.categories.joined().map { ReadableText.label($0) }
        return (levels + [ReadableText.label(item.brand ?? "")] + titleWords(3, besides: [])).map { $0.lowercased() }
    }

    /// The rarest title words that other items have as well, in the title's order.
    private func titleWords(_ limit: Int, besides said: [String]) -> [String] {
        guard limit > 0, let title = item.title else { return [] }
        var order: [Int] = []
        for word in readable.vocabulary.options.tokenization.words(in: String(title.prefix(400))) {
            if let index = readable.vocabulary.index(of: ItemAttribute(.word, word)), !order.contains(index),
                readable.isTelling[index]
            {
                order.append(index)
            }
        }
        let rarest = order.sorted {
            (readable.vocabulary.documentFrequencies[$0], $0) < (readable.vocabulary.documentFrequencies[$1], $1)
        }
        let chosen = Interests(
            rarest, from: readable, limits: .init(categories: 0, brands: 0, fields: 0, words: limit),
            excluding: said.map { $0.lowercased() })
        let labels = Set(chosen.words)
        return order.map { readable.labels[$0] }.filter { labels.contains($0) }
    }

    private var name: String {
        let title = ReadableText.shortTitle(item.title, words: 8)
        return title.isEmpty ? "this item" : "“\(title)”"
    }

    private func signed(_ value: Double) -> String {
        "−" + ReadableText.ratio(abs(value))
    }
}
