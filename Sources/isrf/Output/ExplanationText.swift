internal import ISRFKit

/// An explanation for people: the sentence, then the evidence behind it.
struct ExplanationText {
    let text: String

    init(_ explanation: Explanation) {
        var sections = [explanation.sentence]
        sections.append(
            "Score \(ExplanationText.signed(explanation.score)), by view:\n" + ExplanationText.parts(explanation))
        sections.append(
            """
            What the item is:         \(explanation.itemFeature)
            What the user is after:   \(explanation.userPreference)
            """)
        var history = TextTable([.left, .right, .left])
        for entry in explanation.history {
            history.add([entry.item, ExplanationText.signed(entry.contribution), entry.title ?? ""])
        }
        ExplanationText.append(
            &sections, explanation.history.isEmpty, "Items of the history, and what the score loses without each:",
            history)
        var attributes = TextTable([.left, .right, .right])
        for entry in explanation.attributes {
            attributes.add([
                entry.attribute, Wording.count(entry.items, "item"),
                "\(decimal(Double(entry.ratio), digits: 1)) times as often",
            ])
        }
        ExplanationText.append(
            &sections, explanation.attributes.isEmpty, "Attributes that tie them, beside all histories:", attributes)
        var group = TextTable([.left, .right, .left])
        for entry in explanation.group {
            group.add([
                entry.user, ExplanationText.signed(entry.contribution), entry.tookItem ? "took the item" : "",
            ])
        }
        ExplanationText.append(
            &sections, explanation.group.isEmpty, "Similar users, and what the score loses without each:", group)
        var paths = TextTable([.left])
        for entry in explanation.paths {
            paths.add(["\(explanation.user ?? "you") - \(entry.sharedItem) - \(entry.user) - \(explanation.item)"])
        }
        ExplanationText.append(
            &sections, explanation.paths.isEmpty, "Ways to the item, over what another user took as well:", paths)
        text = sections.joined(separator: "\n\n")
    }

    private static func parts(_ explanation: Explanation) -> String {
        var table = TextTable([.left, .right])
        for part in explanation.parts { table.add([part.view.rawValue, signed(part.score)]) }
        return table.text(indent: "  ")
    }

    private static func append(_ sections: inout [String], _ isEmpty: Bool, _ title: String, _ table: TextTable) {
        if !isEmpty { sections.append(title + "\n" + table.text(indent: "  ")) }
    }

    private static func signed(_ value: Float) -> String {
        signedDecimal(Double(value), digits: 3)
    }
}
