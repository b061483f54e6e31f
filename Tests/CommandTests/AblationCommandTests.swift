internal import Foundation
internal import ISRFKit
internal import Testing

@Suite struct AblationCommandTests {
    @Test func namedAblationsAreComparedOverSeedsAndResumed() async throws {
        let shop = try ShopFiles()
        let arguments =
            ["evaluate"] + shop.options
            + [
                "--ablations", "full,no-user-graph,generator-only", "--seeds", "1,2", "--output",
                shop.directory.path("runs"),
            ]
        let result = try await CommandProcess.run(arguments + ["--format", "json"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("full, seed 2] Evaluating isrf on test"), "\(result.errors)")
        let object = try #require(try result.json() as? [String: Any])
        #expect(Set(object.keys) == ["dataset", "protocol", "seeds", "systems", "results"])
        let report = try JSONDecoder().decode(AblationReport.self, from: Data(result.output.utf8))
        #expect(report.seeds == [1, 2])
        #expect(report.systems.map(\.name) == ["full", "no-user-graph", "generator-only"])
        #expect(report.systems[1].removedViews == [.group, .similarUsers])
        let files = try FileManager.default.contentsOfDirectory(atPath: shop.directory.path("runs"))
        #expect(files.count == 6)

        let text = try await CommandProcess.run(arguments)
        #expect(text.status == 0, "\(text.errors)")
        #expect(!text.errors.contains("Training, epoch"))
        for words in [
            "30 users, 24 items", "Seeds 1, 2, 1 thread", "Fitted on the training part only", "On test, 30 users",
            "On validation, 30 users", "means over 2 seeds", "95 %", "no similar users",
        ] {
            #expect(text.output.contains(words), "\(words)")
        }
        let rows = text.lines.filter { $0.hasPrefix("  generator-only  0.") }
        #expect(rows.count == 2)
        let row = try #require(report.results.rows.first { $0.name == "generator-only" })
        let ndcg = try #require(row.comparison?.metrics.last)
        #expect(rows.first?.contains((ndcg.difference < 0 ? "" : "+") + decimal(ndcg.difference)) == true, "\(rows)")
        // The whole pipeline alone is a mean over seeds, with nothing to compare it with.
        let alone = try await CommandProcess.run(arguments.map { $0.hasPrefix("full,") ? "full" : $0 })
        #expect(!alone.errors.contains("Training, epoch"), "\(alone.errors)")
        #expect(alone.lines.count { $0.hasPrefix("  full") && $0.contains(" 0.") } == 2, "\(alone.output)")
        #expect(alone.output.contains("On test:") && alone.output.contains("means over 2 seeds."))
        #expect(!alone.output.contains("difference is"))
        let compared = try await CommandProcess.run([
            "evaluate", "--compare", shop.directory.path("runs/full.seed-1.json"),
            shop.directory.path("runs/no-user-graph.seed-1.json"),
        ])
        #expect(compared.status == 0, "\(compared.errors)")
    }

    private func decimal(_ value: Double) -> String { String(format: "%.4f", value) }

    @Test(arguments: [
        ["--ablations", "no-such-part"], ["--ablations", "no-user-graph,no-user-graph"], ["--seeds", "1,2"],
        ["--output", "runs"], ["--ablations", "--seeds", "1,1"], ["--ablations", "--seeds", "one"],
        ["--ablations", "--seeds", "1", "--seed", "2"], ["--ablations", "--baselines"],
        ["--ablations", "--cold-start"],
        ["--ablations", "--ranks", "--format", "json"], ["--ablations", "--compare", "a.json", "b.json"],
    ])
    func whatDoesNotBelongTogetherIsRefused(_ arguments: [String]) async throws {
        let result = try await CommandProcess.run(
            ["evaluate", "--items", "items.jsonl", "--interactions", "interactions.csv"] + arguments)
        #expect(result.status == 64, "\(arguments): \(result.errors)")
        #expect(result.output.isEmpty)
    }

    @Test("A name that is none is answered with the names that there are")
    func unknownName() async throws {
        let result = try await CommandProcess.run([
            "evaluate", "--items", "items.jsonl", "--interactions", "interactions.csv", "--ablations",
            "no-gate,no-such-part",
        ])
        #expect(result.status == 64)
        for word in ["\"no-such-part\"", "full, no-reasoning", "no-gate"] {
            #expect(result.errors.contains(word), "\(result.errors)")
        }
    }
}
