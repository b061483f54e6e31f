internal import Foundation
internal import Testing

@Suite struct UsageTests {
    @Test(arguments: [
        ["no-such-command"], ["evaluate"], ["evaluate", "--items", "a"],
        ["train", "--items", "a", "--interactions", "b"],
        ["evaluate", "--items", "a", "--interactions", "b", "--format", "xml"],
        ["evaluate", "--items", "a", "--interactions", "b", "--threads", "-1"],
        ["evaluate", "--items", "a", "--interactions", "b", "--seed", "one"],
        ["train", "--items", "a", "--interactions", "b", "--model", "c", "--holdout", "half"],
        ["train", "--items", "a", "--interactions", "b", "--model", "c", "--encoder", "best"],
        ["train", "--items", "a", "--interactions", "b", "--model", "c", "--encoder", "sentence-transformer:"],
        ["evaluate", "--compare", "a.json", "b.json", "--encoder", "http://127.0.0.1:8080"],
        ["evaluate", "--compare", "a.json", "b.json", "--profiles", "profiles.jsonl"],
        ["recommend", "--model", "m"], ["recommend", "--model", "m", "--all", "--user", "u"],
        ["recommend", "--user", "u"],
        ["recommend", "--model", "m", "--all", "--count", "0"], ["similar", "--model", "m"],
        ["similar", "--model", "m", "--item", "i", "--user", "u"], ["explain", "--model", "m", "--user", "u"],
        ["inspect"], ["inspect", "--model", "m", "--no-such-option"],
    ])
    func wrongUsageHasStatus64(_ arguments: [String]) async throws {
        let result = try await CommandProcess.run(arguments)
        #expect(result.status == 64, "\(arguments)")
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("Usage: isrf"), "\(result.errors)")
    }

    @Test(arguments: ["demo", "reason", "train", "evaluate", "recommend", "similar", "explain", "inspect", "audit"])
    func everyCommandExplainsItself(_ command: String) async throws {
        let result = try await CommandProcess.run([command, "--help"])
        #expect(result.status == 0)
        #expect(result.errors.isEmpty)
        #expect(result.output.contains("OVERVIEW: ") && result.output.contains("USAGE: isrf \(command)"))
        #expect(result.output.contains("\n  isrf \(command)"), "there is no example")
    }

    @Test func missingFilesAreFailures() async throws {
        let directory = try TemporaryDirectory()
        let missing = directory.path("missing.jsonl")
        let data = try await CommandProcess.run(["evaluate", "--items", missing, "--interactions", missing])
        #expect(data.status == 1)
        #expect(data.errors.contains("isrf: error: \(missing): "), "\(data.errors)")
        let configuration = try await CommandProcess.run(
            ["evaluate", "--items", missing, "--interactions", missing, "--config", directory.path("missing.yaml")])
        #expect(configuration.status == 1)
        #expect(configuration.errors.contains("isrf: error: \(directory.path("missing.yaml")): "))
        let model = try await CommandProcess.run(["inspect", "--model", directory.path("model")])
        #expect(model.status == 1)
        #expect(model.errors.contains("isrf: error: \(directory.path("model"))"))
    }

    @Test func unknownKeysOfTheConfigurationAreNamed() async throws {
        let shop = try ShopFiles()
        let file = try shop.directory.write("seed: 3\nmodel:\n  widht: 8\n", to: "wrong.yaml")
        let result = try await CommandProcess.run(["evaluate"] + shop.data + ["--config", file])
        #expect(result.status == 1)
        #expect(result.output.isEmpty)
        #expect(
            result.errors.hasPrefix("isrf: error: \(file):3: field \"model.widht\": There is no such key."),
            "\(result.errors)")
        #expect(result.errors.contains("width, blocks, heads"))
    }
}
