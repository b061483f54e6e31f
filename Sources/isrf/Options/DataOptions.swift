internal import ArgumentParser
internal import ISRFFiles
internal import ISRFKit

/// The files that a data set is read from.
struct DataOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The file of items; gzip or not.", valueName: "file"))
    var items: String?

    @Option(help: ArgumentHelp("The file of interactions; gzip or not.", valueName: "file"))
    var interactions: String?

    @Option(help: ArgumentHelp("The format of the items, if name and first line do not say it.", valueName: "format"))
    var itemsFormat: ItemFileFormat?

    @Option(
        help: ArgumentHelp("The format of the interactions, if name and first line do not say it.", valueName: "format")
    )
    var interactionsFormat: InteractionFileFormat?

    @Flag(help: "Leave out malformed lines and count them, instead of stopping at the first.")
    var skipMalformed = false

    /// A data set as it was read.
    struct DataSet: Sendable {
        var catalogue: Catalogue
        var log: InteractionLog
    }

    /// Makes sure that both files are named. Not `validate`: some commands have a way of being called without files.
    func requireFiles() throws {
        if items == nil { throw ValidationError("Missing expected argument '--items <file>'") }
        if interactions == nil { throw ValidationError("Missing expected argument '--interactions <file>'") }
    }

    /// Reads both files; says on standard error what was skipped.
    /// - Throws: `ISRFError` for a file that cannot be read or, unless they are skipped, a malformed line.
    func read(_ progress: ProgressDisplay) throws -> DataSet {
        try requireFiles()
        let (itemsPath, interactionsPath) = (items ?? "", interactions ?? "")
        let items = try progress.during("Reading items", "file") {
            try ItemFile(reading: itemsPath, format: itemsFormat, skippingMalformed: skipMalformed)
        }
        warn(items.skipped, itemsPath)
        let interactions = try progress.during("Reading interactions", "file") {
            try InteractionFile(
                reading: interactionsPath, format: interactionsFormat, catalogue: items.catalogue,
                skippingMalformed: skipMalformed)
        }
        warn(interactions.skipped, interactionsPath)
        return DataSet(catalogue: items.catalogue, log: interactions.log)
    }

    private func warn(_ skipped: [ISRFError], _ file: String) {
        guard !skipped.isEmpty else { return }
        let named = 5
        let lines = skipped.prefix(named).map { "  \($0)" }
        let rest = skipped.count > named ? ["  and \(Wording.count(skipped.count - named)) more"] : []
        StandardError.shared.write(
            (["isrf: warning: \(file): skipped \(Wording.count(skipped.count, "malformed line")):"] + lines + rest)
                .joined(separator: "\n"))
    }
}
