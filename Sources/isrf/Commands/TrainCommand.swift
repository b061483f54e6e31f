internal import ArgumentParser
internal import Foundation
internal import ISRFKit

/// `isrf train`: fits a recommender for use and saves it.
struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Fit a recommender and save it as a model directory.",
        usage: """
            isrf train --items <file> --interactions <file> --model <dir> [--config <file>] [--seed <n>] \
            [--threads <n>] [--holdout <holdout>] [--profiles <file>] [--encoder <encoder>] [--api-key-variable <name>] \
            [--items-format <format>] [--interactions-format <format>] [--skip-malformed]
            isrf train --print-config
            """,
        discussion: """
            Every user's last item chooses the number of epochs and the weights of the views; then everything is \
            fitted again with those items included. With `--holdout last-two` the last two items of every user stay \
            out, and the model is the one that `isrf evaluate` measures.

              isrf train --items items.jsonl --interactions interactions.csv --model model

            A model that stands in the directory is replaced; anything else there is left alone.

            With `--profiles` items and users have the profiles of a file instead of profiles reasoned from attributes. \
            The file must have been written for the same items and with the same `--holdout`.

              isrf train --items items.jsonl --interactions interactions.csv --profiles profiles.jsonl --model model
            """)

    @OptionGroup(title: "Data")
    var data: DataOptions

    @Option(help: ArgumentHelp("The directory that the model is saved to.", valueName: "dir"))
    var model: String?

    @OptionGroup(title: "Settings")
    var settings: ConfigurationOptions

    @OptionGroup(title: "Reasoning and encoding")
    var stageOptions: StageOptions

    @Option(help: "What is kept out of training.")
    var holdout = Holdout.none

    @Flag(help: "Print the default configuration as YAML with a comment for every key, and stop.")
    var printConfig = false

    func validate() throws {
        guard !printConfig else { return }
        try data.requireFiles()
        if model == nil { throw ValidationError("Missing expected argument '--model <dir>'") }
    }

    func run() async throws {
        if printConfig { return try StandardOutput.write(ConfigurationText.standard) }
        let configuration = try settings.configuration()
        let directory = URL(fileURLWithPath: model ?? "").standardizedFileURL
        try requireReplaceable(directory)
        let start = ContinuousClock.now
        let progress = ProgressDisplay()
        let set = try data.read(progress)
        let stages = try stageOptions.stages(
            set, holdout: holdout, configuration: configuration, progress: progress)
        let pipeline = stages.pipeline(configuration, progress.handler)
        let recommender =
            switch holdout {
            case .none: try await pipeline.fit(catalogue: set.catalogue, log: set.log)
            case .lastTwo: try await pipeline.fit(catalogue: set.catalogue, split: LeaveOneOutSplit(set.log))
            }
        try progress.during("Saving the model", "directory") {
            try Interruption.shared.saving(model: directory) { try recommender.save(to: directory) }
        }
        try StandardOutput.write(summary(recommender, seconds: EvaluationRun.seconds(since: start)))
    }

    /// Refuses, before the work is done, a place that saving would refuse after it.
    private func requireReplaceable(_ directory: URL) throws {
        let manager = FileManager.default
        guard manager.fileExists(atPath: directory.path) else { return try requireParent(directory) }
        let contents = try? manager.contentsOfDirectory(atPath: directory.path)
        guard let contents, contents.isEmpty || contents.contains("manifest.json") else {
            throw ISRFError(
                .fileAccess, "This is neither an empty directory nor a model. Choose another place for the model.",
                at: .init(file: directory.path))
        }
    }

    /// Makes the directory that the model's is to stand in.
    private func requireParent(_ directory: URL) throws {
        do {
            try FileManager.default.createDirectory(
                at: directory.deletingLastPathComponent(), withIntermediateDirectories: true)
        } catch {
            throw ISRFError(
                .fileAccess, "A directory cannot be made here. Choose another place for the model.",
                at: .init(file: directory.path), underlying: error)
        }
    }

    private func summary(_ recommender: Recommender, seconds: Double) -> String {
        let training = recommender.training
        let chosen = "epoch \(training.bestEpoch) of \(training.epochs.count)"
        let validated = training.validationNDCG10.map {
            ", \(chosen) chosen (validation NDCG@10 \(decimal($0, digits: 4)))"
        }
        return """
            Fitted on \(Wording.count(recommender.log.userCount, "user")), \
            \(Wording.count(recommender.catalogue.count, "item")) and \
            \(Wording.count(recommender.log.interactionCount, "interaction"))\(validated ?? "") in \
            \(Wording.duration(seconds)).\(profiles(training))
            The model is in \(model ?? "").
            """
    }

    private func profiles(_ training: TrainingSummary) -> String {
        training.profiles.map { "\nReasoned beforehand: \(ProfileText.coverage($0))." } ?? ""
    }
}
