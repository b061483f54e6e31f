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
    /// The picked attributes: categories, brands and fields in the order of the evidence, then words.
    private(set) var attributes: [Int] = []

    /// Picks the strongest attributes of each kind in the order of the evidence.
    /// - Parameter excluding: Labels and words already said elsewhere, in lower case.
    init(_ evidence: [Int], from readable: ReadableVocabulary, limits: Limits, excluding said: [String] = []) {
        var labels = Set(said)
        var stems = said.flatMap { $0.split(separator: " ").map(String.init) }
        for attribute in evidence where readable.kind(attribute) != .word {
            let label = readable.labels[attribute]
            guard !label.isEmpty, !labels.contains(readable.folded[attribute]) else { continue }
            switch readable.kind(attribute) {
            case .category where categories.count < limits.categories: categories.append(label)
            case .brand where brands.count < limits.brands: brands.append(label)
            case .field where fields.count < limits.fields:
                let name = ReadableText.label(readable.vocabulary.attributes[attribute].field ?? "")
                fields.append(name.isEmpty ? label : "\(name) \(label)")
            default: continue
            }
            attributes.append(attribute)
            labels.insert(readable.folded[attribute])
            stems.append(contentsOf: readable.words[attribute])
        }
        for attribute in evidence where words.count < limits.words && readable.kind(attribute) == .word {
            let folded = readable.folded[attribute]
            // "shampoo" adds nothing to "Shampoos", nor "mac" to the brand "MAC Cosmetics".
            guard !folded.isEmpty, !stems.contains(where: { Self.sharesStem(folded, $0) }) else { continue }
            words.append(readable.labels[attribute])
            attributes.append(attribute)
            stems.append(folded)
        }
    }

    var isEmpty: Bool { attributes.isEmpty }

    /// All labels, categories first, words in quotation marks.
    var labels: [String] { categories + brands + fields + quotedWords }

    /// All labels in lower case and without quotation marks.
    var folded: [String] { (categories + brands + fields + words).map { $0.lowercased() } }

    private var quotedWords: [String] { words.map { "“\($0)”" } }

    /// "choose A and B; favour C; and look for “d”": what people with these interests do.
    func clause(choose: String, favour: String, look: String, last: String = "and") -> String {
        var parts: [String] = []
        if !categories.isEmpty { parts.append("\(choose) \(ReadableText.list(categories, last: last))") }
        if !(brands + fields).isEmpty { parts.append("\(favour) \(ReadableText.list(brands + fields, last: last))") }
        if !words.isEmpty { parts.append("\(look) \(ReadableText.list(quotedWords, last: last))") }
        if parts.count > 1 { parts[parts.count - 1] = "\(last) \(parts[parts.count - 1])" }
        return parts.joined(separator: parts.count > 2 ? "; " : ", ")
    }

    private static func sharesStem(_ one: String, _ other: String) -> Bool {
        if one == other { return true }
        let (first, second) = (one.utf8.count, other.utf8.count)
        let shorter = min(first, second)
        guard shorter >= 3, abs(first - second) <= 3 else { return false }
        return one.utf8.starts(with: other.utf8.prefix(max(3, shorter - 1)))
    }
}
