internal import ISRFData

/// Puts an explanation into one sentence for the user.
struct ExplanationSentence {
    let text: String

    init(_ explanation: Explanation, catalogue: Catalogue, itemIndex: Int) {
        let subject = ExplanationSentence.quoted(catalogue[itemIndex].title ?? catalogue[itemIndex].id)
        var reasons: [String] = []
        let history = explanation.history.prefix(2).map { ExplanationSentence.quoted($0.title ?? $0.item) }
        if !history.isEmpty {
            let followed = explanation.history.prefix(2).allSatisfy { $0.transition > 0 }
            reasons.append(
                "you took \(history.joined(separator: " and "))"
                    + (followed ? ", after which others took it" : ""))
        }
        let attributes = explanation.attributes.prefix(3).map(\.attribute)
        if !attributes.isEmpty {
            reasons.append("it has what your choices share (\(attributes.joined(separator: ", ")))")
        }
        let takers = explanation.group.count { $0.tookItem }
        if takers > 0 {
            reasons.append(takers == 1 ? "a user like you took it" : "\(takers) users like you took it")
        } else if !explanation.group.isEmpty {
            reasons.append("it is like what users like you took")
        }
        switch reasons.count {
        case 0: text = "\(subject): nothing in your history and nobody like you speaks for it."
        case 1: text = "\(subject), because \(reasons[0])."
        default:
            text =
                "\(subject), because \(reasons.dropLast().joined(separator: ", ")) and \(reasons[reasons.count - 1])."
        }
    }

    private static func quoted(_ title: String) -> String {
        let line = title.split(whereSeparator: \.isNewline).joined(separator: " ")
        return "\u{201C}" + (line.count > 80 ? String(line.prefix(79)) + "\u{2026}" : line) + "\u{201D}"
    }
}
