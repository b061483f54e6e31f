/// Divides texts into the terms that the latent semantic encoder counts: words and phrases.
///
/// A line with " > " in it is a path, and each of its levels one phrase. Any other line is running text: its words, the
/// phrases known from elsewhere that are found in it, and, if it is short, the whole line as one phrase (a brand, a
/// value). Phrases are written with a leading "=", which no word has.
struct SemanticTerms: Sendable {
    /// Lines and levels with more words than this are no phrases.
    static let longestPhrase = 6
    /// A text is read up to this many characters.
    static let longestText = 20_000

    /// The terms of one text with their weights before the document frequency, in the order of first appearance.
    struct Weighted {
        var term: String
        var weight: Float
    }

    /// The weight of a phrase from a path, against 1 for a word of running text.
    var pathWeight: Float

    /// The phrases that a text declares: its path levels and short lines.
    func declaredPhrases(in text: String) -> [String] {
        var phrases: [String] = []
        forEachLine(of: text) { levels in
            for level in levels {
                if let phrase = Self.phrase(of: Tokenization.unicode.words(in: level)) { phrases.append(phrase) }
            }
        }
        return phrases
    }

    /// The terms of a text; a phrase in a path that is not in `phrases` gives way to its words.
    func terms(of text: String, phrases: PhraseSet) -> [Weighted] {
        var order: [String] = []
        var counts: [String: Int] = [:]
        var phraseWeights: [String: Float] = [:]
        func add(_ words: [String]) {
            for word in words {
                if counts[word] == nil { order.append(word) }
                counts[word, default: 0] += 1
            }
        }
        func add(_ phrase: String, _ weight: Float) {
            if phraseWeights[phrase] == nil { order.append(phrase) }
            phraseWeights[phrase] = max(phraseWeights[phrase] ?? 0, weight)
        }
        forEachLine(of: text) { levels in
            if levels.count > 1 {
                for level in levels {
                    let words = Tokenization.unicode.words(in: level)
                    if let phrase = Self.phrase(of: words), phrases.contains(phrase) {
                        add(phrase, pathWeight)
                    } else {
                        add(words)
                    }
                }
                return
            }
            let words = Tokenization.unicode.words(in: levels[0])
            add(words)
            if let phrase = Self.phrase(of: words), phrases.contains(phrase) { add(phrase, 1) }
            var start = 0
            while start < words.count {
                var length = min(phrases.longest(from: words[start]), words.count - start)
                while length > 1 {
                    let phrase = "=" + words[start..<start + length].joined(separator: " ")
                    if phrases.contains(phrase) {
                        add(phrase, 1)
                        break
                    }
                    length -= 1
                }
                start += max(1, length)
            }
        }
        return order.map { term in
            // Sublinear: the second mention of a word says less than the first.
            Weighted(term: term, weight: phraseWeights[term] ?? 1 + Float(counts[term] ?? 1).logarithm)
        }
    }

    static func isPhrase(_ term: String) -> Bool { term.utf8.first == UInt8(ascii: "=") }

    private static func phrase(of words: [String]) -> String? {
        guard !words.isEmpty, words.count <= longestPhrase else { return nil }
        return "=" + words.joined(separator: " ")
    }

    private func forEachLine(of text: String, _ body: (_ levels: [String]) -> Void) {
        for line in text.prefix(Self.longestText).split(whereSeparator: \.isNewline) {
            let levels = line.split(separator: ItemDocument.pathSeparator).map(String.init)
            if !levels.isEmpty { body(levels) }
        }
    }
}

/// Phrases, found by their first word.
struct PhraseSet: Sendable {
    private let phrases: Set<String>
    private let longestByFirstWord: [String: Int]

    init(_ phrases: some Sequence<String>) {
        self.phrases = Set(phrases)
        var longest: [String: Int] = [:]
        for phrase in self.phrases {
            let words = phrase.dropFirst().split(separator: " ")
            guard words.count > 1, let first = words.first else { continue }
            longest[String(first)] = max(longest[String(first)] ?? 0, words.count)
        }
        longestByFirstWord = longest
    }

    func contains(_ phrase: String) -> Bool { phrases.contains(phrase) }

    /// The number of words of the longest phrase of several words that starts with a word, or 0.
    func longest(from word: String) -> Int { longestByFirstWord[word] ?? 0 }
}
