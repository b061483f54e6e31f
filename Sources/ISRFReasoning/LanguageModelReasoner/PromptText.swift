/// Other people's words as they stand in a prompt: quoted as JSON on one line, cut to size, unable to pass for anything
/// but data.
package enum PromptText {
    /// What stands where a text was cut.
    static let cutMark = "…"

    /// About how many tokens a text has: one for every four ASCII characters, one for every other scalar.
    package static func tokens(in text: String) -> Int {
        var ascii = 0
        var others = 0
        for byte in text.utf8 {
            if byte < 0x80 {
                ascii += 1
            } else if byte & 0xC0 != 0x80 {
                others += 1
            }
        }
        return (ascii + 3) / 4 + others
    }

    /// The text as a JSON string, cut to about so many tokens between two characters.
    static func quoted(_ text: String, tokens: Int) -> String {
        "\"" + escaped(cut(collapsed(text, tokens: tokens), tokens: tokens)) + "\""
    }

    /// Runs of white space become one space; no more is read than could be needed.
    private static func collapsed(_ text: String, tokens: Int) -> String {
        let most = 4 * max(0, tokens) + 64
        var result = String.UnicodeScalarView()
        var count = 0
        var gap = false
        var read = 0
        for scalar in text.unicodeScalars {
            read += 1
            guard count <= most, read <= 16 * most else { break }
            if isWhitespace(scalar) {
                gap = count > 0
                continue
            }
            if gap {
                result.append(" ")
                count += 1
                gap = false
            }
            result.append(scalar)
            count += 1
        }
        return String(result)
    }

    private static func cut(_ text: String, tokens: Int) -> String {
        guard self.tokens(in: text) > tokens else { return text }
        var quarters = 4 * max(0, tokens - 1)
        var kept = ""
        for character in text {
            quarters -= cost(character.unicodeScalars)
            if quarters < 0 { break }
            kept.append(character)
        }
        // One character may be made of any number of combining marks.
        if kept.isEmpty, let first = text.unicodeScalars.first { kept.unicodeScalars.append(first) }
        return kept + cutMark
    }

    private static func cost(_ scalars: Character.UnicodeScalarView) -> Int {
        scalars.reduce(0) { $0 + ($1.isASCII ? 1 : 4) }
    }

    /// Escapes what JSON demands, what directs the flow of text, and what models take for their own marks.
    private static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count + 8)
        let scalars = Array(text.unicodeScalars)
        for (place, scalar) in scalars.enumerated() {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "<", ">", "`": escape(scalar, into: &result)
            case "[" where opensMark(scalars, place): escape(scalar, into: &result)
            default:
                // A mark at the start would join the quote before it.
                if isInvisible(scalar) || (place == 0 && isMark(scalar)) {
                    escape(scalar, into: &result)
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }

    /// Whether a bracket begins a mark like `[INST]` or `[/INST]`.
    private static func opensMark(_ scalars: [Unicode.Scalar], _ place: Int) -> Bool {
        guard place + 1 < scalars.count else { return false }
        return scalars[place + 1] == "/" || ("A"..."Z").contains(scalars[place + 1])
    }

    private static func isWhitespace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII ? scalar == " " || (0x09...0x0D).contains(scalar.value) : scalar.properties.isWhitespace
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        return switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        // Joiners belong to emoji and to several scripts; other format characters turn or hide text.
        case .format: scalar.value != 0x200C && scalar.value != 0x200D
        default: false
        }
    }

    private static func escape(_ scalar: Unicode.Scalar, into result: inout String) {
        for unit in UTF16.encode(scalar) ?? .init() {
            let digits = String(unit, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
    }
}
