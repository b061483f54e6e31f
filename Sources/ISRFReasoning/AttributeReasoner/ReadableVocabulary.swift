/// A vocabulary's attributes as a person reads them, made readable once.
struct ReadableVocabulary: Sendable {
    let vocabulary: AttributeVocabulary
    /// Whether each attribute tells a person something: not what nearly all items have, not a filler or a measure.
    let isTelling: [Bool]
    /// Each attribute's label by `ReadableText.label`.
    let labels: [String]
    /// The labels in lower case.
    let folded: [String]
    /// The lower-cased labels' words.
    let words: [[String]]

    init(_ vocabulary: AttributeVocabulary) {
        self.vocabulary = vocabulary
        isTelling = vocabulary.attributes.indices.map { Self.isTelling($0, in: vocabulary) }
        labels = vocabulary.attributes.indices.map { ReadableText.label(vocabulary.label(of: $0)) }
        folded = labels.map { $0.lowercased() }
        words = folded.map { $0.split(separator: " ").map(String.init) }
    }

    func kind(_ index: Int) -> ItemAttribute.Kind { vocabulary.attributes[index].kind }

    /// “Shampoos”, the brand “Avalon”, the word “curl”, author “A. Smith”.
    func described(_ index: Int) -> String {
        let label = "“\(labels[index])”"
        return switch vocabulary.attributes[index].kind {
        case .category: label
        case .brand: "the brand \(label)"
        case .word: "the word \(label)"
        case .field: "\(ReadableText.label(vocabulary.attributes[index].field ?? "the field")) \(label)"
        }
    }

    private static func isTelling(_ index: Int, in vocabulary: AttributeVocabulary) -> Bool {
        let frequency = vocabulary.documentFrequencies[index]
        let attribute = vocabulary.attributes[index]
        switch attribute.kind {
        case .category, .brand:
            return frequency * 10 < vocabulary.itemCount * 9 || vocabulary.itemCount < 3
        case .field:
            // A value that a single item has is a number or an identifier.
            return frequency > 1 && frequency * 10 < vocabulary.itemCount * 9
        case .word:
            guard frequency > 1, frequency <= max(10, vocabulary.itemCount / 20) else { return false }
            let scalars = attribute.value.unicodeScalars
            return !scalars.contains { $0.properties.numericType != nil && $0.value < 0x2E80 }
                && (scalars.count > 2 || scalars.allSatisfy { $0.value >= 0x2E80 })
        }
    }
}
