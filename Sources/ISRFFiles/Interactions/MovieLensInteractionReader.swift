internal import ISRFData

/// MovieLens `ratings.dat`: `user::item::rating::timestamp`.
struct MovieLensInteractionReader: RecordReader {
    private var lines: TextLines

    var line: Int { lines.line }

    init(_ reader: LineReader) {
        lines = TextLines(reader)
    }

    mutating func next() throws -> Interaction? {
        guard let line = try lines.next() else { return nil }
        let fields = line.text.split(separator: "::", omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 4 else {
            throw RecordFault("Expected user::item::rating::timestamp; the line has \(fields.count) fields.")
        }
        for (field, name) in zip(fields, ["user", "item"]) where field.isEmpty {
            throw RecordFault("The identifier is empty.", field: name)
        }
        return Interaction(
            user: fields[0], item: fields[1], timestamp: try Interaction.number(fields[3], field: "timestamp"),
            rating: try Interaction.number(fields[2], field: "rating"))
    }
}
