internal import ISRFCore

/// The names of a table's columns, and what they mean.
struct TableHeader {
    /// The type that RecBole writes after a column's name.
    enum ColumnType: String {
        case token
        case tokenSequence = "token_seq"
        case number = "float"
        case numberSequence = "float_seq"
    }

    /// The names as they stand in the file, without spaces around them and without types.
    let names: [String]
    /// Each column's type; nil in tables without types.
    let types: [ColumnType?]
    private let location: ISRFError.Location

    /// Reads the header.
    /// - Throws: `ISRFError` (`invalidData`) when a name is there twice, or a type is missing or unknown.
    init(_ row: TableRow, path: String, hasTypes: Bool) throws {
        location = .init(file: path, line: row.line)
        var names: [String] = []
        var types: [ColumnType?] = []
        for field in row.fields.indices {
            let cell = row[field].trimmed
            guard hasTypes else {
                names.append(cell)
                types.append(nil)
                continue
            }
            guard let colon = cell.lastIndex(of: ":"),
                let type = ColumnType(rawValue: String(cell[colon...].dropFirst()))
            else {
                throw ISRFError(
                    .invalidData,
                    "The header's column \(field + 1) is \"\(cell)\"; expected a name and a type, such as "
                        + "\"item_id:token\", with the types token, token_seq, float and float_seq.",
                    at: .init(file: path, line: row.line, field: cell))
            }
            names.append(String(cell[..<colon]))
            types.append(type)
        }
        for (place, name) in names.enumerated() where !name.isEmpty && names[..<place].contains(name) {
            throw ISRFError(
                .invalidData, "The header names the column \"\(name)\" twice. Rename or remove one of them.",
                at: .init(file: path, line: row.line, field: name))
        }
        self.names = names
        self.types = types
    }

    /// A name as it is compared: without case, spaces, hyphens and underscores.
    static func key(_ name: String) -> String {
        String(String.UnicodeScalarView(name.lowercased().unicodeScalars.filter { !"_- ".unicodeScalars.contains($0) }))
    }

    /// The only column with one of the names, or nil.
    /// - Throws: `ISRFError` (`invalidData`) when there are several, since the wrong one could be read.
    func column(named keys: [String], for meaning: String) throws -> Int? {
        let found = names.indices.filter { keys.contains(Self.key(names[$0])) }
        guard found.count <= 1 else {
            let list = found.map { "\"\(names[$0])\"" }.joined(separator: " and ")
            throw error("The columns \(list) could each be the \(meaning). Rename all but one.", field: meaning)
        }
        return found.first
    }

    /// The only column with one of the names.
    /// - Throws: `ISRFError` (`invalidData`) when there is none or more than one.
    func requiredColumn(named keys: [String], for meaning: String) throws -> Int {
        if let column = try column(named: keys, for: meaning) { return column }
        throw error(
            "There is no column for the \(meaning). Expected one named \(keys.joined(separator: ", ")); the first line "
                + "names the columns \(names.map { "\"\($0.shortened)\"" }.prefix(20).joined(separator: ", ")).",
            field: meaning)
    }

    /// An error at the header's line.
    func error(_ message: String, field: String) -> ISRFError {
        var location = location
        location.field = field
        return ISRFError(.invalidData, message, at: location)
    }
}
