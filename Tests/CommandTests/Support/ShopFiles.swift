internal import Foundation
internal import ISRFFiles
internal import ISRFKit
internal import ISRFKitTesting

/// A small generated data set as files, with spaces and non-Latin letters in its identifiers, and a configuration that
/// is fitted in a moment.
final class ShopFiles: Sendable {
    /// Settings for a quick fit, with a place for further ones.
    static let quick = """
        threads: 1
        reasoning:
          encoder:
            latentDimensions: 16
            residualDimensions: 16
        users:
          neighbours: 10
        model:
          width: 16
          blocks: 1
          historyLength: 10
        training:
          epochs: 3
          batchSize: 16
          minimumBatchesPerEpoch: 1
          pairBatchSize: 16
          directNegatives: 10
          learningRate: 0.01
        """

    let directory: TemporaryDirectory
    let catalogue: Catalogue
    let log: InteractionLog

    var items: String { directory.path("items.jsonl") }
    var interactions: String { directory.path("interactions.csv") }
    var configuration: String { directory.path("quick.yaml") }

    /// The options that name the files.
    var data: [String] { ["--items", items, "--interactions", interactions] }

    /// The options that name the files and the quick configuration.
    var options: [String] { data + ["--config", configuration] }

    init() throws {
        directory = try TemporaryDirectory()
        let sample = try SampleData(groups: 3, itemsPerGroup: 8, usersPerGroup: 10)
        catalogue = try Catalogue(
            items: sample.catalogue.items.map { item in
                var item = item
                item.id = "\u{0442}\u{043E}\u{0432}\u{0430}\u{0440} \(item.id)"
                return item
            })
        log = try InteractionLog(
            users: IdentifierMap(sample.log.users.identifiers.map { "\u{5BA2} \($0)" }),
            histories: sample.log.histories, itemCount: catalogue.count)
        try catalogue.writeJSONLines(to: items)
        try log.writeCSV(to: interactions, catalogue: catalogue)
        try directory.write(ShopFiles.quick, to: "quick.yaml")
    }

    /// Adds lines to the end of a file.
    func append(_ lines: String, to file: String) throws {
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(lines.utf8))
        try handle.close()
    }
}

/// A model that `isrf train` made of the small data set, trained once for all tests.
struct TrainedShop: Sendable {
    let shop: ShopFiles
    let training: CommandProcess.Result

    var model: String { shop.directory.path("model") }
    var user: String { shop.log.users[0] }

    private static let shared = Task {
        let shop = try ShopFiles()
        removeAtExit(shop)
        let training = try await CommandProcess.run(
            ["train"] + shop.options + ["--model", shop.directory.path("model")])
        return TrainedShop(shop: shop, training: training)
    }

    static func get() async throws -> TrainedShop { try await shared.value }

    /// Runs a command on the model.
    func run(_ command: String, _ arguments: String...) async throws -> CommandProcess.Result {
        try await CommandProcess.run([command, "--model", model] + arguments)
    }
}

nonisolated(unsafe) private var removed: TemporaryDirectory?

/// What is shared is never released, so its files are removed when the process ends.
private func removeAtExit(_ shop: ShopFiles) {
    removed = shop.directory
    atexit { if let removed { try? FileManager.default.removeItem(at: removed.url) } }
}
