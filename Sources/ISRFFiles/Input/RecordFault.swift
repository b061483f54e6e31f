internal import ISRFCore

/// What is wrong with one record; the records after it can still be read.
struct RecordFault: Error {
    var message: String
    var field: String?
    /// Nil for the line at which the record begins.
    var line: Int?

    init(_ message: String, field: String? = nil, line: Int? = nil) {
        self.message = message
        self.field = field
        self.line = line
    }

    /// Files whose lines end with a carriage return alone would be one single line.
    static let strayCarriageReturn = RecordFault(
        "There is a carriage return within the line. End lines with a line feed.")
}
