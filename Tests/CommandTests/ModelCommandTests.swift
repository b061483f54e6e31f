internal import Foundation
internal import ISRFKit
internal import Testing

/// `recommend`, `similar`, `explain` and `inspect` on a model that `train` made.
@Suite struct ModelCommandTests {
    private struct Recommended: Decodable {
        var user: String?
        var history: [String]?
        var recommendations: [Recommendation]
    }

    private static func decoded(_ result: CommandProcess.Result) throws -> [Recommended] {
        try result.lines.map { try JSONDecoder().decode(Recommended.self, from: Data($0.utf8)) }
    }

    private static func recommender(_ trained: TrainedShop) async throws -> Recommender {
        try await Recommender.load(from: URL(fileURLWithPath: trained.model))
    }

    @Test func recommendsToKnownUsersAsTheLibraryDoes() async throws {
        let trained = try await TrainedShop.get()
        let users = [trained.user, trained.shop.log.users[3]]
        let result = try await trained.run(
            "recommend", "--user", users[0], "--user", users[1], "--count", "4", "--format", "json")
        #expect(result.status == 0, "\(result.errors)")
        let answers = try ModelCommandTests.decoded(result)
        #expect(answers.map(\.user) == users)
        let expected = try await ModelCommandTests.recommender(trained).recommend(
            users: users, options: .init(count: 4))
        #expect(answers.map(\.recommendations) == expected)
    }

    @Test func leavesTheHistoryOutUnlessToldOtherwise() async throws {
        let trained = try await TrainedShop.get()
        let all = "\(trained.shop.catalogue.count)"
        let history = Set(trained.shop.log.histories[0].map { trained.shop.catalogue[$0].id })
        let without = try ModelCommandTests.decoded(
            try await trained.run("recommend", "--user", trained.user, "--count", all, "--format", "json"))
        let with = try ModelCommandTests.decoded(
            try await trained.run(
                "recommend", "--user", trained.user, "--count", all, "--include-history", "--format", "json"))
        #expect(history.isDisjoint(with: without[0].recommendations.map(\.item)))
        #expect(without[0].recommendations.count == trained.shop.catalogue.count - history.count)
        #expect(with[0].recommendations.count == trained.shop.catalogue.count)
    }

    @Test func recommendsToABareHistory() async throws {
        let trained = try await TrainedShop.get()
        let history = [trained.shop.catalogue[2].id, trained.shop.catalogue[5].id]
        let result = try await trained.run(
            "recommend", "--history", history.joined(separator: ","), "--count", "3", "--format", "json")
        #expect(result.status == 0, "\(result.errors)")
        let answers = try ModelCommandTests.decoded(result)
        #expect(answers.count == 1)
        #expect(answers[0].history == history)
        let expected = try await ModelCommandTests.recommender(trained).recommend(
            history: history, options: .init(count: 3))
        #expect(answers[0].recommendations == expected)
    }

    @Test func recommendsToEverybody() async throws {
        let trained = try await TrainedShop.get()
        let result = try await trained.run("recommend", "--all", "--count", "2", "--format", "json")
        #expect(result.status == 0, "\(result.errors)")
        let answers = try ModelCommandTests.decoded(result)
        #expect(answers.map(\.user) == trained.shop.log.users.identifiers)
        #expect(answers.allSatisfy { $0.recommendations.count == 2 })
        let text = try await trained.run("recommend", "--all", "--count", "2")
        #expect(text.lines.count == 3 * trained.shop.log.userCount)
        #expect(text.output.contains(answers[0].recommendations[0].item))
        #expect(text.output.contains(try #require(answers[0].recommendations[0].title)))
    }

    @Test func listsSimilarItemsAndUsers() async throws {
        struct Items: Decodable {
            var item: String
            var similar: [SimilarItem]
        }
        struct Users: Decodable {
            var user: String
            var similar: [SimilarUser]
        }
        let trained = try await TrainedShop.get()
        let recommender = try await ModelCommandTests.recommender(trained)
        let item = trained.shop.catalogue[7].id
        let items = try await trained.run("similar", "--item", item, "--count", "3", "--format", "json")
        let itemAnswer = try JSONDecoder().decode(Items.self, from: Data(items.output.utf8))
        #expect(itemAnswer.item == item)
        #expect(itemAnswer.similar == (try recommender.similar(item: item, count: 3)))
        let users = try await trained.run("similar", "--user", trained.user, "--count", "3", "--format", "json")
        let userAnswer = try JSONDecoder().decode(Users.self, from: Data(users.output.utf8))
        #expect(userAnswer.similar == (try recommender.similar(user: trained.user, count: 3)))
        let text = try await trained.run("similar", "--item", item)
        #expect(text.lines.count == 10)
        #expect(text.lines[0].contains(itemAnswer.similar[0].item))
    }

