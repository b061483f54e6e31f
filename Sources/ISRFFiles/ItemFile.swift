public import ISRFCore
public import ISRFData

/// The items of a catalogue, read from a file.
public struct ItemFile: Sendable {
    /// The items in the order of the file.
    public let catalogue: Catalogue
    /// The format that was said or found.
    public let format: ItemFileFormat
    /// The malformed lines that were left out, each with file, line and, where it lies in one, field.
    public let skipped: [ISRFError]

    /// Reads a file, compressed with gzip or not.
    /// - Parameters:
    ///   - path: The file.
    ///   - format: The format; when nil, the file's name and first line decide.
    ///   - skippingMalformed: Whether malformed lines are left out and collected, instead of ending the reading.
    /// - Throws: `ISRFError` (`fileAccess`) when the file cannot be read or is damaged, `ISRFError` (`invalidData`)
    ///   for a malformed line, an unknown format or a file without items; `CancellationError` when the task is
    ///   cancelled.
    public init(reading path: String, format: ItemFileFormat? = nil, skippingMalformed: Bool = false) throws {
        throw ISRFError(.fileAccess, "Items cannot be read yet.", at: .init(file: path))
    }
}
