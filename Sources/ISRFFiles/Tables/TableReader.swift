internal import ISRFCore

/// The rows of a table that has a header, each with as many fields as the header.
struct TableReader: RecordReader {
    let header: TableHeader
    private let dialect: TableDialect
    private var rows: TableRowReader

    var line: Int { rows.line }

    /// Reads the header.
    /// - Throws: `ISRFError` (`invalidData`) when the header is missing or malformed.
    init(_ reader: LineReader, dialect: TableDialect, hasTypes: Bool = false) throws {
        self.dialect = dialect
        rows = TableRowReader(reader, dialect: dialect)
        do {
            guard let row = try rows.next() else {
                throw RecordFault("The file is empty. Expected a first line that names the columns.", line: 1)
            }
            header = try TableHeader(row, path: reader.path, hasTypes: hasTypes)
        } catch let fault as RecordFault {
            // Nothing can be read without the header, whether malformed lines are skipped or not.
            throw ISRFError(
                .invalidData, fault.message, at: .init(file: reader.path, line: fault.line ?? rows.line))
        }
    }

    mutating func next() throws -> TableRow? {
        guard let row = try rows.next() else { return nil }
        guard row.fields.count == header.names.count else {
            throw RecordFault(
                "The row has \(row.fields.count) fields; the header has \(header.names.count). Quote fields that hold a "
                    + "\(dialect.delimiterName), or remove it from them.")
        }
        return row
    }
}
