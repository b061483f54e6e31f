internal import ArgumentParser
internal import Foundation
internal import ISRFKit

/// `isrf inspect`: what a model is and how it came to be.
struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Say what a model is and how it came to be.",
        discussion: """
            All files are held against their checksums.

              isrf inspect --model model
            """)

    @OptionGroup
    var model: ModelOptions

    func run() async throws {
        let manifest = try ModelManifest(directory: model.directory.path)
        try StandardOutput.write(InspectionText(manifest: manifest, recommender: try await model.load()).text)
    }
}
