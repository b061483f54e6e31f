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
        try self.init(
            reading: path, format: format, catalogue: catalogue, skippingMalformed: skippingMalformed,
            limits: ReadingLimits())
    }

    init(
        reading path: String, format: InteractionFileFormat?, catalogue: Catalogue, skippingMalformed: Bool,
        limits: ReadingLimits
    ) throws {
        let reader = try LineReader(path: path, limits: limits)
        guard let first = try reader.peek() else {
            throw ISRFError(
                .invalidData, "The file is empty. At least one interaction is needed.", at: .init(file: path))
        }
        let format = try format ?? FormatDetection(path: path, line: first).interactionFormat()
        var builder = InteractionLogBuilder(catalogue: catalogue)
        func read(_ reader: some RecordReader<Interaction>) throws -> [ISRFError] {
            try reader.forEach(path: path, skippingMalformed: skippingMalformed) { try builder.add($0, line: $1) }
        }
        switch format {
        case .sequences:
            skipped = try SequenceReader(reader).forEach(path: path, skippingMalformed: skippingMalformed) {
                try builder.add($0, line: $1)
            }
        case .csv: skipped = try read(TableInteractionReader(reader, dialect: .commas))
        case .tsv: skipped = try read(TableInteractionReader(reader, dialect: .tabs))
        case .recbole: skipped = try read(TableInteractionReader(reader, dialect: .tabs, isRecBole: true))
        case .amazon: skipped = try read(AmazonInteractionReader(reader))
        case .movielens where first.doubleColons > 0: skipped = try read(MovieLensInteractionReader(reader))
        case .movielens: skipped = try read(TableInteractionReader(reader, dialect: .commas))
        }
        guard !builder.isEmpty else { throw ISRFError.nothingRead("interaction", path: path, skipped: skipped) }
        log = try builder.finish()
        self.format = format
    }
}
