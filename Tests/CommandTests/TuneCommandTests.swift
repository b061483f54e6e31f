@testable internal import isrf
internal import Foundation
internal import ISRFFiles
internal import ISRFKit
internal import Testing

@Suite struct TuneCommandTests {
    private static let space = """
        views.historyDecay: {from: 0.1, to: 30, scale: logarithmic}
        graph.transitions.maximumDistance: {values: [0, 1]}
        """

    private func arguments(_ shop: ShopFiles, _ more: String...) throws -> [String] {
        ["tune"] + shop.options
            + [
                "--space", try shop.directory.write(TuneCommandTests.space, to: "space.yaml"), "--output",
                shop.directory.path("search"),
            ] + more
    }

    private func report(_ result: CommandProcess.Result) throws -> TuningReport {
        #expect(result.status == 0, "\(result.errors)")
        var report = try JSONDecoder().decode(TuningReport.self, from: Data(result.output.utf8))
        for index in report.trials.indices { report.trials[index].seconds = 0 }
        return report
    }

    @Test func searchesGoesOnAndWritesTheBest() async throws {
        let shop = try ShopFiles()
        let first = try await CommandProcess.run(try arguments(shop, "--trials", "3", "--format", "json"))
        let report = try report(first)
        #expect(report.trials.map(\.number).sorted() == [0, 1, 2])
        #expect(first.errors.contains("[2 of 3: trial 1] Evaluating isrf on validation"), "\(first.errors)")
        #expect(first.errors.contains("isrf: trial 2, 3 epochs: ndcg@10 0."), "\(first.errors)")
        #expect(!first.errors.contains("on test"))
        let best = try #require(report.best)
        let yaml = try ConfigurationFile(reading: shop.directory.path("search/best.yaml")).configuration
        #expect(yaml == best.configuration)

        let text = try await CommandProcess.run(try arguments(shop, "--trials", "4"))
        #expect(text.status == 0, "\(text.errors)")
        #expect(text.errors.contains("[4 of 4: trial 3]") && !text.errors.contains("of 4: trial 1]"), "\(text.errors)")
        for words in [
            "4 trials, the base configuration among them", "Test items were not read", " base   0.", "historyDecay ",
            "What mattered. Over 4 trials", "These are few", "views.historyDecay                 rank correlation",
            "graph.transitions.maximumDistance  share of variance", "search/best.yaml", "search/report.html",
        ] {
            #expect(text.output.contains(words), "\(words) is not in \(text.output)")
        }
        #expect(
            Set(try FileManager.default.contentsOfDirectory(atPath: shop.directory.path("search")))
                == [
                    "search.json", "trial-0000.json", "trial-0001.json", "trial-0002.json", "trial-0003.json",
                    "best.yaml", "report.html",
                ])
        let other = try await CommandProcess.run(try arguments(shop, "--trials", "4", "--seed", "2"))
        #expect(other.status == 1 && other.errors.contains("its seed is 1, not 2"), "\(other.errors)")
    }

    @Test func otherTestItemsChangeNothing() async throws {
        let shop = try ShopFiles()
        let options = ["--trials", "4", "--method", "halving", "--format", "json"]
        let first = try await CommandProcess.run(try arguments(shop) + options)
        let count = shop.catalogue.count
        let histories = shop.log.histories.map { Array($0.dropLast()) + [($0[$0.count - 1] + 5) % count] }
        try InteractionLog(users: shop.log.users, histories: histories, itemCount: count)
            .writeCSV(to: shop.interactions, catalogue: shop.catalogue)
        // The same directory: nothing is fitted again, for nothing that was read has changed.
        let second = try await CommandProcess.run(try arguments(shop) + options)
        #expect(first.status == 0 && second.output == first.output, "\(first.errors)\n\(second.errors)")
        #expect(!second.errors.contains("Training, epoch"))
        try FileManager.default.removeItem(atPath: shop.directory.path("search"))
        let anew = try await CommandProcess.run(try arguments(shop) + options)
        #expect(anew.errors.contains("[full, 1 of "), "\(anew.errors)")
        #expect(try report(anew).trials == (try report(first).trials))
    }

    @Test func interruptionKeepsWhatIsFinished() async throws {
        let shop = try ShopFiles()
        let space = try shop.directory.write("training.epochs: {values: [1000000]}", to: "long.yaml")
        let quick = ShopFiles.quick.replacingOccurrences(of: "epochs: 3", with: "epochs: 3\n  patience: 1000000")
        let configuration = try shop.directory.write(quick, to: "patient.yaml")
        let command = try CommandProcess(
            ["tune"] + shop.data
                + [
                    "--config", configuration, "--space", space, "--output", shop.directory.path("search"), "--trials",
                    "2",
                ])
        try await command.waitForErrors("trial 1] Training, epoch")
        let start = ContinuousClock.now
        command.send(SIGINT)
        let result = try await command.result(limit: .seconds(30))
        #expect(result.status == 130 && result.output.isEmpty)
        #expect(ContinuousClock.now - start < .seconds(10))
        #expect(
            Set(try FileManager.default.contentsOfDirectory(atPath: shop.directory.path("search")))
                == ["search.json", "trial-0000.json", "best.yaml", "report.html"])
    }

    @Test func thePageIsWellFormedAndNeedsNothingElse() throws {
        var configuration = ISRFConfiguration()
        configuration.training.epochs = 4
        let values: [[String: TuningValue]] = (0..<6).map { number in
            [
                "training.weightDecay": .number([0, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2][number]),
                "model.dropout": .number(Double(number) / 10), "graph.layers": .number(Double(number % 2)),
            ]
        }
        let trials = values.enumerated().map { number, values -> [String: Any] in
            [
                "number": number, "budget": "full", "seconds": 1.5, "bestEpoch": 2,
                "values": values.mapValues { $0.number ?? 0 }, "metrics": ["ndcg@10": 0.05 + Double(number) / 100],
                "failure": number == 5 ? ["message": "<b>\"broken\" & 'bent'</b>"] : nil,
                "configuration": try? JSONSerialization.jsonObject(with: JSONEncoder().encode(configuration)),
            ].compactMapValues { $0 }
        }
        let report = try JSONDecoder().decode(
            TuningReport.self,
            from: JSONSerialization.data(withJSONObject: [
                "dataset": ["users": 3, "items": 4, "interactions": 12], "method": "random", "metric": "ndcg@10",
                "protocol": [
                    "split": "", "candidates": "", "ties": "", "fittedOn": "", "seed": 1, "threads": 1,
                ],
                "space": [
                    "parameters": [
                        ["key": "training.weightDecay", "from": 1e-4, "to": 1e-2, "scale": "logarithmic"],
                        ["key": "model.dropout", "from": 0, "to": 0.5, "scale": "linear"],
                        ["key": "graph.layers", "values": [1, 2]],
                    ]
                ],
                "trials": trials, "earlier": [], "importanceBudget": "full",
                "importance": ["training.weightDecay", "model.dropout", "graph.layers"].map {
                    ["key": $0, "measure": "rankCorrelation", "strength": 0.5, "chance": 0.25, "trials": 5]
                },
            ]))
        let page = TuningPage(report: report).page
        let parser = XMLCheck(page)
        #expect(parser.isWellFormed, "\(page)")
        #expect(parser.count("svg") == 3)
        // The failed trial has no place in a plot.
        #expect(page.components(separatedBy: "r=\"4.5\"").count - 1 == 3 * 5)
        #expect(page.contains("&lt;b&gt;&quot;broken&quot; &amp; &#39;bent&#39;&lt;/b&gt;"))
        #expect(!page.contains("<b>") && !page.contains("http") && !page.contains("<script"))
        #expect(page.contains("class=\"ring\"") && page.contains("trial 4: 0.003, NDCG@10 0.0900"))
    }

    @Test(arguments: [
        ["--trials", "0"], ["--metric", "ndcg@3"], ["--method", "grid"], ["--trials", "many"], ["--baselines"],
    ])
    func wrongUseIsRefused(_ arguments: [String]) async throws {
        let result = try await CommandProcess.run(
            ["tune", "--items", "items.jsonl", "--interactions", "interactions.csv", "--output", "search"] + arguments)
        #expect(result.status == 64, "\(arguments): \(result.errors)")
        #expect(result.output.isEmpty)
    }

    @Test func theSpaceIsPrintedAndABadOneRefusedBeforeTheWork() async throws {
        let printed = try await CommandProcess.run(["tune", "--print-space"])
        #expect(printed.status == 0 && printed.output == SpaceText.standard + "\n")
        let shop = try ShopFiles()
        let space = try shop.directory.write("\nmodel.width: {values: [wide]}", to: "bad.yaml")
        let result = try await CommandProcess.run(
            ["tune"] + shop.data + ["--space", space, "--output", shop.directory.path("search")])
        #expect(result.status == 1 && result.errors.contains("bad.yaml:2: field \"model.width\""), "\(result.errors)")
        #expect(!shop.directory.contents.contains("search"))
    }
}
