internal import Foundation

/// How a text is made plain before it is cut into words, scalar by scalar.
struct TextNormalization: Sendable, Equatable {
    /// Whether letters become small ones.
    var lowercases = true
    /// Whether accents are dropped: what canonical decomposition leaves as nonspacing marks.
    var stripsAccents = true
    /// Whether every Chinese character is a word of its own.
    var separatesChineseCharacters = true
    /// Whether control characters are dropped.
    var cleans = true

    /// What a scalar is to the cutting of words.
    enum Kind {
        case space, dropped, single, part
    }

    /// The kind of a scalar as it stands in the text.
    func kind(of scalar: Unicode.Scalar) -> Kind {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20: return .space
        case 0, 0xFFFD: return cleans ? .dropped : .part
        case 0x21...0x7E: return .part
        case let value where separatesChineseCharacters && Self.isChinese(value): return .single
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .privateUse: return cleans ? .dropped : .part
        default: return scalar.properties.isWhitespace ? .space : .part
        }
    }

    /// What takes the place of a scalar beyond ASCII.
    func folded(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        let parts =
            stripsAccents
            ? String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars
                .filter { $0.properties.generalCategory != .nonspacingMark }
            : [scalar]
        return lowercases ? parts.flatMap { Array($0.properties.lowercaseMapping.unicodeScalars) } : parts
    }

    /// Whether the scalar is a word of its own as punctuation: everything in ASCII that is no letter, digit or space,
    /// and what Unicode calls punctuation.
    static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 33...47, 58...64, 91...96, 123...126: return true
        case 0..<128: return false
        default: break
        }
        switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            return true
        default: return false
        }
    }

    /// The blocks of CJK ideographs that BERT names; Hangul, Hiragana and Katakana are words with spaces to it.
    private static func isChinese(_ value: UInt32) -> Bool {
        switch value {
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x2A6DF, 0x2A700...0x2B73F,
            0x2B740...0x2B81F, 0x2B820...0x2CEAF, 0x2F800...0x2FA1F:
            true
        default: false
        }
    }
}

/// Folded scalars, kept for the next time: decomposing takes microseconds, and a text has few different ones.
final class FoldedScalars {
    private let normalization: TextNormalization
    private var known: [Unicode.Scalar: [Unicode.Scalar]] = [:]

    init(_ normalization: TextNormalization) {
        self.normalization = normalization
    }

    subscript(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        if let folded = known[scalar] { return folded }
        let folded = normalization.folded(scalar)
        if known.count > 4096 { known.removeAll() }
        known[scalar] = folded
        return folded
    }
}
