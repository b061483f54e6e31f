internal import ArgumentParser
internal import Foundation
internal import ISRFKit

/// The model that a command reads.
struct ModelOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The model directory that `isrf train` wrote.", valueName: "dir"))
    var model: String

    /// The directory.
    var directory: URL { URL(fileURLWithPath: model) }

    /// Loads the model, with all of its files checked.
    func load() async throws -> Recommender {
        try await Recommender.load(from: directory)
    }
}
