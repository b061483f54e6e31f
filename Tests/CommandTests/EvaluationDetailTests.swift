internal import Foundation
internal import ISRFKit
internal import Testing

@Suite struct EvaluationDetailTests {
    /// Reports with ranks of two runs on one data set.
    private struct Reports {
        let shop: ShopFiles
        var first: String { shop.directory.path("a.json") }
        var second: String { shop.directory.path("b.json") }

        init() async throws {
            shop = try ShopFiles()
            for (seed, file, more) in [("1", "a.json", ["--baselines"]), ("2", "b.json", [])] {
                let result = try await CommandProcess.run(
                    ["evaluate"] + shop.options + ["--ranks", "--format", "json", "--seed", seed] + more)
                #expect(result.status == 0, "\(result.errors)")
                try shop.directory.write(result.output, to: file)
            }
        }
    }

    @Test func detailsAreAddedToTheJSONOfEverySystem() async throws {
        let shop = try ShopFiles()
        let result = try await CommandProcess.run(
            ["evaluate"] + shop.options
                + ["--baselines", "--breakdown", "--direct", "--ranks", "--format", "json"])
        #expect(result.status == 0, "\(result.errors)")
        let report = try JSONDecoder().decode(EvaluationReport.self, from: Data(result.output.utf8))
        #expect(report.systems.count == 10)
        for system in report.systems {
            let breakdown = try #require(system.breakdown)
            #expect(breakdown.historyLengths.map(\.cases).reduce(0, +) == shop.log.userCount)
            #expect(breakdown.popularity.map(\.name) == ["head", "middle", "tail"])
            #expect(breakdown.coverage10 == system.metrics["coverage@10"] && (0...1).contains(breakdown.gini10))
            let direct = try #require(system.direct)
            #expect(Set(direct.metrics.keys) == Set(DirectResult.metricNames))
            let ranks = try #require(system.ranks)
            #expect(Set(ranks.keys) == Set(shop.log.users.identifiers))
            let hits = Double(ranks.values.count { $0 < 10 }) / Double(ranks.count)
            #expect(abs(hits - (system.metrics["hr@10"] ?? -1)) < 1e-12)
        }
    }

    @Test func textHasTheTablesThatWereAskedFor() async throws {
        let shop = try ShopFiles()
        let result = try await CommandProcess.run(["evaluate"] + shop.options + ["--breakdown", "--direct"])
        #expect(result.status == 0, "\(result.errors)")
        for text in ["By the number of the user's training", "> 10", "gini@10", "Direct protocol, among 99", "tail"] {
            #expect(result.output.contains(text), "\(text)")
        }
    }

    @Test func twoReportsAreComparedUserByUser() async throws {
        let reports = try await Reports()
        let text = try await CommandProcess.run(["evaluate", "--compare", reports.first, reports.second])
        #expect(text.status == 0, "\(text.errors)")
        #expect(text.output.contains("A is \(reports.first), B is \(reports.second)."))
        #expect(text.lines.count { $0.hasPrefix("isrf  ") } == 8)
        #expect(text.output.contains("Only in A, and not compared: popularity, item-kNN, linear floor"))

        let json = try await CommandProcess.run(
            ["evaluate", "--compare", reports.first, reports.second, "--format", "json"])
        let comparison = try JSONDecoder().decode(ReportComparison.self, from: Data(json.output.utf8))
        #expect(comparison.rows.map(\.split) == ["test", "validation"])
        for (name, file) in [("first", reports.first), ("second", reports.second)] {
            let report = try JSONDecoder().decode(
                EvaluationReport.self, from: try Data(contentsOf: URL(fileURLWithPath: file)))
            for (row, system) in zip(comparison.rows, report.systems) {
                for metric in row.comparison.metrics {
                    let value = name == "first" ? metric.first : metric.second
                    #expect(abs(value - (system.metrics[metric.name] ?? -1)) < 1e-9)
                }
            }
        }
    }

    @Test func whatCannotBeComparedIsNamed() async throws {
        let shop = try ShopFiles()
        let plain = shop.directory.path("plain.json")
        let result = try await CommandProcess.run(["evaluate"] + shop.options + ["--format", "json"])
        try shop.directory.write(result.output, to: "plain.json")
        for (files, words) in [
            ([plain, plain], "isrf: error: The first report has no ranks"),
            ([shop.configuration, plain], "isrf: error: \(shop.configuration): This is not a report"),
            ([plain, shop.directory.path("missing.json")], "missing.json: The report could not be read"),
        ] {
            let compared = try await CommandProcess.run(["evaluate", "--compare"] + files)
            #expect(compared.status == 1)
            #expect(compared.output.isEmpty && compared.errors.contains(words), "\(compared.errors)")
        }
    }

    @Test func coldItemsAreMeasuredBesideContentNeighbours() async throws {
        let shop = try ShopFiles()
        let json = try await CommandProcess.run(
            ["evaluate"] + shop.options + ["--format", "json", "--cold-start", "0.25"])
        #expect(json.status == 0, "\(json.errors)")
        let report = try #require(try json.json() as? [String: Any])
        #expect(Set(report.keys) == ["dataset", "protocol", "coldStart"])
        let cold = try #require(report["coldStart"] as? [String: Any])
        #expect(cold["coldItems"] as? Int == 6 && cold["items"] as? Int == 24)
        let systems = try #require(cold["systems"] as? [[String: Any]])
        #expect(
            systems.map { "\($0["name"] ?? "") \($0["split"] ?? "")" }
                == ["isrf test", "isrf validation", "content kNN test", "content kNN validation"])
        let text = try await CommandProcess.run(["evaluate"] + shop.options + ["--cold-start=0.25"])
        #expect(text.output.contains("6 items of 24 taken out"), "\(text.output) \(text.errors)")
        #expect(text.lines.count { $0.hasPrefix("isrf  ") } == 4)
    }

    @Test(arguments: ["five", "0", "1", "nan"])
    func aShareThatIsNoneIsAnsweredWithWhatItMustBe(_ share: String) async throws {
        let result = try await CommandProcess.run(
            ["evaluate", "--items", "items.jsonl", "--interactions", "interactions.csv", "--cold-start", share])
        #expect(result.status == 64)
        #expect(result.errors.contains("'--cold-start' is \"\(share)\""), "\(result.errors)")
        #expect(result.errors.contains("above 0 and below 1"), "\(result.errors)")
    }

    @Test(arguments: [
        ["--compare", "a.json"], ["--compare", "a.json", "b.json", "c.json"],
        ["--compare", "a.json", "b.json", "--items", "i"], ["--compare", "a.json", "b.json", "--direct"],
        ["--items", "i", "--interactions", "j", "--ranks"],
        ["--items", "i", "--interactions", "j", "--cold-start", "1"],
        ["--items", "i", "--interactions", "j", "--cold-start", "--baselines"],
        ["--cold-start", "--items", "i"],
    ])
    func wrongUsageHasStatus64(_ arguments: [String]) async throws {
        let result = try await CommandProcess.run(["evaluate"] + arguments)
        #expect(result.status == 64, "\(arguments)")
        #expect(result.output.isEmpty && result.errors.contains("Usage: isrf"), "\(result.errors)")
    }
}
