internal import ArgumentParser
internal import Foundation
internal import ISRFKit

/// `isrf tune`: searches for better settings, on validation alone.
struct TuneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune", abstract: "Search for better settings, on validation alone.",
        usage: """
            isrf tune --items <file> --interactions <file> --output <dir> [--space <file>] [--trials <n>] \
            [--method <method>] [--metric <metric>] [--config <file>] [--seed <n>] [--threads <n>] [--format <format>] \
            [--profiles <file>] [--encoder <encoder>] [--api-key-variable <name>] [--items-format <format>] \
            [--interactions-format <format>] [--skip-malformed]
            isrf tune --print-space
            """,
        discussion: """
            Fits with other values for some settings, again and again, and ranks the fits by validation items. Test \
            items are taken out before anything is fitted. Trial 0 is the configuration as it was given; the others \
            are drawn by the seed, so that more --trials extend a search.

              isrf tune --items items.jsonl --interactions interactions.csv --output search --trials 40

            Every trial is a file in the directory as soon as it is finished: the same command goes on where it was \
            stopped. Beside them stand best.yaml, for --config, and report.html, with a plot of every setting.

              isrf tune --print-space > space.yaml
              isrf tune --items items.jsonl --interactions interactions.csv --output search --space space.yaml

            With --method halving every trial has a quarter of its epochs, the best third of them is fitted anew with \
            half of the epochs, and the best third of those with all.
            """)

    @OptionGroup(title: "Data")
    var data: DataOptions

    @Option(help: ArgumentHelp("The directory of the search: new, empty, or of the same search.", valueName: "dir"))
    var output: String?

    @Option(
        help: ArgumentHelp(
            "A YAML file of what is searched; without one what --print-space prints.", valueName: "file"))
    var space: String?

    @Option(help: ArgumentHelp("How many trials, the given configuration among them.", valueName: "n"))
    var trials = 20

    @Option(help: "How trials are chosen and how far they are taken.")
    var method = TuningSearch.Method.random

    @Option(
        help: ArgumentHelp(
            "The metric that decides: \(EvaluationReport.metricNames.joined(separator: ", ")).", valueName: "metric"))
    var metric = "ndcg@10"

    @OptionGroup(title: "Settings")
    var settings: ConfigurationOptions

    @OptionGroup(title: "Reasoning and encoding")
    var stageOptions: StageOptions

    @Option(help: "The form of the results.")
    var format = OutputFormat.text

    @Flag(help: "Print the standard search space as YAML with a comment for every setting, and stop.")
    var printSpace = false

    func validate() throws {
        guard !printSpace else { return }
        try data.requireFiles()
        if output == nil { throw ValidationError("Missing expected argument '--output <dir>'") }
        guard (1...10_000).contains(trials) else {
            throw ValidationError("The value of '--trials' is \(trials); it must be in 1...10000.")
        }
        guard EvaluationReport.metricNames.contains(metric) else {
            throw ValidationError(
                "The value of '--metric' is \(metric); it must be one of "
                    + "\(EvaluationReport.metricNames.joined(separator: ", ")).")
        }
    }

    func run() async throws {
        if printSpace { return try StandardOutput.write(SpaceText.standard) }
        let configuration = try settings.configuration()
        let space = try space.map { try SpaceFile(reading: $0, base: configuration).space } ?? .standard
        let progress = ProgressDisplay()
        let set = try data.read(progress)
        let stages = try stageOptions.stages(
            set, holdout: .lastTwo, isEvaluation: true, configuration: configuration, progress: progress)
        let output = output ?? ""
        let directory = URL(fileURLWithPath: output, isDirectory: true)
        var search = TuningSearch(configuration: configuration, space: space) { stages.pipeline($0, nil) }
        search.trials = trials
        search.method = method
        search.metric = metric
        search.directory = directory
        search.progress = progress.handler
        search.whenTrialEnds = { trial, report in
            try TuningFiles.write(report, to: directory)
            StandardError.shared.write(TuneCommand.line(trial, report))
        }
        let report = try await search.run(catalogue: set.catalogue, split: LeaveOneOutSplit(set.log))
        try TuningFiles.write(report, to: directory)
        switch format {
        case .text: try StandardOutput.write(TuningText(report, output: output).text)
        case .json: try StandardOutput.write(json: report, isIndented: true)
        }
    }

    /// What a trial came to, in a line.
    private static func line(_ trial: TuningTrial, _ report: TuningReport) -> String {
        let wording = TuningWording(report: report)
        let epochs = Wording.count(trial.configuration.training.epochs, "epoch")
        let result =
            trial.failure == nil
            ? "\(report.metric) \(wording.metric(trial)) (\(wording.difference(trial)))" : wording.remark(trial) ?? ""
        let twin = trial.repeats == nil ? "" : ", \(wording.remark(trial) ?? "")"
        let best = report.best.map { "; best so far \(TuningWording.name($0)) with \(wording.metric($0))" } ?? ""
        return "isrf: trial \(trial.number), \(epochs): \(result)\(twin)\(best)"
    }
}
