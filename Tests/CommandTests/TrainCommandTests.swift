internal import Foundation
internal import ISRFKit
internal import Testing

@Suite struct TrainCommandTests {
    @Test func savesAModelAndSaysSo() async throws {
        let trained = try await TrainedShop.get()
        #expect(trained.training.status == 0, "\(trained.training.errors)")
        #expect(trained.training.output.contains("30 users, 24 items"))
        #expect(trained.training.output.contains("The model is in \(trained.model)."))
        #expect(trained.training.errors.contains("Training, epoch 1 of 3"))
        let recommender = try await Recommender.load(from: URL(fileURLWithPath: trained.model))
        #expect(recommender.log == trained.shop.log)
        #expect(recommender.configuration.model.width == 16)
        #expect(recommender.training.epochs.count == 3)
    }

    @Test func theSameSeedGivesTheSameModelAndAnotherSeedAnother() async throws {
        let trained = try await TrainedShop.get()
        let directory = try TemporaryDirectory()
        func recommendations(_ model: String) async throws -> String {
            let result = try await CommandProcess.run(["recommend", "--model", model, "--all", "--format", "json"])
            #expect(result.status == 0, "\(result.errors)")
            return result.output
        }
        for (name, seed) in [("same", "1"), ("other", "2")] {
            let result = try await CommandProcess.run(
                ["train"] + trained.shop.options + ["--model", directory.path(name), "--seed", seed])
            #expect(result.status == 0, "\(result.errors)")
        }
        let first = try await recommendations(trained.model)
        #expect(try await recommendations(directory.path("same")) == first)
        #expect(try await recommendations(directory.path("other")) != first)
    }

    @Test func replacesAModelButNothingElse() async throws {
        let shop = try ShopFiles()
        let model = shop.directory.path("model")
        try FileManager.default.createDirectory(atPath: model, withIntermediateDirectories: false)
        try shop.directory.write("mine", to: "model/notes.txt")
        let refused = try await CommandProcess.run(["train"] + shop.options + ["--model", model])
        #expect(refused.status == 1)
        #expect(refused.errors.hasPrefix("isrf: error: \(model): "), "\(refused.errors)")
        #expect(!refused.errors.contains("Training"), "refused only after the work was done")
        #expect(shop.directory.text("model/notes.txt") == "mine")

        try FileManager.default.removeItem(atPath: model + "/notes.txt")
        for seed in ["3", "4"] {
            let result = try await CommandProcess.run(
                ["train"] + shop.options + ["--model", model, "--seed", seed, "--threads", "2"])
            #expect(result.status == 0, "\(result.errors)")
        }
        let configuration = try await Recommender.load(from: URL(fileURLWithPath: model)).configuration
        #expect(configuration.seed == 4)
        #expect(configuration.threads == 2)
        #expect(shop.directory.contents == ["items.jsonl", "interactions.csv", "quick.yaml", "model"])
    }

    @Test func refusesAFileInPlaceOfTheModel() async throws {
        let shop = try ShopFiles()
        let result = try await CommandProcess.run(["train"] + shop.options + ["--model", shop.items])
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("isrf: error: \(shop.items): "))
        #expect(!shop.directory.text("items.jsonl").isEmpty)
    }

    @Test func refusesAPlaceThatCannotBeMade() async throws {
        let shop = try ShopFiles()
        let model = shop.items + "/below/model"
        let result = try await CommandProcess.run(["train"] + shop.options + ["--model", model])
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("isrf: error: \(model): "), "\(result.errors)")
        #expect(!result.errors.contains("Error Domain"), "\(result.errors)")
    }

    @Test func makesTheDirectoriesAboveTheModel() async throws {
        let shop = try ShopFiles()
        let model = shop.directory.path("new/and newer/model/")
        let result = try await CommandProcess.run(["train"] + shop.options + ["--model", model])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try await CommandProcess.run(["inspect", "--model", model]).status == 0)
    }

    @Test func printsTheConfiguration() async throws {
        let result = try await CommandProcess.run(["train", "--print-config"])
        #expect(result.status == 0)
        #expect(result.output.contains("\ntraining:\n"))
        #expect(result.errors.isEmpty)
    }
}
