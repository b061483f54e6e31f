internal import ISRFCore
internal import ISRFData

/// Items from tables with a header: CSV, TSV, RecBole and MovieLens `movies.csv`.
struct TableItemReader: RecordReader {
    private enum Meaning { case identifier, title, brand, description, categories, attribute, nothing }

    private var table: TableReader
    private let meanings: [Meaning]
    private let isRecBole: Bool

    var line: Int { table.line }

    /// Reads the header.
    /// - Throws: `ISRFError` (`invalidData`) when the header is malformed or names no identifier.
    init(_ reader: LineReader, dialect: TableDialect, isRecBole: Bool = false) throws {
        table = try TableReader(reader, dialect: dialect, hasTypes: isRecBole)
        self.isRecBole = isRecBole
        let header = table.header
        var meanings = header.names.indices.map { column in
            // Embeddings are not text, and a column without a name is a row number.
            header.names[column].isEmpty || header.types[column] == .numberSequence ? Meaning.nothing : .attribute
        }
        for (keys, meaning) in [
            (ItemColumns.title, Meaning.title), (ItemColumns.brand, .brand), (ItemColumns.description, .description),
            (ItemColumns.categories, .categories),
        ] {
            if let column = ItemColumns.preferred(keys, among: header.names) { meanings[column] = meaning }
        }
        meanings[try header.requiredColumn(named: ItemColumns.identifier, for: "item identifier")] = .identifier
        self.meanings = meanings
    }

    mutating func next() throws -> Item? {
        guard let row = try table.next() else { return nil }
        var item = Item(id: "")
        for (column, meaning) in meanings.enumerated() {
            let name = table.header.names[column]
            switch meaning {
            case .identifier: item.id = row[column]
            case .title: item.title = row[column].nonBlank
            case .brand: item.brand = row[column].nonBlank
            case .description: item.description = row[column].nonBlank
            case .categories: item.categories = try categories(row[column], field: name)
            case .attribute:
                let values = values(row[column], column: column)
                if !values.isEmpty { item.attributes[name] = values }
            case .nothing: break
            }
        }
        guard !item.id.isEmpty else {
            throw RecordFault("The identifier is empty. Give every item one.", field: identifierName)
        }
        return item
    }

    private var identifierName: String? {
        meanings.firstIndex(of: .identifier).map { table.header.names[$0] }
    }

    private func values(_ cell: String, column: Int) -> [String] {
        guard let cell = cell.nonBlank else { return [] }
        return table.header.types[column] == .tokenSequence ? Self.sequence(cell) : [cell]
    }

    /// The values of a RecBole sequence: separated by spaces, or in single quotes and separated by commas.
    private static func sequence(_ cell: String) -> [String] {
        let cell = cell.trimmed
        if cell.hasPrefix("'"), cell.hasSuffix("'"), cell.utf8.count >= 2 {
            return cell.dropFirst().dropLast().split(separator: "', '").compactMap { $0.nonBlank }
        }
        return cell.split(separator: " ").map(String.init)
    }

    private func categories(_ cell: String, field: String) throws(RecordFault) -> [[String]] {
        guard let cell = cell.nonBlank else { return [] }
        if isRecBole { return Self.sequence(cell).map { [$0] } }
        if cell.hasPrefix("[") {
            // Lists as programs write them into a cell, in the style of JSON or Python.
            let line = Line(number: 0, bytes: Array("{'\(field)': \(cell)}".utf8))
            guard var record = try? FieldRecord(line, allowsPython: true) else {
                throw RecordFault("The cell begins as a list but is none. Expected [\"A\", \"B\"].", field: field)
            }
            return try record.takeCategories(field)
        }
        return cell.split(separator: "|").compactMap { path in
            let levels = path.split(separator: ">").map(\.trimmed).filter { !$0.isEmpty }
            return levels.isEmpty || levels == ["(no genres listed)"] ? nil : levels
        }
    }
}
