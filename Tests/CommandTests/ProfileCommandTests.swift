internal import Foundation
internal import ISRFKit
internal import Testing

@Suite struct ProfileCommandTests {
    /// Profiles of the first items and users of a shop.
    private static func write(
        _ shop: ShopFiles, items: Int, users: Int, holdout: Holdout, to name: String = "profiles.jsonl"
    ) throws -> String {
        func reasoned(_ text: String) -> Reasoned { Reasoned(summary: text, reasoning: "said beforehand") }
        let file = try ProfileFile(
            items: shop.catalogue.items.prefix(items).map {
                ItemProfile(
                    item: $0.id, positive: reasoned("for \($0.brand ?? "all")"), negative: reasoned("not for others"),
                    feature: reasoned("a feature"))
            },
            users: shop.log.users.identifiers.prefix(users).map {
                UserProfile(
                    user: $0, likes: reasoned("good things"), dislikes: reasoned("bad things"),
                    preference: reasoned("the best of both"))
            },
            evidence: ReasoningEvidence(catalogue: shop.catalogue, training: holdout.training(of: shop.log)),
            holdout: holdout, model: "tiny", promptVersion: "3")
        try file.write(to: shop.directory.path(name))
        return shop.directory.path(name)
    }

    @Test func trainsOnProfilesAndSaysHowManyHadNone() async throws {
        let shop = try ShopFiles()
        let profiles = try ProfileCommandTests.write(shop, items: 20, users: 28, holdout: .none)
        let model = shop.directory.path("model")
        let result = try await CommandProcess.run(
            ["train"] + shop.options + ["--profiles", profiles, "--model", model])
        #expect(result.status == 0, "\(result.errors)")
        let expected = "profiles of 20 of 24 items and 28 of 30 users; reasoned from attributes: 4 items, 2 users"
        #expect(result.errors.contains("isrf: \(profiles): \(expected) (by tiny)"), "\(result.errors)")
        #expect(result.output.contains("Reasoned beforehand: \(expected)."), "\(result.output)")
        let recommender = try await Recommender.load(from: URL(fileURLWithPath: model))
        #expect(recommender.itemProfiles[3].positive.reasoning == "said beforehand")
        #expect(recommender.userProfiles[3].preference.summary == "the best of both")
        #expect(recommender.userProfiles[29].preference.summary != "the best of both")
        let inspection = try await CommandProcess.run(["inspect", "--model", model])
        #expect(inspection.output.contains("Reasoned by: profiles of tiny, prompts 3, holdout none"))
        #expect(inspection.output.contains("Encoded by: latent"))
    }

