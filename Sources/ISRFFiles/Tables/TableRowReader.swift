/// Reads rows of a table, strictly: what is not well formed is a fault, never a guess.
///
/// SwiftCSV would hold the whole file as one text, and its errors name no line and end the reading.
struct TableRowReader: RecordReader {
    private let reader: LineReader
    private let dialect: TableDialect
    private(set) var line = 0

    init(_ reader: LineReader, dialect: TableDialect) {
        self.reader = reader
        self.dialect = dialect
    }

    /// The next row. Empty lines are left out.
    mutating func next() throws -> TableRow? {
        while let next = try reader.next() {
            guard !next.bytes.isEmpty else { continue }
            line = next.number
            try next.check(limits: reader.limits)
            switch dialect {
            case .tabs: return try splitByTabs(next)
            case .commas where next.bytes.contains(.quote): return try readQuoted(next)
            case .commas: return try split(next)
            }
        }
        return nil
    }

    private func split(_ line: Line) throws(RecordFault) -> TableRow {
        var row = TableRow(line: line.number)
        var start = 0
        for (place, byte) in line.bytes.enumerated() {
            if byte == dialect.delimiter {
                row.fields.append(start..<place)
                start = place + 1
            } else if byte == .carriageReturn {
                throw Self.strayCarriageReturn
            }
        }
        row.fields.append(start..<line.bytes.count)
        row.bytes = line.bytes
        return row
    }

    private func splitByTabs(_ line: Line) throws(RecordFault) -> TableRow {
        let row = try split(line)
        guard line.bytes.contains(.quote) else { return row }
        var unquoted = TableRow(line: row.line)
        for field in row.fields {
            let start = unquoted.bytes.count
            unquoted.bytes.append(contentsOf: Self.unquoted(line.bytes[field]))
            unquoted.fields.append(start..<unquoted.bytes.count)
        }
        return unquoted
    }

    /// The field without quotes around it, or the field itself if they do not enclose it as a whole.
    private static func unquoted(_ field: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard field.count >= 2, field.first == .quote, field.last == .quote else { return field }
        var result: ArraySlice<UInt8> = []
        var inner = field.dropFirst().dropLast()
        while let byte = inner.popFirst() {
            if byte == .quote, inner.popFirst() != .quote { return field }
            result.append(byte)
        }
        return result
    }

    private enum QuotedState { case fieldStart, plain, quoted, afterQuote }

    /// Reads a row with quotes, which may go on over further lines.
    private func readQuoted(_ first: Line) throws -> TableRow {
        var row = TableRow(line: first.number)
        var state = QuotedState.fieldStart
        var start = 0
        var further: [Line] = []
        var current = first
        do {
            while true {
                for byte in current.bytes { try step(byte, state: &state, row: &row, start: &start) }
                guard state == .quoted else { break }
                row.bytes.append(contentsOf: current.ending == .lineFeed ? [.lineFeed] : [.carriageReturn, .lineFeed])
                guard let next = try reader.next() else {
                    throw RecordFault("A quoted field never closes. Close it, or double the quotes within it.")
                }
                further.append(next)
                try next.check(limits: reader.limits)
                guard row.bytes.count + next.bytes.count <= reader.limits.lineLength else {
                    throw RecordFault(
                        "A quoted field goes on for more than \(reader.limits.lineLength) bytes. Close it, or double "
                            + "the quotes within it.")
                }
                current = next
            }
        } catch var fault as RecordFault {
            // A quote too many swallows the lines after it: they are read again, each as a row of its own.
            reader.putBack(further)
            if let last = further.last {
                fault.message = "In the quoted field that goes on to line \(last.number): " + fault.message
            }
            fault.line = first.number
            throw fault
        }
        row.fields.append(start..<row.bytes.count)
        return row
    }

    private func step(_ byte: UInt8, state: inout QuotedState, row: inout TableRow, start: inout Int)
        throws(RecordFault)
    {
        switch (state, byte) {
        case (.quoted, .quote): state = .afterQuote
        case (.quoted, _): row.bytes.append(byte)
        case (.fieldStart, .quote): state = .quoted
        case (.afterQuote, .quote):
            row.bytes.append(byte)
            state = .quoted
        case (_, .comma):
            row.fields.append(start..<row.bytes.count)
            start = row.bytes.count
            state = .fieldStart
        case (.afterQuote, _):
            throw RecordFault(
                "There is text after the closing quote of field \(row.fields.count + 1). Double the quotes within a "
                    + "quoted field.")
        case (_, .quote):
            throw RecordFault(
                "There is a quote within field \(row.fields.count + 1), which is not in quotes. Put the field in "
                    + "quotes and double those within it.")
        case (_, .carriageReturn): throw Self.strayCarriageReturn
        default:
            row.bytes.append(byte)
            state = .plain
        }
    }

    private static let strayCarriageReturn = RecordFault(
        "There is a carriage return within the line. End lines with a line feed; a field of CSV that holds a carriage "
            + "return must be in quotes.")
}
