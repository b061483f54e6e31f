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
        try self.init(
            reading: path, format: format, skippingMalformed: skippingMalformed, limits: ReadingLimits())
    }

    init(reading path: String, format: ItemFileFormat?, skippingMalformed: Bool, limits: ReadingLimits) throws {
        let reader = try LineReader(path: path, limits: limits)
        guard let first = try reader.peek() else {
            throw ISRFError(.invalidData, "The file is empty. At least one item is needed.", at: .init(file: path))
        }
        let format = try format ?? FormatDetection(path: path, line: first).itemFormat()
        var items: [Item] = []
        var lines: [Int] = []
        var identifiers = IdentifierMap()
        func add(_ item: Item, line: Int) throws {
            let index = identifiers.insert(item.id)
            guard index == items.count else {
                throw RecordFault(
                    "The item \"\(item.id.shortened)\" already stands on line \(lines[index]). Remove one of the two, or "
                        + "skip malformed lines, which keeps the first.",
                    field: "id")
            }
            items.append(item)
            lines.append(line)
        }
        func read(_ reader: some RecordReader<Item>) throws -> [ISRFError] {
            try reader.forEach(path: path, skippingMalformed: skippingMalformed, add)
        }
        switch format {
        case .jsonLines: skipped = try read(JSONItemReader(reader))
        case .csv: skipped = try read(TableItemReader(reader, dialect: .commas))
        case .tsv: skipped = try read(TableItemReader(reader, dialect: .tabs))
        case .recbole: skipped = try read(TableItemReader(reader, dialect: .tabs, isRecBole: true))
        case .amazon: skipped = try read(AmazonItemReader(reader))
        case .movielens where first.doubleColons > 0: skipped = try read(MovieLensItemReader(reader))
        case .movielens: skipped = try read(TableItemReader(reader, dialect: .commas))
        }
        guard !items.isEmpty else { throw ISRFError.nothingRead("item", path: path, skipped: skipped) }
        catalogue = try Catalogue(items: items)
        self.format = format
    }
}
