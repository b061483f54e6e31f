internal import ISRFData

/// Items as JSON Lines: the known fields, and any further ones as attributes.
struct JSONItemReader: RecordReader {
    private var lines: TextLines

    var line: Int { lines.line }

    init(_ reader: LineReader) {
        lines = TextLines(reader)
    }

    mutating func next() throws -> Item? {
        guard let line = try lines.next() else { return nil }
        var record = try FieldRecord(line)
        return Item(
            id: try record.takeIdentifier("id"), title: try record.takeText("title"),
            brand: try record.takeText("brand"), description: try record.takeText("description"),
            categories: try record.takeCategories("categories"), attributes: record.attributes())
    }
}
