internal import ArgumentParser
internal import ISRFKit

/// What `isrf evaluate --semantic-identifiers` takes.
struct VocabularyOptions: ParsableArguments {
    @Flag(help: "Measure semantic identifiers beside whole items: accuracy, time and memory.")
    var semanticIdentifiers = false

    @Option(
        help: ArgumentHelp(
            "How many prefixes beam search keeps at each level of --semantic-identifiers (default: 50).",
            valueName: "n"))
    var beamWidth: Int?

    @Option(help: ArgumentHelp("The codes of an item of --semantic-identifiers (default: 3).", valueName: "n"))
    var levels: Int?

    @Option(
        help: ArgumentHelp(
            "The different codes of a level of --semantic-identifiers, at most (default: 256).", valueName: "n"))
    var codes: Int?

    func validate() throws {
        for (name, value, limit) in [("--beam-width", beamWidth, 100_000), ("--levels", levels, 16)]
            + [("--codes", codes, 65_536)]
        {
            guard let value else { continue }
            guard semanticIdentifiers else {
                throw ValidationError("The option '\(name)' belongs to '--semantic-identifiers'.")
            }
            guard (1...limit).contains(value) else {
                throw ValidationError("The value of '\(name)' is \(value); it must be in 1...\(limit).")
            }
        }
    }

    /// The comparison that was asked for.
    func comparison(_ pipeline: RecommenderPipeline) -> VocabularyComparison {
        var comparison = VocabularyComparison(pipeline: pipeline)
        if let beamWidth { comparison.beamWidth = beamWidth }
        if let levels { comparison.quantizer.levels = levels }
        if let codes { comparison.quantizer.codebookSize = codes }
        return comparison
    }
}
