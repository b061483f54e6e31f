internal import ArgumentParser
internal import ISRFKit

/// `isrf audit`: looks for what could tell about held-out items by ways that it should not.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Look for leaks of held-out items in a data set and in the pipeline.",
        usage: """
            isrf audit --items <file> --interactions <file> [--config <file>] [--seed <n>] [--threads <n>] [--fit] \
            [--format <format>] [--items-format <format>] [--interactions-format <format>] [--skip-malformed]
            """,
        discussion: """
            Measures four things and gives a verdict on each, with its figures:

              identifiers  whether the next numbers after the last item hit the test item, by the order of the \
            identifiers, of the catalogue and of first appearance, against chance and against the same order permuted
              profiles     whether profiles or vectors change when validation and test items do, and what profiles \
            from whole histories would gain
              graph        whether the interaction graph holds held-out pairs, and what the graph of a random split \
            would gain
              invariance   whether metrics move when identifiers and order of users and items are drawn anew: of the \
            linear floor, or with --fit of the whole pipeline, which is fitted twice

            The exit status is 0 whatever is found; programs read `isFound` of the verdicts with --format json.

              isrf audit --items items.jsonl --interactions interactions.csv
            """)

    @OptionGroup(title: "Data")
    var data: DataOptions

    @OptionGroup(title: "Settings")
    var settings: ConfigurationOptions

    @Flag(help: "Measure the invariance of the whole pipeline, fitted twice, instead of the linear floor's.")
    var fit = false

    @Option(help: "The form of the results.")
    var format = OutputFormat.text

    func validate() throws { try data.requireFiles() }

    func run() async throws {
        let configuration = try settings.configuration()
        let progress = ProgressDisplay()
        let set = try data.read(progress)
        let audit = LeakAudit(
            fitsPipeline: fit, seed: configuration.seed, parallelism: configuration.parallelism,
            progress: progress.handler
        ) { _ in RecommenderPipeline(configuration: configuration) }
        let report = try await audit.report(catalogue: set.catalogue, log: set.log)
        switch format {
        case .text: try StandardOutput.write(report.text())
        case .json: try StandardOutput.write(json: report, isIndented: true)
        }
    }
}
