/// Turns catalogue text, whatever it holds, into pieces of readable sentences.
enum ReadableText {
    /// The most characters of one label; longer ones end in an ellipsis.
    static let longestLabel = 48

    /// A label without control characters, line breaks, or more than `longestLabel` characters.
    static func label(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(longestLabel * 8) {
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
        let cleaned = String(scalars).drop { $0 == " " }
        var label = cleaned.count > longestLabel ? cleaned.prefix(longestLabel - 1) + "…" : cleaned[...]
        while label.last == " " { label.removeLast() }
        return String(label)
    }

    /// The number of words between white space.
    static func wordCount(_ text: String) -> Int {
        text.split(whereSeparator: \.isWhitespace).count
    }

    /// The first `limit` words of a text.
    static func clipped(_ text: String, toWords limit: Int) -> String {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count > limit else { return text }
        return words.prefix(limit).joined(separator: " ")
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
