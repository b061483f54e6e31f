internal import Foundation
internal import ISRFKit
internal import Testing

@Suite struct VocabularyCommandTests {
    @Test func semanticIdentifiersAreMeasuredBesideWholeItems() async throws {
        let shop = try ShopFiles()
        let arguments =
            ["evaluate"] + shop.options
            + ["--semantic-identifiers", "--beam-width", "5", "--levels", "2", "--codes", "4"]
        let result = try await CommandProcess.run(arguments + ["--format", "json"])
        #expect(result.status == 0, "\(result.errors)")
        for activity in ["Training the token decoder", "Evaluating semantic identifiers on test", "Timing lists of"] {
            #expect(result.errors.contains(activity), "\(result.errors)")
        }
        let object = try #require(try result.json() as? [String: Any])
        #expect(Set(object.keys) == ["dataset", "protocol", "systems", "identifiers", "costs", "timing"])
        let report = try JSONDecoder().decode(VocabularyReport.self, from: Data(result.output.utf8))
        #expect(report.systems.count == 6)
        #expect(report.identifiers.beamWidth == 5)
        #expect(report.identifiers.placeSizes.prefix(2).allSatisfy { (1...4).contains($0) })
        #expect(report.timing.users == 30)

        // The pipeline is the one that is measured without the option.
        let plain = try await CommandProcess.run(["evaluate"] + shop.options + ["--format", "json"])
        let expected = try JSONDecoder().decode(EvaluationReport.self, from: Data(plain.output.utf8))
        #expect(report.systems.prefix(2).map(\.metrics) == expected.systems.map(\.metrics))

        let text = try await CommandProcess.run(arguments)
        #expect(text.status == 0, "\(text.errors)")
        for words in ["30 users, 24 items", "Fitted on the training part only", "5 prefixes", "vocabulary", "trie"] {
            #expect(text.output.contains(words), "\(words)")
        }
        #expect(text.lines.count { $0.hasPrefix("semantic identifiers  ") } == 3)
    }

    @Test(arguments: [
        ["--beam-width", "5"], ["--levels", "2"], ["--codes", "4"], ["--semantic-identifiers", "--beam-width", "0"],
        ["--semantic-identifiers", "--levels", "0"], ["--semantic-identifiers", "--codes", "some"],
        ["--semantic-identifiers", "--baselines"], ["--semantic-identifiers", "--cold-start"],
        ["--semantic-identifiers", "--ablations"], ["--semantic-identifiers", "--compare", "a.json", "b.json"],
    ])
    func whatDoesNotBelongTogetherIsRefused(_ arguments: [String]) async throws {
        let result = try await CommandProcess.run(
            ["evaluate", "--items", "items.jsonl", "--interactions", "interactions.csv"] + arguments)
        #expect(result.status == 64, "\(arguments): \(result.errors)")
        #expect(result.output.isEmpty)
    }
}
