internal import ArgumentParser
internal import Foundation
internal import ISRFKit
internal import ISRFLanguageModels

/// `isrf reason`: has a language model reason about items and users, and keeps every answer.
struct ReasonCommand: AsyncParsableCommand {
    /// The exit status when a budget is used up.
    static let budgetStatus: Int32 = 3

    static let configuration = CommandConfiguration(
        commandName: "reason", abstract: "Have a language model reason about items and users, and keep every answer.",
        usage: """
            isrf reason --items <file> --interactions <file> --store <file> --model <name> --base-url <url> \
            [--users | --items-only] [--limit <n>] [--holdout <holdout>] [--concurrency <n>] [--rpm <n>] [--tpm <n>] \
            [--max-calls <n>] [--max-tokens <n>] [--max-cost <x> --price-in <x> --price-out <x>] \
            [--export-profiles <file>] ...
            isrf reason --items <file> --interactions <file> --store <file> --model <name> --dry-run \
            [--base-url <url> --sample <n>] ...
            isrf reason --items <file> --interactions <file> --store <file> --model <name> \
            (--write-batch <dir> | --read-batch <file> ...) ...
            isrf reason --items <file> --interactions <file> --store <file> --model <name> --export-profiles <file> ...
            isrf reason --items <file> --interactions <file> --store <file> --model <name> \
            (--export-answers <file> | --import-answers <file> ...)
            """,
        discussion: """
            Three chained questions are asked about every item and three about every user: who would like it and who \
            would not, or what somebody likes and avoids, and what that comes to. Each answer is on disk before it \
            counts. A run that was stopped, in whatever way, goes on where it was when it is called again; an answered \
            question is never asked again. A changed item is asked about anew, with the users who took it.

              export OPENAI_API_KEY=...
              data="--items items.jsonl --interactions interactions.csv"
              server="--base-url https://host/v1 --model some-model"
              isrf reason $data $server --store answers.sqlite --dry-run
              isrf reason $data $server --store answers.sqlite \\
                --export-profiles profiles.jsonl
              isrf train $data --profiles profiles.jsonl --model model

            For `isrf evaluate --profiles` reason with `--holdout last-two`: what is held out must not be known.

            Without --base-url nothing is called: --dry-run estimates, --write-batch writes the questions that can be \
            asked now as files for a batch service, --read-batch takes its answers, --export-profiles writes the \
            profiles that the store has all answers for. --export-answers and --import-answers move answers from one \
            store to another.

            The exit status is 3 when a budget was used up; the same command with a greater one goes on. Items and \
            users without a valid answer are listed and left out, and asked about again by the next run.
            """)

    @OptionGroup(title: "Data")
    var data: DataOptions

    @Option(help: ArgumentHelp("The file that answers are kept in; made when it is not there.", valueName: "file"))
    var store: String

    @Option(help: ArgumentHelp("The model's name, as the server knows it.", valueName: "name"))
    var model: String

    @OptionGroup(title: "Server")
    var server: ServerOptions

    @Flag(help: "Reason about users, and the items in their recent histories.")
    var users = false

    @Flag(help: "Reason about items alone.")
    var itemsOnly = false

    @Option(help: ArgumentHelp("At most so many items and users, the first ones.", valueName: "n"))
    var limit: Int?

    @Option(help: "What of every history users are not reasoned about from.")
    var holdout = Holdout.none

    @OptionGroup(title: "Limits")
    var limits: LimitOptions

    @Flag(help: "Say how many calls, tokens, and how much time and money it would take, and stop.")
    var dryRun = false

    @Option(
        help: ArgumentHelp("Measure the estimate on about so many calls; their answers are kept.", valueName: "n"))
    var sample: Int?

    @Option(help: ArgumentHelp("Write the questions that can be asked now as batch files, and stop.", valueName: "dir"))
    var writeBatch: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Take the answers of a batch service into the store.", valueName: "file"))
    var readBatch: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Take answers that --export-answers has written into the store.", valueName: "file"))
    var importAnswers: [String] = []

    @Option(
        help: ArgumentHelp("Write the store's answers, of every model, as JSON Lines, and stop.", valueName: "file"))
    var exportAnswers: String?

    @Option(help: ArgumentHelp("Write all profiles to a file for `isrf train` and `isrf evaluate`.", valueName: "file"))
    var exportProfiles: String?

    @Option(help: ArgumentHelp("A folder with prompts of your own.", valueName: "dir"))
    var prompts: String?

    @Option(
        help: ArgumentHelp(
            "The most words of every statement and of its reasoning, where that is fewer than usual.", valueName: "n"))
    var answerWords: Int?

    @Option(help: "The form of the results.")
    var format = OutputFormat.text

    func validate() throws {
        try data.requireFiles()
        if model.isEmpty { throw ValidationError("The value of '--model' is empty.") }
        if users && itemsOnly { throw ValidationError("Give one of '--users' and '--items-only', not both.") }
        for (name, value) in [("--limit", limit), ("--sample", sample), ("--answer-words", answerWords)] {
            guard (value ?? 1) >= 1 else { throw ValidationError("The value of '\(name)' must be at least 1.") }
        }
        let modes = [
            dryRun, writeBatch != nil, !readBatch.isEmpty, !importAnswers.isEmpty, exportAnswers != nil,
        ].count { $0 }
        if modes > 1 {
            throw ValidationError(
                "Give one of '--dry-run', '--write-batch', '--read-batch', '--import-answers' and '--export-answers', not "
                    + "several.")
        }
        if sample != nil, !dryRun || server.baseURL == nil {
            throw ValidationError("The option '--sample' needs '--dry-run' and '--base-url <url>'.")
        }
        if server.baseURL == nil, modes == 0, exportProfiles == nil {
            throw ValidationError("Missing expected argument '--base-url <url>'")
        }
        if exportProfiles != nil, dryRun || writeBatch != nil || exportAnswers != nil {
            throw ValidationError(
                "With '--dry-run', '--write-batch' and '--export-answers' no profiles are exported.")
        }
    }

