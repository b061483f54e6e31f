internal import ISRFCore
public import ISRFData

extension Sequence<Interaction> {
    /// Writes the interactions as CSV with the columns `user`, `item`, `timestamp` and `rating`; of the last two only
    /// those that some interaction has.
    /// - Parameter path: The file; one that is there is replaced once all is written.
    /// - Throws: `ISRFError` (`invalidData`) when an identifier is empty or has a NUL character or a number is not finite;
    ///   `ISRFError` (`fileAccess`) when the file cannot be written.
    public func writeCSV(to path: String) throws {
        let interactions = Array(self)
        var columns: [(name: String, cell: (Interaction) throws -> String)] = [
            ("user", { try WrittenIdentifier.cell($0.user, "user") }),
            ("item", { try WrittenIdentifier.cell($0.item, "item") }),
        ]
        if interactions.contains(where: { $0.timestamp != nil }) {
            columns.append(("timestamp", { try Self.cell($0.timestamp, "timestamp") }))
        }
        if interactions.contains(where: { $0.rating != nil }) {
            columns.append(("rating", { try Self.cell($0.rating, "rating") }))
        }
        try TextFileWriter.write(to: path) { writer in
            try writer.writeLine(columns.map(\.name).joined(separator: ",").utf8)
            for interaction in interactions {
                try writer.writeLine(try columns.map { try $0.cell(interaction) }.joined(separator: ",").utf8)
            }
        }
    }

    private static func cell(_ number: Double?, _ field: String) throws -> String {
        guard let number else { return "" }
        guard number.isFinite else {
            throw ISRFError(.invalidData, "A \(field) is \(number); expected a finite number.", at: .init(field: field))
        }
        return Int(exactly: number).map(String.init) ?? String(number)
    }
}
