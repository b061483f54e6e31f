/// One user on each line, then the user's items, oldest first, separated by spaces or tabs.
struct SequenceReader: RecordReader {
    /// A user with the whole history.
    struct Sequence {
        var user: String
        var items: [String]
    }

    private var lines: TextLines

    var line: Int { lines.line }

    init(_ reader: LineReader) {
        lines = TextLines(reader)
    }

    mutating func next() throws -> Sequence? {
        guard let line = try lines.next() else { return nil }
        guard !line.bytes.contains(.carriageReturn) else { throw RecordFault.strayCarriageReturn }
        let words = line.bytes.split { $0 == .space || $0 == .tab }.map { String(decoding: $0, as: UTF8.self) }
        guard words.count >= 2, let user = words.first else {
            throw RecordFault(
                "The line names a user without items. Expected a user and then the user's items; remove users who "
                    + "have none.")
        }
        return Sequence(user: user, items: Array(words.dropFirst()))
    }
}