    func run() async throws {
        if let exportAnswers { return try await StoredAnswers(path: store).export(to: exportAnswers) }
        let prompts = try reasoningPrompts()
        let progress = ProgressDisplay()
        let set = try data.read(progress)
        let job = ReasonJob(
            catalogue: set.catalogue, training: holdout.training(of: set.log), prompts: prompts,
            store: try answers(), limits: limits.limits,
            options: ReasoningRun.Options(part: users ? .users : itemsOnly ? .items : .itemsAndUsers, limit: limit))
        guard let url = server.baseURL, writeBatch == nil, readBatch.isEmpty, importAnswers.isEmpty,
            !dryRun || sample != nil
        else {
            return try await withoutCalls(job, progress)
        }
        do {
            try await OpenAICompatibleModel.withModel(
                model, at: server.endpoint(url), tokenLimitField: server.tokenLimitField
            ) { model in
                let run = job.run(model, observer: ReasonEvents().observer)
                if dryRun { return try await estimate(run, sample: sample ?? 0) }
                try await finish(try await run.run(progress: progress.handler), run, progress)
            }
        } catch is CancellationError {
            StandardError.shared.write("isrf: every answer so far is in \(store); the same command goes on from there")
            throw CancellationError()
        }
    }

    /// What needs the store alone.
    private func withoutCalls(_ job: ReasonJob, _ progress: ProgressDisplay) async throws {
        let run = job.run(UncalledModel(name: model))
        if dryRun { return try await estimate(run, sample: 0) }
        if let writeBatch {
            let files = BatchFiles(run, options: .init(tokenLimitField: server.tokenLimitField))
            let report = try await files.write(to: writeBatch)
            return try StandardOutput.write(BatchText.written(report, to: writeBatch))
        }
        if !readBatch.isEmpty {
            let report = try await BatchFiles(run).read(readBatch)
            try StandardOutput.write(BatchText.read(report))
            if exportProfiles == nil { return }
        }
        if !importAnswers.isEmpty {
            try await StoredAnswers(path: store).take(importAnswers)
            if exportProfiles == nil { return }
        }
        let outcome = try await run.storedProfiles()
        try await finish(outcome, run, progress)
    }

    private func estimate(_ run: ReasoningRun, sample: Int) async throws {
        let estimate: ReasoningEstimate
        do {
            estimate = try await run.estimate(sample: sample)
        } catch let budget as BudgetExhausted {
            StandardError.shared.write("isrf: stopped: \(ReasonCommand.message(budget))")
            throw ExitCode(ReasonCommand.budgetStatus)
        }
        switch format {
        case .text: try StandardOutput.write(EstimateText(estimate).text)
        case .json: try StandardOutput.write(json: EstimateText.Report(estimate), isIndented: true)
        }
    }

    /// Exports, tells what came of it, and ends with the status that it deserves.
    private func finish(_ outcome: ReasoningOutcome, _ run: ReasoningRun, _ progress: ProgressDisplay) async throws {
        if let exportProfiles {
            // What nothing could be asked about is better reasoned about from the interactions.
            let file = try ProfileFile(
                items: outcome.items.filter { $0.positive.summary != ItemDocument.unknownAudience },
                users: outcome.users.filter { $0.preference.summary != UserDocument.unknownPreference },
                evidence: ReasoningEvidence(catalogue: run.catalogue, training: run.training), holdout: holdout,
                model: model, promptVersion: run.reasoner.prompts.version)
            try progress.during("Writing profiles", "file") {
                try Interruption.shared.saving(model: URL(fileURLWithPath: exportProfiles)) {
                    try file.write(to: exportProfiles)
                }
            }
        }
        switch format {
        case .text: try StandardOutput.write(OutcomeText(outcome, export: exportProfiles).text)
        case .json: try StandardOutput.write(json: OutcomeText.Report(outcome), isIndented: true)
        }
        switch outcome.stop {
        case nil: return
        case .budget(let budget):
            StandardError.shared.write("isrf: stopped: \(ReasonCommand.message(budget))")
            throw ExitCode(ReasonCommand.budgetStatus)
        case .failure(let failure): throw failure
        }
    }

    /// What a used-up budget says, with the option's name in place of the property's.
    private static func message(_ budget: BudgetExhausted) -> String {
        let (property, option) =
            switch budget.budget {
            case .calls: ("maximumCalls", "--max-calls")
            case .tokens: ("maximumTotalTokens", "--max-tokens")
            case .cost: ("maximumCost", "--max-cost")
            }
        return budget.message.replacingOccurrences(of: property, with: option)
    }

    private func reasoningPrompts() throws -> ReasoningPrompts {
        var limits = ReasoningPrompts.Limits()
        if let answerWords {
            limits.reasoningWords = min(limits.reasoningWords, answerWords)
            limits.words = limits.words.mapValues { min($0, answerWords) }
        }
        if let prompts { return try ReasoningPrompts(folder: prompts, limits: limits) }
        return try ReasoningPrompts(version: ReasoningPrompts.standard.version, limits: limits)
    }

    /// The store; a mere estimate makes no file.
    private func answers() throws -> any ResponseStore {
        if dryRun, sample == nil, !FileManager.default.fileExists(atPath: store) { return InMemoryResponseStore() }
        return try SQLiteResponseStore(path: store)
    }
}
