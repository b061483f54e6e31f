/// Turns catalogue text, whatever it holds, into pieces of readable sentences.
enum ReadableText {
    /// The most characters of one label; longer ones end in an ellipsis.
    static let longestLabel = 48

    /// A label without control characters, line breaks, doubled spaces, or more than `longestLabel` characters.
    static func label(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        var isASCII = true
        // Enough scalars for any label of ordinary characters, few enough for hostile ones to cost nothing.
        for scalar in text.unicodeScalars.prefix(longestLabel * 8) {
            switch scalar.value {
            case 0x21...0x7E:
                scalars.append(scalar)
                continue
            case 0...0x20, 0x7F:
                if scalars.last != " " { scalars.append(" ") }
                continue
            default: isASCII = false
            }
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate, .unassigned, .privateUse:
                if scalars.last != " " { scalars.append(" ") }
            case .format where scalar.value != 0x200C && scalar.value != 0x200D:
                // Invisible formatting could reverse or hide the text around the label.
                continue
            default:
                scalars.append(scalar)
            }
        }
        if scalars.first == " " { scalars.removeFirst() }
        while scalars.last == " " { scalars.removeLast() }
        let cleaned = String(scalars)
        guard (isASCII ? cleaned.utf8.count : cleaned.count) > longestLabel else { return cleaned }
        var label = cleaned.prefix(longestLabel - 1)
        while label.last == " " { label.removeLast() }
        return label + "…"
    }

    /// The number of words between spaces, the only white space that a label holds.
    static func wordCount(_ text: String) -> Int {
        text.utf8.split(separator: UInt8(ascii: " ")).count
    }

    /// The first `limit` words of a text.
    static func clipped(_ text: String, toWords limit: Int) -> String {
        let words = text.utf8.split(separator: UInt8(ascii: " "), maxSplits: limit)
        guard words.count > limit, limit > 0 else { return text }
        return String(text[..<words[limit - 1].endIndex])
    }

    /// The beginning of a title, to name an item by.
    static func shortTitle(_ title: String?, words: Int) -> String {
        var text = clipped(label(title ?? ""), toWords: words)
        while let last = text.last, ",;:-–—(/&|".contains(last) || last == " " { text.removeLast() }
        return text
    }

    /// "a", "a and b", "a, b and c"; with `last` in the place of "and".
    static func list(_ parts: [String], last: String = "and") -> String {
        guard let final = parts.last, parts.count > 1 else { return parts.first ?? "" }
        // Labels with commas of their own ("Creams, Gels & Lotions") are kept apart by semicolons.
        let separator = parts.contains { $0.contains(",") } && parts.count > 2 ? "; " : ", "
        return parts.dropLast().joined(separator: separator) + " \(last) " + final
    }

    /// The text with its first letter in upper case.
    static func sentence(_ text: String) -> String {
        guard let first = text.first else { return text }
        return first.uppercased() + text.dropFirst()
    }

    /// "1 user", "14 users".
    static func count(_ number: Int, _ singular: String, _ plural: String) -> String {
        "\(number) \(number == 1 ? singular : plural)"
    }

    /// A ratio with one decimal below 10, without any above: "6.2", "31".
    static func ratio(_ value: Double) -> String {
        guard value.isFinite, value < 1e6 else { return "very many" }
        let tenths = Int((value * 10).rounded())
        return tenths >= 100 || tenths % 10 == 0 ? "\(Int(value.rounded()))" : "\(tenths / 10).\(tenths % 10)"
    }
}
