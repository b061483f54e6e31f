import ISRFKitTesting
import Testing

@testable import ISRFKit

@Suite("New items")
struct NewItemTests {
    @Test("A new item is recommended to those whose taste it meets, from its attributes alone")
    func ranksByTaste() async throws {
        let (data, recommender) = try await Fitted.sample()
        for group in data.groupNames.indices {
            let extended = try await recommender.adding(items: [try data.newItem(like: group)])
            let answers = try await extended.recommend(
                users: data.log.users.identifiers, options: .init(count: data.catalogue.count + 1))
            var own: [Int] = []
            var others: [Int] = []
            for (user, answer) in answers.enumerated() {
                let rank = try #require(answer.firstIndex { $0.item == "new-item" })
                if data.userGroups[user] == group { own.append(rank) } else { others.append(rank) }
            }
            func mean(_ ranks: [Int]) -> Double { Double(ranks.reduce(0, +)) / Double(ranks.count) }
            // The group has 12 of the 49 items.
            #expect(mean(own) < 12, "\(data.groupNames[group]): \(mean(own))")
            #expect(mean(others) > mean(own) + 10, "\(data.groupNames[group]): \(mean(others))")
        }
    }

    @Test("What was known stays as it was")
    func knownItemsStay() async throws {
        let (data, recommender) = try await Fitted.sample()
        let extended = try await recommender.adding(items: [try data.newItem(like: 0)])
        #expect(extended.catalogue.count == data.catalogue.count + 1)
        #expect(recommender.catalogue.count == data.catalogue.count)
        for user in data.log.users.identifiers.prefix(10) {
            let before = try await recommender.recommend(user: user, options: .init(count: 100))
            let after = try await extended.recommend(user: user, options: .init(count: 100))
            #expect(after.filter { $0.item != "new-item" }.map(\.item) == before.map(\.item))
        }
        let unchanged = try await recommender.adding(items: [])
        #expect(unchanged.catalogue == recommender.catalogue)
    }

    @Test("New items stand in histories, lists, similarities and explanations like others")
    func newItemsAreItems() async throws {
        let (data, recommender) = try await Fitted.sample()
        let extended = try await recommender.adding(items: [
            try data.newItem(like: 1, id: "first"), try data.newItem(like: 1, id: "second"),
        ])
        let answer = try await extended.recommend(history: ["first"], options: .init(count: 5))
        #expect(!answer.contains { $0.item == "first" })
        let own = try answer.count {
            let index = try extended.catalogue.index(of: $0.item)
            return index >= data.catalogue.count || data.itemGroups[index] == 1
        }
        #expect(own >= 4)
        let allowed = try await extended.recommend(
            user: data.log.users[0], options: .init(allowedItems: ["second"]))
        #expect(allowed.map(\.item) == ["second"])
        let similar = try extended.similar(item: "first", count: 3)
        #expect(similar.contains { $0.item == "second" })
        let explanation = try await extended.explain(history: ["first", "first"], item: "second")
        #expect(explanation.history.map(\.item) == ["first"])
        #expect(explanation.attributes.first.map { $0.items == 2 } == true)
        #expect(explanation.paths.isEmpty)
        #expect(abs(explanation.parts.reduce(0) { $0 + $1.score } - explanation.score) < 1e-4)
        let known = try await extended.explain(user: data.log.users[0], item: "first")
        #expect(known.score.isFinite && !known.itemFeature.isEmpty)
    }

    @Test("Items without text are taken; identifiers that are empty or taken are refused")
    func unusualItems() async throws {
        let (data, recommender) = try await Fitted.sample()
        let extended = try await recommender.adding(items: [Item(id: "bare")])
        let answer = try await extended.recommend(user: data.log.users[0], options: .init(count: 1000))
        #expect(answer.contains { $0.item == "bare" && $0.score.isFinite })
        #expect(try await extended.explain(user: data.log.users[0], item: "bare").score.isFinite)
        await expectError(.invalidData, data.catalogue[0].id) {
            _ = try await recommender.adding(items: [Item(id: data.catalogue[0].id)])
        }
        await expectError(.invalidData, "twice") {
            _ = try await recommender.adding(items: [Item(id: "twice"), Item(id: "twice")])
        }
        await expectError(.invalidData, "empty") { _ = try await recommender.adding(items: [Item(id: "")]) }
    }

    @Test("Where a reasoner fails on a new item, attributes are reasoned from and the failure is counted")
    func failingReasoner() async throws {
        let data = try SampleData()
        let reasoner = ScriptedReasoner()
        let recommender = try await RecommenderPipeline(
            configuration: .small, reasoner: reasoner, optimizer: PlainOptimizer()
        ).fit(catalogue: data.catalogue, split: LeaveOneOutSplit(data.log))
        #expect(recommender.training.failedItems == data.catalogue.count)
        let extended = try await recommender.adding(items: [try data.newItem(like: 0)])
        #expect(extended.training.failedItems == data.catalogue.count + 1)
        #expect(extended.itemProfiles.last?.item == "new-item")
    }
}
