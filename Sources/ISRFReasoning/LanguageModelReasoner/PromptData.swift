internal import ISRFData

/// Items and histories as they stand in a prompt.
enum PromptData {
    /// An item as one line of JSON; title, brand, categories and description are null when they are missing.
    static func item(_ item: Item, _ limits: ReasoningPrompts.Limits) -> String {
        var budget = limits.itemTokens
        var members: [String] = []
        // What identifies an item comes first and takes at most a share; the description takes what is left.
        func text(_ value: String?, share: Int) -> String {
            guard let value, value.contains(where: { !$0.isWhitespace }) else { return "null" }
            return spend(PromptText.quoted(value, tokens: min(budget, max(8, limits.itemTokens / share))))
        }
        func spend(_ text: String) -> String {
            budget -= PromptText.tokens(in: text)
            return text
        }
        func list(_ values: some Sequence<String>, share: Int) -> String {
            var left = min(budget, limits.itemTokens / share)
            var quoted: [String] = []
            for value in values where left > 4 {
                let next = spend(PromptText.quoted(value, tokens: left))
                left -= PromptText.tokens(in: next)
                quoted.append(next)
            }
            return "[" + quoted.joined(separator: ", ") + "]"
        }
        members.append("\"title\": " + text(item.title, share: 3))
        members.append("\"brand\": " + text(item.brand, share: 8))
        let paths = item.categories.lazy.filter { !$0.isEmpty }.map { $0.joined(separator: ItemDocument.pathSeparator) }
        members.append("\"categories\": " + (paths.isEmpty ? "null" : list(paths, share: 4)))
        var further: [String] = []
        for (name, values) in item.attributes.sorted(by: { $0.key < $1.key }) where !values.isEmpty && budget > 8 {
            further.append(spend(PromptText.quoted(name, tokens: 16)) + ": " + list(values, share: 6))
        }
        members.append("\"description\": " + (budget > 8 ? text(item.description, share: 1) : "null"))
        if !further.isEmpty { members.append("\"further\": {" + further.joined(separator: ", ") + "}") }
        return "{" + members.joined(separator: ", ") + "}"
    }

    /// A user's items, one line of JSON for each, most recent first.
    static func history(_ entries: [UserReasoningRequest.Entry], _ limits: ReasoningPrompts.Limits) -> String {
        var budget = limits.historyTokens
        var lines: [String] = []
        for entry in entries.prefix(limits.historyItems) {
            let title = entry.item.title.map { PromptText.quoted($0, tokens: 24) } ?? "null"
            let feature = PromptText.quoted(entry.profile.feature.summary, tokens: 64)
            let line = "{\"title\": \(title), \"feature\": \(feature)}"
            budget -= PromptText.tokens(in: line)
            if budget < 0, !lines.isEmpty { break }
            lines.append(line)
        }
        return lines.joined(separator: "\n")
    }
}
