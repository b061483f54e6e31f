internal import ArgumentParser
internal import ISRFKit

/// `isrf evaluate`: fits on the training part and measures on what was held out.
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Measure how well ISRF does on a data set.",
        usage: """
            isrf evaluate --items <file> --interactions <file> [--config <file>] [--seed <n>] [--threads <n>] \
            [--baselines] [--format <format>] [--items-format <format>] [--interactions-format <format>] \
            [--skip-malformed]
            """,
        discussion: """
            Each user's last item is the test, the one before it validation, the rest is trained on; users with fewer \
            than three interactions are trained on alone. Ranking is over the whole catalogue without the user's own \
            history, and a tie counts against the system.

              isrf evaluate --items items.jsonl --interactions interactions.csv --baselines
            """)

    @OptionGroup(title: "Data")
    var data: DataOptions

    @OptionGroup(title: "Settings")
    var settings: ConfigurationOptions

    @Flag(help: "Measure popularity, item-kNN, the linear floor and matrix factorisation as well.")
    var baselines = false

    @Option(help: "The form of the results.")
    var format = OutputFormat.text

    func validate() throws { try data.requireFiles() }

    func run() async throws {
        let configuration = try settings.configuration()
        let progress = ProgressDisplay()
        let set = try data.read(progress)
        let run = try await EvaluationRun(
            catalogue: set.catalogue, split: LeaveOneOutSplit(set.log), configuration: configuration,
            baselines: baselines ? EvaluationRun.baselines(seed: configuration.seed) : [], progress: progress.handler)
        switch format {
        case .text: try StandardOutput.write(EvaluationText(run).text)
        case .json: try StandardOutput.write(json: run.report, isIndented: true)
        }
    }
}