    @Test func evaluatesOnProfilesOfTheTrainingPart() async throws {
        let shop = try ShopFiles()
        let profiles = try ProfileCommandTests.write(shop, items: 24, users: 30, holdout: .lastTwo)
        let text = try await CommandProcess.run(["evaluate"] + shop.options + ["--profiles", profiles])
        #expect(text.status == 0, "\(text.errors)")
        #expect(
            text.output.contains("Reasoned by: profiles of tiny, prompts 3, holdout last-two; profiles of 24 of 24"))
        let json = try await CommandProcess.run(
            ["evaluate"] + shop.options + ["--profiles", profiles, "--format", "json"])
        let report = try JSONDecoder().decode(EvaluationReport.self, from: Data(json.output.utf8))
        #expect(report.protocol.profiles?.profiledUsers == 30)
        #expect(report.protocol.encoder == "latent")
    }

    @Test func coldItemsKeepTheirProfilesAndUsersThatTookThemDoNot() async throws {
        let shop = try ShopFiles()
        let profiles = try ProfileCommandTests.write(shop, items: 24, users: 30, holdout: .lastTwo)
        let result = try await CommandProcess.run(
            ["evaluate"] + shop.options + ["--profiles", profiles, "--cold-start", "0.2", "--format", "json"])
        #expect(result.status == 0, "\(result.errors)")
        let report = try #require(try result.json() as? [String: Any])
        let how = try #require(report["protocol"] as? [String: Any])
        let coverage = try #require(how["profiles"] as? [String: Int])
        #expect(coverage["profiledItems"] == coverage["items"])
        let changed = try #require(coverage["changedUsers"])
        #expect(changed > 0 && coverage["profiledUsers"] == 30 - changed)
    }

    @Test(arguments: [
        ("evaluate", Holdout.none, [], "--holdout last-two"),
        ("evaluate", Holdout.none, ["--cold-start"], "--holdout last-two"),
        ("train", Holdout.none, ["--holdout", "last-two"], "--holdout last-two"),
        ("train", Holdout.lastTwo, [], "--holdout none"),
    ])
    func refusesProfilesWithAnotherHoldout(
        _ command: String, _ holdout: Holdout, _ options: [String], _ advice: String
    ) async throws {
        let shop = try ShopFiles()
        let profiles = try ProfileCommandTests.write(shop, items: 24, users: 1, holdout: holdout)
        let model = command == "train" ? ["--model", shop.directory.path("model")] : []
        let result = try await CommandProcess.run(
            [command] + shop.options + model + ["--profiles", profiles] + options)
        #expect(result.status == 1)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("isrf: error: \(profiles):1: field \"holdout\""), "\(result.errors)")
        #expect(result.errors.contains(advice), "\(result.errors)")
        #expect(!result.errors.contains("Training"))
        // Items are reasoned about without interactions.
        let itemsAlone = try ProfileCommandTests.write(shop, items: 24, users: 0, holdout: holdout, to: "items-alone")
        let accepted = try await CommandProcess.run(
            [command] + shop.options + model + ["--profiles", itemsAlone] + options)
        #expect(accepted.status == 0, "\(accepted.errors)")
    }

    @Test func refusesProfilesOfAnotherCatalogueAndDamagedOnes() async throws {
        let shop = try ShopFiles()
        let profiles = try ProfileCommandTests.write(shop, items: 24, users: 0, holdout: .lastTwo)
        let damaged = try shop.directory.write(
            shop.directory.text("profiles.jsonl") + "{\"user\":\"a\"}\n", to: "damaged.jsonl")
        let options = ["evaluate"] + shop.options + ["--profiles"]
        let first = try await CommandProcess.run(options + [damaged])
        #expect(first.status == 1)
        #expect(first.errors.contains("isrf: error: \(damaged):26: field \"likes\": The field is missing."))
        try shop.append("{\"id\":\"one more\"}\n", to: shop.items)
        let second = try await CommandProcess.run(options + [profiles])
        #expect(second.status == 1)
        #expect(second.errors.contains("isrf: error: \(profiles):1: field \"catalogueDigest\""), "\(second.errors)")
        let missing = try await CommandProcess.run(options + [shop.directory.path("missing.jsonl")])
        #expect(missing.status == 1)
        #expect(missing.errors.contains("isrf: error: \(shop.directory.path("missing.jsonl")): "))
    }

    @Test func otherInteractionsAreRefusedUnderEvaluationAndCountedInTraining() async throws {
        let shop = try ShopFiles()
        let user = shop.log.users[4]
        let evaluated = try ProfileCommandTests.write(shop, items: 24, users: 30, holdout: .lastTwo)
        let trained = try ProfileCommandTests.write(shop, items: 24, users: 30, holdout: .none, to: "whole.jsonl")
        try shop.append("\(user),\(shop.catalogue[0].id)\n", to: shop.interactions)
        let refused = try await CommandProcess.run(["evaluate"] + shop.options + ["--profiles", evaluated])
        #expect(refused.status == 1)
        #expect(refused.errors.contains("isrf: error: \(evaluated): The profiles of 1 user, \"\(user)\""))
        let result = try await CommandProcess.run(
            ["train"] + shop.options + ["--profiles", trained, "--model", shop.directory.path("model")])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("29 of 30 users; reasoned from attributes: 0 items, 1 user; of these users 1 "))
    }
}
