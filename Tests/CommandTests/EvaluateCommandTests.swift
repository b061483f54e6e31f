internal import Foundation
internal import ISRFKit
internal import Testing

@Suite struct EvaluateCommandTests {
    private static let metrics: Set = [
        "hr@5", "ndcg@5", "hr@10", "ndcg@10", "hr@20", "ndcg@20", "coverage@10",
    ]

    @Test func jsonHasExactlyThePromisedKeys() async throws {
        let shop = try ShopFiles()
        let result = try await CommandProcess.run(
            ["evaluate"] + shop.options + ["--baselines", "--format", "json", "--seed", "5"])
        #expect(result.status == 0, "\(result.errors)")
        let report = try #require(try result.json() as? [String: Any])
        #expect(Set(report.keys) == ["dataset", "protocol", "systems"])
        let dataset = try #require(report["dataset"] as? [String: Int])
        #expect(
            dataset == [
                "users": shop.log.userCount, "items": shop.catalogue.count,
                "interactions": shop.log.interactionCount,
            ])
        let how = try #require(report["protocol"] as? [String: Any])
        #expect(how["seed"] as? Int == 5)
        #expect(how["threads"] as? Int == 1)
        let systems = try #require(report["systems"] as? [[String: Any]])
        #expect(
            systems.map { "\($0["name"] ?? "") \($0["split"] ?? "")" } == [
                "isrf test", "isrf validation", "popularity test", "popularity validation", "item-kNN test",
                "item-kNN validation", "linear floor test", "linear floor validation", "matrix factorisation test",
                "matrix factorisation validation",
            ])
        for system in systems {
            #expect(Set(system.keys) == ["name", "split", "users", "metrics", "seconds", "peakMemoryBytes"])
            #expect(system["users"] as? Int == shop.log.userCount)
            #expect(try #require(system["seconds"] as? Double) >= 0)
            #expect(try #require(system["peakMemoryBytes"] as? Int) > 1_000_000)
            let metrics = try #require(system["metrics"] as? [String: Double])
            #expect(Set(metrics.keys) == EvaluateCommandTests.metrics)
            #expect(metrics.values.allSatisfy { (0...1).contains($0) })
        }
        #expect(result.errors.contains("Evaluating isrf on test"))
    }

    @Test func measuresTheModelThatTrainingWithLastTwoHeldOutGives() async throws {
        let shop = try ShopFiles()
        let model = shop.directory.path("model")
        let training = try await CommandProcess.run(
            ["train"] + shop.options + ["--model", model, "--holdout", "last-two"])
        #expect(training.status == 0, "\(training.errors)")
        let evaluation = try await CommandProcess.run(["evaluate"] + shop.options + ["--format", "json"])
        let report = try JSONDecoder().decode(EvaluationReport.self, from: Data(evaluation.output.utf8))
        #expect(report.systems.count == 2)

        let recommender = try await Recommender.load(from: URL(fileURLWithPath: model))
        let split = LeaveOneOutSplit(shop.log)
        #expect(recommender.log == split.training)
        for system in report.systems {
            let part = try #require(LeaveOneOutSplit.Part(rawValue: system.split))
            let result = try await Evaluator().evaluate(RecommenderSystem(recommender), on: split, part: part)
            for (name, value) in result.metrics {
                #expect(abs(try #require(system.metrics[name]) - value) < 1e-9, "\(name) on \(system.split)")
            }
        }
    }

    @Test func textHasProtocolTableWeightsAndPopularity() async throws {
        let shop = try ShopFiles()
        let result = try await CommandProcess.run(["evaluate"] + shop.options)
        #expect(result.status == 0, "\(result.errors)")
        for text in [
            "30 users, 24 items", "Fitted on the training part only", "ndcg@10", "head", "Weights of the views",
        ] {
            #expect(result.output.contains(text), "\(text)")
        }
        #expect(result.lines.count { $0.hasPrefix("isrf  ") } == 2)
        #expect(!result.output.contains("Training, epoch"))
    }

    @Test func malformedLinesStopTheRunOrAreSkippedAndNamed() async throws {
        let shop = try ShopFiles()
        let lines = shop.directory.text("interactions.csv").split(separator: "\n").count
        try shop.append("\(shop.log.users[0]),no such item\n", to: shop.interactions)
        try shop.append("{\"title\": \"without an identifier\"}\n", to: shop.items)

        let stopped = try await CommandProcess.run(["evaluate"] + shop.options)
        #expect(stopped.status == 1)
        #expect(stopped.output.isEmpty)
        let errors = stopped.errors.split(separator: "\n").filter { $0.hasPrefix("isrf: error: ") }
        #expect(errors.count == 1)
        #expect(
            errors.first?.hasPrefix("isrf: error: \(shop.items):\(shop.catalogue.count + 1): ") == true, "\(errors)")

        let skipped = try await CommandProcess.run(
            ["evaluate"] + shop.options + ["--skip-malformed", "--format", "json"])
        #expect(skipped.status == 0, "\(skipped.errors)")
        #expect(skipped.errors.contains("\(shop.items): skipped 1 malformed line"))
        #expect(skipped.errors.contains("\(shop.interactions):\(lines + 1): "))
        let report = try JSONDecoder().decode(EvaluationReport.self, from: Data(skipped.output.utf8))
        #expect(report.dataset.interactions == shop.log.interactionCount)
    }

    @Test func formatsCanBeSaid() async throws {
        let shop = try ShopFiles()
        let renamed = shop.directory.path("interactions.dat")
        try FileManager.default.copyItem(atPath: shop.interactions, toPath: renamed)
        let wrong = try await CommandProcess.run(
            ["evaluate", "--items", shop.items, "--interactions", renamed, "--config", shop.configuration]
                + ["--interactions-format", "sequences"])
        #expect(wrong.status == 1)
        let right = try await CommandProcess.run(
            ["evaluate", "--items", shop.items, "--interactions", renamed, "--config", shop.configuration]
                + ["--interactions-format", "csv", "--items-format", "jsonl"])
        #expect(right.status == 0, "\(right.errors)")
    }

    @Test func saysWhenThereIsNothingToHoldOut() async throws {
        let shop = try ShopFiles()
        let (first, second) = (shop.catalogue[0].id, shop.catalogue[1].id)
        let short = try shop.directory.write("user,item\nA,\(first)\nA,\(second)\n", to: "short.csv")
        let result = try await CommandProcess.run(
            ["evaluate", "--items", shop.items, "--interactions", short, "--config", shop.configuration])
        #expect(result.status == 1)
        #expect(result.errors.contains("isrf: error: No user has three or more interactions"))
    }
}