    @Test func explainsWithPartsThatAddUp() async throws {
        let trained = try await TrainedShop.get()
        let first = try ModelCommandTests.decoded(
            try await trained.run("recommend", "--user", trained.user, "--count", "1", "--format", "json"))
        let recommendation = try #require(first[0].recommendations.first)
        let result = try await trained.run(
            "explain", "--user", trained.user, "--item", recommendation.item, "--format", "json")
        #expect(result.status == 0, "\(result.errors)")
        let explanation = try JSONDecoder().decode(Explanation.self, from: Data(result.output.utf8))
        #expect(explanation.item == recommendation.item)
        #expect(abs(explanation.parts.reduce(0) { $0 + $1.score } - recommendation.score) < 1e-3)
        let text = try await trained.run("explain", "--user", trained.user, "--item", recommendation.item)
        #expect(text.status == 0, "\(text.errors)")
        #expect(text.lines.first == explanation.sentence)
        for part in explanation.parts { #expect(text.output.contains("  \(part.view.rawValue) ")) }
        for entry in explanation.history { #expect(text.output.contains(entry.item)) }
    }

    @Test func explainsToABareHistory() async throws {
        let trained = try await TrainedShop.get()
        let recommender = try await ModelCommandTests.recommender(trained)
        let user = try recommender.log.index(ofUser: trained.user)
        let history = recommender.log.histories[user].map { recommender.catalogue[$0].id }
        let item = try #require(try await recommender.recommend(history: history).first).item
        let result = try await trained.run(
            "explain", "--history", history.joined(separator: ","), "--item", item, "--format", "json")
        #expect(result.status == 0, "\(result.errors)")
        let explanation = try JSONDecoder().decode(Explanation.self, from: Data(result.output.utf8))
        #expect(explanation.user == nil)
        #expect(!explanation.history.isEmpty)
        #expect(explanation.history.allSatisfy { history.contains($0.item) })
        let both = try await trained.run("explain", "--user", trained.user, "--history", history[0], "--item", item)
        #expect(both.status == 64)
    }

    @Test func inspectsAModel() async throws {
        let trained = try await TrainedShop.get()
        let result = try await trained.run("inspect")
        #expect(result.status == 0, "\(result.errors)")
        for text in [
            "format version \(ModelManifest.currentVersion)", "30 users, 24 items", "weights.safetensors",
            "epoch  sequential", "transitions", "    width: 16",
        ] {
            #expect(result.output.contains(text), "\(text)")
        }
    }

    @Test func namesWhoOrWhatIsUnknown() async throws {
        let trained = try await TrainedShop.get()
        for (command, arguments) in [
            ("recommend", ["--user", "nobody"]), ("recommend", ["--history", "nobody"]),
            ("similar", ["--item", "nobody"]),
            ("similar", ["--user", "nobody"]), ("explain", ["--user", trained.user, "--item", "nobody"]),
        ] {
            let result = try await CommandProcess.run([command, "--model", trained.model] + arguments)
            #expect(result.status == 1, "\(command) \(arguments)")
            #expect(result.output.isEmpty)
            #expect(
                result.errors.hasPrefix("isrf: error: ") && result.errors.contains("\"nobody\""), "\(result.errors)")
            #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
        }
    }

    @Test func refusesADamagedModel() async throws {
        let trained = try await TrainedShop.get()
        let directory = try TemporaryDirectory()
        let copy = directory.path("model")
        try FileManager.default.copyItem(atPath: trained.model, toPath: copy)
        let weights = directory.url("model/weights.safetensors")
        try Data(try Data(contentsOf: weights).dropLast(7)).write(to: weights)
        for command in [["inspect"], ["recommend", "--all"]] {
            let result = try await CommandProcess.run(command + ["--model", copy])
            #expect(result.status == 1)
            #expect(result.errors.contains("weights.safetensors"), "\(result.errors)")
            #expect(result.output.isEmpty)
        }
    }
}
