public import ISRFCore
public import ISRFData

/// Interactions of users with the items of a catalogue, read from a file.
public struct InteractionFile: Sendable {
    /// The users in the order in which the file first names them, each with the history in time order.
    public let log: InteractionLog
    /// The format that was said or found.
    public let format: InteractionFileFormat
    /// The malformed lines that were left out, each with file, line and, where it lies in one, field.
    public let skipped: [ISRFError]

    /// Reads a file, compressed with gzip or not.
    /// - Parameters:
    ///   - path: The file.
    ///   - format: The format; when nil, the file's name and first line decide.
    ///   - catalogue: The items that may be named; an unknown one makes its line malformed.
    ///   - skippingMalformed: Whether malformed lines are left out and collected, instead of ending the reading.
    /// - Throws: `ISRFError` (`fileAccess`) when the file cannot be read or is damaged, `ISRFError` (`invalidData`)
    ///   for a malformed line, an unknown format or a file without interactions; `CancellationError` when the task
    ///   is cancelled.
    public init(
        reading path: String, format: InteractionFileFormat? = nil, catalogue: Catalogue,
        skippingMalformed: Bool = false
    ) throws {
        throw ISRFError(.fileAccess, "Interactions cannot be read yet.", at: .init(file: path))
    }
}
