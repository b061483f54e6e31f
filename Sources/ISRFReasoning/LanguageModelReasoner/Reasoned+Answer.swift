internal import ISRFCore

extension Reasoned {
    /// The answer's property with the statement.
    static let summaryField = "summary"
    /// The answer's property with the evidence.
    static let reasoningField = "reasoning"

    /// Takes an answer for what it says, cut to the lengths asked for.
    /// - Throws: `ISRFError` (`invalidData`) when a store gave an answer without the texts.
    init(_ answer: StructuredAnswer, summaryWords: Int, reasoningWords: Int) throws {
        func text(_ field: String, _ words: Int) throws -> String {
            guard let text = answer.fields[field], text.contains(where: { !$0.isWhitespace }) else {
                throw ISRFError(
                    .invalidData, "A stored answer has no text here; remove it from the store.", at: .init(field: field)
                )
            }
            return Self.clipped(text, words: words)
        }
        self.init(
            summary: try text(Self.summaryField, summaryWords), reasoning: try text(Self.reasoningField, reasoningWords)
        )
    }

    /// The text on one line with at most so many words: up to the last whole sentence when that keeps half of them.
    static func clipped(_ text: String, words limit: Int) -> String {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count > limit else { return words.joined(separator: " ") }
        let kept = words.prefix(limit)
        if let end = kept.lastIndex(where: { $0.last.map { ".!?。！？".contains($0) } ?? false }), 2 * (end + 1) >= limit {
            return kept[...end].joined(separator: " ")
        }
        return kept.joined(separator: " ") + PromptText.cutMark
    }
}
