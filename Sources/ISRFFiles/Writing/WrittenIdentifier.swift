internal import ISRFCore

/// Identifiers as files can hold them; what a reader would take for something else is refused.
enum WrittenIdentifier {
    /// Makes sure that an identifier is one word of a file of sequences.
    static func checkWord(_ identifier: String, _ field: String) throws {
        try check(identifier, field)
        guard !identifier.utf8.contains(where: { [.space, .tab, .lineFeed, .carriageReturn].contains($0) }),
            // A reader would take it for the mark at the beginning of the file.
            identifier.unicodeScalars.first != "\u{FEFF}"
        else {
            throw ISRFError(
                .invalidData,
                "The identifier \"\(identifier)\" has white space, which separates identifiers in the sequences form. "
                    + "Write CSV instead.",
                at: .init(field: field))
        }
    }

    /// The identifier as a cell of CSV.
    static func cell(_ identifier: String, _ field: String) throws -> String {
        try check(identifier, field)
        let special: [UInt8] = [.comma, .quote, .lineFeed, .carriageReturn]
        guard identifier.utf8.contains(where: special.contains) else { return identifier }
        // Not by characters: a quote may be one together with what follows it.
        var cell: [UInt8] = [.quote]
        for byte in identifier.utf8 { cell += byte == .quote ? [.quote, .quote] : [byte] }
        return String(decoding: cell + [.quote], as: UTF8.self)
    }

    private static func check(_ identifier: String, _ field: String) throws {
        guard !identifier.isEmpty else {
            throw ISRFError(
                .invalidData, "An identifier is empty. Give every \(field) one.", at: .init(field: field))
        }
        guard !identifier.utf8.contains(0) else {
            throw ISRFError(
                .invalidData, "The identifier \"\(identifier)\" has a NUL character, which no text file holds.",
                at: .init(field: field))
        }
    }
}
