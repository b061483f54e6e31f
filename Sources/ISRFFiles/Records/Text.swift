extension StringProtocol {
    /// The text without white space at its ends.
    var trimmed: String {
        guard let start = firstIndex(where: { !$0.isWhitespace }), let end = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[start...end])
    }

    /// The text, or nil when there is nothing but white space: such a text counts as missing.
    var nonBlank: String? { contains { !$0.isWhitespace } ? String(self) : nil }

    /// At most 60 characters, for messages.
    var shortened: String { count > 60 ? prefix(60) + "…" : String(self) }
}
