internal import ISRFCore

/// What a file's name and first line say about its format.
struct FormatDetection {
    private let path: String
    private let suffix: String
    private let line: Line

    /// - Parameter line: The first line that is not blank.
    init(path: String, line: Line) {
        self.path = path
        self.line = line
        var name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
        if name.hasSuffix(".gz") { name.removeLast(3) }
        suffix = name.contains(".") ? name.split(separator: ".").last.map(String.init) ?? "" : ""
    }

    /// The format of a file of items.
    /// - Throws: `ISRFError` (`invalidData`) when it cannot be told.
    func itemFormat() throws -> ItemFileFormat {
        if begins(with: "{") {
            if PythonLiteral.isDictionary(line.bytes) { return .amazon }
            let fields = (try? FieldRecord(line))?.fields
            return fields?["asin"] != nil && fields?["id"] == nil ? .amazon : .jsonLines
        }
        if line.doubleColons >= 2 || (suffix == "dat" && line.doubleColons == 1) { return .movielens }
        if suffix == "item" || hasTypes { return .recbole }
        if keys(.comma).starts(with: ["movieid", "title"]) { return .movielens }
        if let table = table(naming: [ItemColumns.identifier]) { return table == .tabs ? .tsv : .csv }
        switch suffix {
        case "csv": return .csv
        case "tsv": return .tsv
        case "jsonl", "json", "ndjson": return .jsonLines
        default: throw unknown("items", ItemFileFormat.allCases.map(\.rawValue))
        }
    }

    /// The format of a file of interactions.
    /// - Throws: `ISRFError` (`invalidData`) when it cannot be told.
    func interactionFormat() throws -> InteractionFileFormat {
        if begins(with: "{") { return .amazon }
        // Identifiers of sequences may hold colons too, but their lines always hold white space.
        let words = line.bytes.split { $0 == .space || $0 == .tab }
        if suffix == "dat" ? line.doubleColons >= 1 : line.doubleColons >= 2 && words.count == 1 { return .movielens }
        if suffix == "inter" || hasTypes { return .recbole }
        if keys(.comma).starts(with: ["userid", "movieid"]) { return .movielens }
        let names = [TableInteractionReader.userNames, TableInteractionReader.itemNames]
        if let table = table(naming: names) { return table == .tabs ? .tsv : .csv }
        switch suffix {
        case "csv": return .csv
        case "tsv": return .tsv
        case "json", "jsonl", "ndjson": return .amazon
        case "txt": return .sequences
        default:
            if words.count > 1, !begins(with: "[") { return .sequences }
            throw unknown("interactions", InteractionFileFormat.allCases.map(\.rawValue))
        }
    }

    private func begins(with character: Unicode.Scalar) -> Bool {
        line.bytes.first { $0 != .space && $0 != .tab } == UInt8(ascii: character)
    }

    private func cells(_ delimiter: UInt8) -> [String] {
        line.bytes.split(separator: delimiter, omittingEmptySubsequences: false).map { cell in
            let text = String(decoding: cell, as: UTF8.self).trimmed
            return text.hasPrefix("\"") && text.hasSuffix("\"") ? String(text.dropFirst().dropLast()) : text
        }
    }

    private func keys(_ delimiter: UInt8) -> [String] { cells(delimiter).map(TableHeader.key) }

    private var hasTypes: Bool {
        let cells = cells(.tab)
        return cells.allSatisfy { cell in
            guard let colon = cell.lastIndex(of: ":") else { return false }
            return TableHeader.ColumnType(rawValue: String(cell[colon...].dropFirst())) != nil
        }
    }

    /// The table whose header has one name out of each of the lists.
    private func table(naming names: [[String]]) -> TableDialect? {
        // A single column does not tell what would separate it from others.
        let dialects: [TableDialect] = line.bytes.contains(.tab) || suffix == "tsv" ? [.tabs, .commas] : [.commas]
        return dialects.first { dialect in
            let keys = keys(dialect.delimiter)
            return names.allSatisfy { list in keys.contains { list.contains($0) } }
        }
    }

    private func unknown(_ what: String, _ formats: [String]) -> ISRFError {
        ISRFError(
            .invalidData,
            "The format of these \(what) cannot be told from the name and the first line, which begins "
                + "\"\(String(line.text.prefix(40)))\". Say which it is: \(formats.joined(separator: ", ")).",
            at: .init(file: path, line: line.number))
    }
}

extension Line {
    /// How often the separator of MovieLens `.dat` files stands in the line.
    var doubleColons: Int {
        var count = 0
        var previous = UInt8.space
        for byte in bytes {
            if byte == .colon, previous == .colon {
                count += 1
                previous = .space
            } else {
                previous = byte
            }
        }
        return count
    }
}
