/// Attributes picked from evidence for a person to read: few, of different kinds, none saying the same twice.
struct Interests {
    /// How many of each kind are wanted at most.
    struct Limits {
        var categories: Int
        var brands: Int
        var fields: Int
        var words: Int
    }

    private(set) var categories: [String] = []
    private(set) var brands: [String] = []
    private(set) var fields: [String] = []
    private(set) var words: [String] = []

    /// Picks the strongest attributes of each kind in the order of the evidence.
    /// - Parameter excluding: Labels and words already said elsewhere, in lower case.
    init(
        _ attributes: [Int], vocabulary: AttributeVocabulary, limits: Limits, excluding said: [String] = []
    ) {
        var stems = said
        for attribute in attributes {
            let label = ReadableText.label(vocabulary.label(of: attribute))
            guard !label.isEmpty, vocabulary.attributes[attribute].kind != .word else { continue }
            let folded = label.lowercased()
            guard !stems.contains(folded) else { continue }
            switch vocabulary.attributes[attribute].kind {
            case .category where categories.count < limits.categories: categories.append(label)
            case .brand where brands.count < limits.brands: brands.append(label)
            case .field where fields.count < limits.fields:
                let name = ReadableText.label(vocabulary.attributes[attribute].field ?? "")
                fields.append(name.isEmpty ? label : "\(name) \(label)")
            default: continue
            }
            stems.append(folded)
        }
        for attribute in attributes where words.count < limits.words {
            guard vocabulary.attributes[attribute].kind == .word else { continue }
            let label = ReadableText.label(vocabulary.label(of: attribute))
            let folded = label.lowercased()
            // "shampoo" adds nothing to "Shampoos", nor "mac" to the brand "MAC Cosmetics".
            let isSaid = stems.contains { stem in
                stem.split(separator: " ").contains { Self.sharesStem(folded, String($0)) }
            }
            guard !label.isEmpty, !isSaid else { continue }
            words.append(label)
            stems.append(folded)
        }
    }

    var isEmpty: Bool { categories.isEmpty && brands.isEmpty && fields.isEmpty && words.isEmpty }

    /// All labels, categories first, words in quotation marks.
    var labels: [String] { categories + brands + fields + words.map { "“\($0)”" } }

    /// All labels in lower case and without quotation marks.
    var folded: [String] { (categories + brands + fields + words).map { $0.lowercased() } }

    /// "choose A and B, favour the brand C and look for “d”": what people with these interests do.
    func clause(choose: String, favour: String, look: String, last: String = "and") -> String {
        var parts: [String] = []
        if !categories.isEmpty { parts.append("\(choose) \(ReadableText.list(categories, last: last))") }
        if !(brands + fields).isEmpty { parts.append("\(favour) \(ReadableText.list(brands + fields, last: last))") }
        if !words.isEmpty {
            parts.append("\(look) \(ReadableText.list(words.map { "“\($0)”" }, last: last))")
        }
        return ReadableText.list(parts, last: last)
    }

    private static func sharesStem(_ one: String, _ other: String) -> Bool {
        if one == other { return true }
        let shorter = min(one.count, other.count)
        guard shorter >= 3, abs(one.count - other.count) <= 3 else { return false }
        return one.hasPrefix(other.prefix(max(3, shorter - 1)))
    }
}
