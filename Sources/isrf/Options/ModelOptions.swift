internal import ArgumentParser
internal import Foundation
internal import ISRFKit

/// The model that a command reads.
struct ModelOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The model directory that `isrf train` wrote.", valueName: "dir"))
    var model: String

    @Option(
        help: ArgumentHelp(
            "Where the text encoder is that the model was made with, if that is not the default or has moved; as for "
                + "`isrf train`.", valueName: "encoder"))
    var encoder: EncoderChoice?

    @Option(
        help: ArgumentHelp("The environment variable with the key for the encoder's server.", valueName: "name"))
    var apiKeyVariable = "OPENAI_API_KEY"

    /// The directory.
    var directory: URL { URL(fileURLWithPath: model) }

    /// Loads the model, with all of its files checked.
    func load() async throws -> Recommender {
        let recorded = try ModelManifest(directory: directory.path).encoder ?? EncoderChoice.latent.description
        guard recorded != EncoderChoice.latent.description else {
            guard encoder == nil || encoder == .latent else {
                throw ISRFError(
                    .invalidConfiguration,
                    "The model was made with the default text encoder, which it holds. Leave out --encoder.",
                    at: .init(file: model))
            }
            return try await Recommender.load(from: directory)
        }
        let factory = EncoderFactory(
            keyVariable: apiKeyVariable, parallelism: Parallelism(threads: Parallelism.processorCount))
        return try await Recommender.load(
            from: directory,
            stages: HostStages(encoder: RecordedEncoder(recorded: recorded, given: encoder, factory: factory)))
    }
}
