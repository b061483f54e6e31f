/// How a text is divided into words.
public enum Tokenization: String, Sendable, Codable, Hashable, CaseIterable {
    /// Words of any script: runs of letters, marks and digits, in lower case.
    ///
    /// An apostrophe inside a word belongs to it and a final "'s" is dropped; a point or comma between two digits
    /// belongs to the number; full-width letters count as their plain forms. In scripts written without spaces (Han,
    /// kana, Thai, Lao, Khmer, Burmese) every two neighbouring characters are a word.
    case unicode
    /// Runs of `a-z` and `0-9` in the lower-cased text; everything else separates.
    case ascii

    /// The words of a text in order, in lower case, repeated ones included.
    public func words(in text: String) -> [String] {
        var words: [String] = []
        switch self {
        case .unicode: forEachWrittenWord(in: text) { words.append($0.lowercased()) }
        case .ascii: Self.forEachASCIIWord(in: text) { words.append($0) }
        }
        return words
    }

    /// Calls `body` with each word as it is written (`unicode`) or in lower case (`ascii`).
    package func forEachWrittenWord(in text: String, _ body: (String) -> Void) {
        switch self {
        case .unicode:
            var scanner = WordScanner()
            for scalar in text.unicodeScalars { scanner.take(scalar, body) }
            scanner.finish(body)
        case .ascii:
            Self.forEachASCIIWord(in: text, body)
        }
    }

    private static func forEachASCIIWord(in text: String, _ body: (String) -> Void) {
        var word: [UInt8] = []
        for byte in text.lowercased().utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                word.append(byte)
            default:
                if !word.isEmpty { body(String(decoding: word, as: UTF8.self)) }
                word.removeAll(keepingCapacity: true)
            }
        }
        if !word.isEmpty { body(String(decoding: word, as: UTF8.self)) }
    }
}

/// Collects the words of a text, one scalar at a time.
private struct WordScanner {
    private enum Class { case letter, digit, mark, unspaced, apostrophe, numberJoiner, other }

    private var word = String.UnicodeScalarView()
    /// A joiner that belongs to the word if what follows fits.
    private var pending: Unicode.Scalar?
    private var last = Class.other
    private var unspaced: [String.UnicodeScalarView] = []

    mutating func take(_ written: Unicode.Scalar, _ body: (String) -> Void) {
        let scalar = Self.plain(written)
        let kind = Self.classify(scalar)
        switch kind {
        case .letter, .digit:
            endUnspaced(body)
            if let joiner = pending {
                let fits = joiner == "'" ? kind == .letter : kind == .digit
                pending = nil
                if fits { word.append(joiner) } else { endWord(body) }
            }
            word.append(scalar)
            last = kind
        case .mark:
            if !unspaced.isEmpty {
                unspaced[unspaced.count - 1].append(scalar)
            } else if !word.isEmpty, pending == nil {
                word.append(scalar)
            }
        case .unspaced:
            endWord(body)
            unspaced.append(String.UnicodeScalarView([scalar]))
        case .apostrophe where last == .letter && pending == nil && !word.isEmpty:
            pending = "'"
        case .numberJoiner where last == .digit && pending == nil && !word.isEmpty:
            pending = "."
        case .apostrophe, .numberJoiner, .other:
            finish(body)
        }
    }

    mutating func finish(_ body: (String) -> Void) {
        endWord(body)
        endUnspaced(body)
    }

    private mutating func endWord(_ body: (String) -> Void) {
        pending = nil
        last = .other
        guard !word.isEmpty else { return }
        if word.count > 2, let final = word.last, final == "s" || final == "S" {
            let before = word.index(word.endIndex, offsetBy: -2)
            if word[before] == "'" { word.removeSubrange(before...) }
        }
        body(String(word))
        word = String.UnicodeScalarView()
    }

    private mutating func endUnspaced(_ body: (String) -> Void) {
        guard !unspaced.isEmpty else { return }
        if unspaced.count == 1 {
            body(String(unspaced[0]))
        } else {
            for index in 1..<unspaced.count { body(String(unspaced[index - 1]) + String(unspaced[index])) }
        }
        unspaced.removeAll(keepingCapacity: true)
    }

    /// Full-width forms as plain ASCII, the typographic apostrophe as the plain one.
    private static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0xFF01...0xFF5E: Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
        case 0x2019, 0x02BC: "'"
        default: scalar
        }
    }

    private static func classify(_ scalar: Unicode.Scalar) -> Class {
        if scalar.isASCII {
            switch scalar {
            case "a"..."z", "A"..."Z": return .letter
            case "0"..."9": return .digit
            case "'": return .apostrophe
            case ".", ",": return .numberJoiner
            default: return .other
            }
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber:
            return isUnspaced(scalar.value) ? .unspaced : .letter
        case .decimalNumber: return .digit
        case .nonspacingMark, .spacingMark, .enclosingMark: return .mark
        default:
            // The zero-width joiners shape words of Indic and Arabic scripts without ending them.
            return scalar.value == 0x200C || scalar.value == 0x200D ? .mark : .other
        }
    }

    private static func isUnspaced(_ value: UInt32) -> Bool {
        switch value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF: true  // Thai and Lao, Burmese, Khmer
        case 0x3005...0x3007, 0x3040...0x30FF, 0x31F0...0x31FF, 0xFF66...0xFF9D: true  // kana
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x323AF: true  // Han
        default: false
        }
    }
}
