internal import ArgumentParser
internal import ISRFKit

/// What reasons and what encodes, when it is not the default.
struct StageOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Profiles that `isrf reason --export-profiles` wrote; attributes are reasoned from where one is missing.",
            valueName: "file"))
    var profiles: String?

    @Option(
        help: ArgumentHelp(
            "The text encoder: latent, sentence-transformer:DIR, or the URL of a server with /v1/embeddings, its model "
                + "after a #.", valueName: "encoder"))
    var encoder = EncoderChoice.latent

    @Option(
        help: ArgumentHelp("The environment variable with the key for the encoder's server.", valueName: "name"))
    var apiKeyVariable = "OPENAI_API_KEY"

    /// Whether anything is not the default.
    var isGiven: Bool { profiles != nil || encoder != .latent }

    /// Reads the profiles, says how far they go, and makes the encoder.
    /// - Parameters:
    ///   - holdout: What is kept out of training.
    ///   - isEvaluation: Whether users' profiles must have been made from the training part, each of them.
    /// - Throws: `ISRFError` when the profiles are of other data or settings or the encoder cannot be made.
    func stages(
        _ set: DataOptions.DataSet, holdout: Holdout, isEvaluation: Bool = false, configuration: ISRFConfiguration,
        progress: ProgressDisplay
    ) throws -> PipelineStages {
        PipelineStages(
            reasoner: try profiles.map { path in
                let file = try progress.during("Reading profiles", "file") {
                    try ProfileFile(reading: path, for: set.catalogue)
                }
                try file.requireFit(to: set.catalogue, holdout: holdout, path: path)
                let evidence = ReasoningEvidence(catalogue: set.catalogue, training: holdout.training(of: set.log))
                if isEvaluation { try requireTrainingHistories(file, evidence, path) }
                StandardError.shared.write(
                    "isrf: \(path): \(ProfileText.coverage(file.coverage(of: evidence))) (by \(file.header.model))")
                return ProfiledReasoner(
                    profiles: file, fallback: AttributeReasoner(configuration: configuration.reasoning.attributes))
            },
            encoder: try EncoderFactory(
                keyVariable: apiKeyVariable, parallelism: configuration.parallelism, progress: progress.handler
            ).encoder(encoder))
    }

    /// Refuses to measure with profiles that were made from other interactions.
    private func requireTrainingHistories(_ file: ProfileFile, _ evidence: ReasoningEvidence, _ path: String) throws {
        let changed = file.usableUsers(of: evidence).changed
        guard let first = changed.min() else { return }
        throw ISRFError(
            .invalidData,
            "The profiles of \(Wording.count(changed.count, "user")), \"\(first)\" among them, were made from other "
                + "interactions than the training part of these. Reason about these and export the profiles again.",
            at: .init(file: path))
    }
}
