internal import ISRFData

/// MovieLens `movies.dat`: `id::title::genre|genre`.
struct MovieLensItemReader: RecordReader {
    private var lines: TextLines

    var line: Int { lines.line }

    init(_ reader: LineReader) {
        // The published files are not all in UTF-8.
        lines = TextLines(reader, allowsLatin: true)
    }

    mutating func next() throws -> Item? {
        guard let line = try lines.next() else { return nil }
        let fields = line.text.split(separator: "::", omittingEmptySubsequences: false)
        guard fields.count >= 3, let identifier = fields.first, let genres = fields.last else {
            throw RecordFault("Expected id::title::genre|genre; the line has \(fields.count) of the three fields.")
        }
        guard !line.bytes.contains(.carriageReturn) else { throw RecordFault.strayCarriageReturn }
        guard !identifier.isEmpty else { throw RecordFault("The identifier is empty.", field: "id") }
        return Item(
            id: String(identifier), title: fields.dropFirst().dropLast().joined(separator: "::").nonBlank,
            categories: genres.split(separator: "|").filter { $0 != "(no genres listed)" }.map { [String($0)] })
    }
}
