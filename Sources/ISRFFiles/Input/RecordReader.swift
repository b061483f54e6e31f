internal import ISRFCore

/// Reads records of one format, one after the other.
protocol RecordReader<Record> {
    associatedtype Record

    /// The line at which the record that was read last begins, counted from 1.
    var line: Int { get }

    /// The next record, or nil at the end.
    /// - Throws: `RecordFault` for a malformed record, after which the next one can be read; any other error ends
    ///   the reading.
    mutating func next() throws -> Record?
}

extension RecordReader {
    /// Hands every record on; malformed ones end the reading, or are left out and returned.
    consuming func forEach(
        path: String, skippingMalformed: Bool, _ body: (Record, _ line: Int) throws -> Void
    ) throws -> [ISRFError] {
        var reader = self
        var skipped: [ISRFError] = []
        while true {
            do {
                guard let record = try reader.next() else { return skipped }
                try body(record, reader.line)
            } catch let fault as RecordFault {
                let error = ISRFError(
                    .invalidData, fault.message,
                    at: .init(file: path, line: fault.line ?? reader.line, field: fault.field))
                guard skippingMalformed else { throw error }
                skipped.append(error)
            }
        }
    }
}

/// The lines of a file that are not blank, each made sure to be text.
struct TextLines: RecordReader {
    private let reader: LineReader
    private let allowsLatin: Bool
    private(set) var line = 0

    /// - Parameter allowsLatin: Whether a line that is not UTF-8 is read as ISO 8859-1.
    init(_ reader: LineReader, allowsLatin: Bool = false) {
        self.reader = reader
        self.allowsLatin = allowsLatin
    }

    mutating func next() throws -> Line? {
        while let next = try reader.next() {
            guard !next.isBlank || next.isTooLong else { continue }
            line = next.number
            let text = allowsLatin ? next.readAsLatin : next
            try text.check(limits: reader.limits)
            return text
        }
        return nil
    }
}

extension ISRFError {
    /// A file gave nothing at all.
    static func nothingRead(_ what: String, path: String, skipped: [ISRFError]) -> ISRFError {
        guard let first = skipped.first else {
            return ISRFError(
                .invalidData, "The file has no \(what). At least one is needed.", at: .init(file: path))
        }
        return ISRFError(
            .invalidData,
            "The file has no well-formed \(what): \(skipped.count) malformed lines were skipped. The first is:",
            at: .init(file: path), underlying: first)
    }
}
