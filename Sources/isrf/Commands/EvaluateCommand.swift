internal import ArgumentParser
internal import ISRFKit

/// `isrf evaluate`: fits on the training part and measures on what was held out.
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Measure how well ISRF does on a data set.",
        usage: """
            isrf evaluate --items <file> --interactions <file> [--config <file>] [--seed <n>] [--threads <n>] \
            [--baselines] [--breakdown] [--direct] [--ranks] [--format <format>] [--items-format <format>] \
            [--interactions-format <format>] [--skip-malformed] [--profiles <file>] [--encoder <encoder>] \
            [--api-key-variable <name>]
            isrf evaluate --items <file> --interactions <file> --cold-start [<share>] [--config <file>] ...
            isrf evaluate --items <file> --interactions <file> --ablations [<names>] [--seeds <seeds>] \
            [--output <directory>] [--config <file>] ...
            isrf evaluate --items <file> --interactions <file> --semantic-identifiers [--beam-width <n>] \
            [--levels <n>] [--codes <n>] [--config <file>] ...
            isrf evaluate --compare <file> <file> [--seed <n>] [--threads <n>] [--format <format>]
            """,
        discussion: """
            Each user's last item is the test, the one before it validation, the rest is trained on; users with fewer \
            than three interactions are trained on alone. Ranking is over the whole catalogue without the user's own \
            history, and a tie counts against the system.

              isrf evaluate --items items.jsonl --interactions interactions.csv --baselines

            With --cold-start a share of the items, drawn by the seed, is taken out with all interactions. ISRF is \
            fitted on the rest and then given those items by their attributes alone. Users whose held-out item is one \
            of them are evaluated, beside a content kNN.

            Profiles given with --profiles must have been written with --holdout last-two, from these interactions: what \
            was reasoned about a user must not know what is held out.

            With --ablations the whole pipeline and versions of it with a part left out are fitted, each with every one \
            of --seeds, and compared user by user. With --output the report of each is written as soon as it is there, \
            so that a run that was stopped goes on where it was.

              isrf evaluate --items items.jsonl --interactions interactions.csv --ablations --seeds 1,2,3 --output runs

            With --semantic-identifiers items are also written as short sequences of codes, and a decoder on the \
            trained model finds them by beam search. It is measured beside the model alone and beside the whole pipeline.

              isrf evaluate --items items.jsonl --interactions interactions.csv --semantic-identifiers

            With --compare nothing is fitted: two reports that were written with --ranks --format json are compared \
            user by user, by a paired bootstrap and a paired t-test.

              isrf evaluate --items items.jsonl --interactions interactions.csv --ranks --format json > a.json
              isrf evaluate --compare a.json b.json
            """)

    @OptionGroup(title: "Data")
    var data: DataOptions

    @OptionGroup(title: "Settings")
    var settings: ConfigurationOptions

    @OptionGroup(title: "Reasoning and encoding")
    var stageOptions: StageOptions

    @Flag(help: "Measure popularity, item-kNN, the linear floor and matrix factorisation as well.")
    var baselines = false

    @Flag(help: "Show results by length of history and by popularity, and how recommendations spread.")
    var breakdown = false

    @Flag(help: "Rank each held-out item among 99 seeded negatives as well (the direct protocol).")
    var direct = false

    @Flag(help: "Add every user's rank to the JSON, for --compare.")
    var ranks = false

    @Option(
        defaultAsFlag: ColdStartShare.standard, parsing: .next,
        help: ArgumentHelp("Measure items that training never saw: this share of all.", valueName: "share"))
    var coldStart: ColdStartShare? = nil

    @OptionGroup(title: "Ablations")
    var ablationOptions: AblationOptions

    @OptionGroup(title: "Semantic identifiers")
    var vocabularyOptions: VocabularyOptions

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Compare two reports instead of measuring anything.", valueName: "file"))
    var compare: [String] = []

    @Option(help: "The form of the results.")
    var format = OutputFormat.text

    func validate() throws {
        if !compare.isEmpty { return try validateComparison() }
        try data.requireFiles()
        if ranks, format != .json {
            throw ValidationError("The option '--ranks' needs '--format json'; ranks are not for reading.")
        }
        if vocabularyOptions.semanticIdentifiers { return try validateIdentifiers() }
        if ablationOptions.ablations != nil { return try validateAblations() }
        guard let coldStart else { return }
        guard coldStart.share != nil else {
            throw ValidationError(
                "The value of '--cold-start' is \"\(coldStart)\"; it must be a number above 0 and below 1.")
        }
        if baselines || breakdown || direct || ranks {
            throw ValidationError(
                "The option '--cold-start' is a measurement of its own: leave out '--baselines', '--breakdown', "
                    + "'--direct' and '--ranks'.")
        }
    }

    private func validateIdentifiers() throws {
        if baselines || breakdown || direct || ranks || coldStart != nil || ablationOptions.ablations != nil {
            throw ValidationError(
                "The option '--semantic-identifiers' is a measurement of its own: leave out '--baselines', "
                    + "'--breakdown', '--direct', '--ranks', '--cold-start' and '--ablations'.")
        }
    }

    private func validateAblations() throws {
        if baselines || breakdown || direct || ranks || coldStart != nil {
            throw ValidationError(
                "The option '--ablations' is a measurement of its own: leave out '--baselines', '--breakdown', "
                    + "'--direct', '--ranks' and '--cold-start'.")
        }
        if ablationOptions.seeds != nil, settings.seed != nil {
            throw ValidationError("Give the seeds of '--ablations' either as '--seed' or as '--seeds'.")
        }
    }

    private func validateComparison() throws {
        guard compare.count == 2 else {
            throw ValidationError("The option '--compare' takes two reports, and was given \(compare.count).")
        }
        if data.items != nil || data.interactions != nil || baselines || breakdown || direct || ranks
            || coldStart != nil || ablationOptions.ablations != nil || vocabularyOptions.semanticIdentifiers
            || stageOptions.isGiven
        {
            throw ValidationError(
                "The option '--compare' reads two reports and measures nothing: leave out data, stages and measurements."
            )
        }
    }

    func run() async throws {
        if !compare.isEmpty { return try runComparison() }
        let configuration = try settings.configuration()
        let progress = ProgressDisplay()
        let set = try data.read(progress)
        let stages = try stageOptions.stages(
            set, holdout: .lastTwo, isEvaluation: true, configuration: configuration, progress: progress)
        if let share = coldStart?.share {
            let run = try await ColdStartRun(
                catalogue: set.catalogue, log: set.log, share: share, configuration: configuration, stages: stages,
                progress: progress.handler)
            return try write(ColdStartText(run.report).text, run.report)
        }
        if let names = ablationOptions.ablations {
            let study = ablationOptions.study(
                names, configuration: configuration, stages: stages, progress: progress.handler)
            let report = try await study.run(catalogue: set.catalogue, split: LeaveOneOutSplit(set.log))
            return try write(AblationText(report).text, report)
        }
        if vocabularyOptions.semanticIdentifiers {
            let comparison = vocabularyOptions.comparison(stages.pipeline(configuration, progress.handler))
            let report = try await comparison.run(catalogue: set.catalogue, split: LeaveOneOutSplit(set.log))
            return try write(VocabularyText(report).text, report)
        }
        var details: EvaluationDetails = []
        if breakdown { details.insert(.breakdown) }
        if direct { details.insert(.direct) }
        if ranks { details.insert(.ranks) }
        let run = try await EvaluationRun(
            catalogue: set.catalogue, split: LeaveOneOutSplit(set.log), configuration: configuration,
            stages: stages, baselines: baselines ? EvaluationRun.baselines(seed: configuration.seed) : [],
            details: details,
            progress: progress.handler)
        try write(EvaluationText(run).text, run.report)
    }

    private func runComparison() throws {
        let (first, second) = (try ReportFile(reading: compare[0]), try ReportFile(reading: compare[1]))
        let bootstrap = PairedBootstrap(
            seed: settings.seed ?? 1, parallelism: try settings.configuration().parallelism)
        let comparison = try ReportComparison(first.report, second.report, bootstrap: bootstrap)
        try write(ComparisonText(comparison, files: compare).text, comparison)
    }

    private func write(_ text: @autoclosure () -> String, _ json: some Encodable) throws {
        switch format {
        case .text: try StandardOutput.write(text())
        case .json: try StandardOutput.write(json: json, isIndented: true)
        }
    }
}
