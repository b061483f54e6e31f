import ISRFKitTesting
import Testing

@testable import ISRFKit

@Suite("Recommending")
struct RecommendationTests {
    @Test("A known user gets items of the catalogue that are new to the user, best first")
    func knownUser() async throws {
        let (data, recommender) = try await Fitted.sample()
        for user in data.log.users.identifiers {
            let answer = try await recommender.recommend(user: user, options: .init(count: 7))
            #expect(answer.count == 7)
            #expect(Set(answer.map(\.item)).count == 7)
            #expect(zip(answer, answer.dropFirst()).allSatisfy { $0.score >= $1.score })
            let history = Set(try recommender.history(of: user))
            for entry in answer {
                #expect(!history.contains(entry.item))
                let item = data.catalogue[try data.catalogue.index(of: entry.item)]
                #expect(entry.title == item.title)
            }
        }
    }

    @Test("Most of what is recommended belongs to the user's own taste group")
    func taste() async throws {
        let (data, recommender) = try await Fitted.sample()
        let answers = try await recommender.recommend(users: data.log.users.identifiers, options: .init(count: 3))
        var own = 0
        for (user, answer) in answers.enumerated() {
            for entry in answer {
                if data.itemGroups[try data.catalogue.index(of: entry.item)] == data.userGroups[user] { own += 1 }
            }
        }
        // One in four would be chance.
        #expect(Double(own) > 0.7 * Double(answers.count * 3))
    }

    @Test("Many users at once get what each gets alone")
    func manyUsers() async throws {
        let (data, recommender) = try await Fitted.sample()
        let users = Array(data.log.users.identifiers.reversed())
        let together = try await recommender.recommend(users: users)
        #expect(together.count == users.count)
        for (user, answer) in zip(users, together).prefix(12) {
            let alone = try await recommender.recommend(user: user)
            #expect(alone.map(\.item) == answer.map(\.item))
            for (one, other) in zip(alone, answer) { #expect(abs(one.score - other.score) < 1e-4) }
        }
        #expect(try await recommender.recommend(users: []).isEmpty)
    }

    @Test("The history is left out unless it is asked for")
    func historyIncluded() async throws {
        let (data, recommender) = try await Fitted.sample()
        let user = data.log.users[3]
        let history = Set(try recommender.history(of: user))
        let all = data.catalogue.count
        let without = try await recommender.recommend(user: user, options: .init(count: 1000))
        #expect(Set(without.map(\.item)) == Set(data.catalogue.items.map(\.id)).subtracting(history))
        let with = try await recommender.recommend(user: user, options: .init(count: 1000, includesHistory: true))
        #expect(with.count == all)
        // Leaving items out moves nothing else.
        #expect(with.filter { !history.contains($0.item) } == without)
    }

    @Test("Allow and deny lists are kept to, also together and with the history")
    func lists() async throws {
        let (data, recommender) = try await Fitted.sample()
        let user = data.log.users[0]
        let items = data.catalogue.items.map(\.id)
        let history = Set(try recommender.history(of: user))
        let allowed = Set(items.prefix(20))
        let denied = Set(items[10..<15])
        let answer = try await recommender.recommend(
            user: user, options: .init(count: 100, allowedItems: allowed, deniedItems: denied))
        #expect(Set(answer.map(\.item)) == allowed.subtracting(denied).subtracting(history))
        let unlimited = try await recommender.recommend(user: user, options: .init(count: 100))
        #expect(answer == unlimited.filter { allowed.contains($0.item) && !denied.contains($0.item) })
        #expect(try await recommender.recommend(user: user, options: .init(allowedItems: [])).isEmpty)
        #expect(try await recommender.recommend(user: user, options: .init(deniedItems: Set(items))).isEmpty)
    }

    @Test("Counts of zero and below, and unknown identifiers")
    func refusals() async throws {
        let (data, recommender) = try await Fitted.sample()
        let user = data.log.users[0]
        let item = data.catalogue[0].id
        #expect(try await recommender.recommend(user: user, options: .init(count: 0)).isEmpty)
        #expect(try recommender.similar(item: item, count: 0).isEmpty)
        await expectError(.invalidConfiguration, "-1") {
            _ = try await recommender.recommend(user: user, options: .init(count: -1))
        }
        await expectError(.invalidConfiguration, "-2") { _ = try recommender.similar(item: item, count: -2) }
        await expectError(.invalidConfiguration, "-3") { _ = try recommender.similar(user: user, count: -3) }
        await expectError(.invalidConfiguration, "-4") {
            _ = try await recommender.explain(user: user, item: item, limit: -4)
        }
        await expectError(.notFound, "nobody") { _ = try await recommender.recommend(user: "nobody") }
        await expectError(.notFound, "nobody") { _ = try await recommender.recommend(users: [user, "nobody"]) }
        await expectError(.notFound, "nothing") { _ = try await recommender.recommend(history: [item, "nothing"]) }
        await expectError(.notFound, "nothing") {
            _ = try await recommender.recommend(user: user, options: .init(allowedItems: ["nothing"]))
        }
        await expectError(.notFound, "nothing") {
            _ = try await recommender.recommend(user: user, options: .init(deniedItems: ["nothing"]))
        }
        await expectError(.notFound, "nothing") { _ = try recommender.similar(item: "nothing") }
        await expectError(.notFound, "nobody") { _ = try recommender.similar(user: "nobody") }
        await expectError(.notFound, "nobody") { _ = try await recommender.explain(user: "nobody", item: item) }
        await expectError(.notFound, "nothing") { _ = try await recommender.explain(user: user, item: "nothing") }
        await expectError(.notFound, "nothing") {
            _ = try await recommender.explain(history: ["nothing"], item: item)
        }
    }

    @Test("A bare history of somebody unknown is folded in: recommendations follow its taste")
    func bareHistory() async throws {
        let (data, recommender) = try await Fitted.sample()
        for group in data.groupNames.indices {
            let items = data.itemGroups.indices.filter { data.itemGroups[$0] == group }
            let history = items.prefix(4).map { data.catalogue[$0].id }
            let answer = try await recommender.recommend(history: history, options: .init(count: 5))
            #expect(Set(answer.map(\.item)).isDisjoint(with: history))
            let own = try answer.count { data.itemGroups[try data.catalogue.index(of: $0.item)] == group }
            #expect(own >= 4, "\(data.groupNames[group]): \(answer)")
        }
    }

    @Test("A bare history finds a group, and the group has a part in the score")
    func bareHistoryHasGroup() async throws {
        let (data, recommender) = try await Fitted.sample()
        let history = data.log.histories[5]
        let groups = try await recommender.groups(histories: [history], owners: [nil])
        #expect(groups[0].count == recommender.configuration.users.neighbours)
        // The known user with that very history is somebody else for whom nothing is known of it.
        #expect(groups[0].contains { $0.user == 5 })
        let own = try await recommender.groups(histories: [history], owners: [5])
        #expect(own[0] == recommender.userGraph.neighbours[5])
        #expect(!own[0].contains { $0.user == 5 })
    }

    @Test("Repeated items in a history are no trouble, and an empty history gets what most users took")
    func unusualHistories() async throws {
        let (data, recommender) = try await Fitted.sample()
        let item = data.catalogue[0].id
        let answer = try await recommender.recommend(history: [item, item, item], options: .init(count: 100))
        #expect(answer.count == data.catalogue.count - 1)
        #expect(answer.allSatisfy { $0.score.isFinite && $0.item != item })

        let nothing = try await recommender.recommend(history: [], options: .init(count: 5))
        let counts = data.log.itemCounts()
        let popular = counts.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }.prefix(5)
        #expect(nothing.map(\.item) == popular.map { data.catalogue[$0].id })
        #expect(zip(nothing, nothing.dropFirst()).allSatisfy { $0.score >= $1.score })
    }

    @Test("Several items or users at once are answered like each alone")
    func similarToSeveral() async throws {
        let (data, recommender) = try await Fitted.sample()
        let items = data.catalogue.items.prefix(5).map(\.id)
        let similarItems = try recommender.similar(items: items, count: 4)
        #expect(
            similarItems.map { $0.map(\.item) }
                == (try items.map { try recommender.similar(item: $0, count: 4).map(\.item) }))
        #expect(zip(items, similarItems).allSatisfy { item, similar in !similar.contains { $0.item == item } })
        let users = Array(data.log.users.identifiers.prefix(4))
        #expect(
            try recommender.similar(users: users, count: 3) == users.map { try recommender.similar(user: $0, count: 3) }
        )
        #expect(try recommender.similar(items: []).isEmpty && recommender.similar(users: []).isEmpty)
        await expectError(.notFound, "nobody") { _ = try recommender.similar(users: [users[0], "nobody"]) }
    }

    @Test("The same question has the same answer, from many tasks at once")
    func concurrentUse() async throws {
        let (data, recommender) = try await Fitted.sample()
        let users = data.log.users.identifiers
        let history = Array(try recommender.history(of: users[1]).prefix(3))
        @Sendable func answers() async throws -> ([[Recommendation]], Explanation, [SimilarItem]) {
            let known = try await recommender.recommend(users: users)
            let bare = try await recommender.recommend(history: history)
            let explanation = try await recommender.explain(user: users[2], item: data.catalogue[7].id)
            return (known + [bare], explanation, try recommender.similar(item: data.catalogue[0].id))
        }
        let expected = try await answers()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<16 { group.addTask { try await answers() == expected } }
            for try await isSame in group { #expect(isSame) }
        }
    }

    @Test("Similar items are those of greatest cosine between the model's item vectors")
    func similarItems() async throws {
        let (data, recommender) = try await Fitted.sample()
        let vectors = recommender.scorer.model.itemVectors
        func cosine(_ first: Int, _ second: Int) -> Double {
            let (a, b) = (vectors.row(first).map(Double.init), vectors.row(second).map(Double.init))
            func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
            return dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
        }
        var own = 0
        for index in 0..<data.catalogue.count {
            let answer = try recommender.similar(item: data.catalogue[index].id, count: 5)
            #expect(answer.count == 5)
            let others = (0..<data.catalogue.count).filter { $0 != index }.map { cosine(index, $0) }.sorted(by: >)
            for (place, entry) in answer.enumerated() {
                let other = try data.catalogue.index(of: entry.item)
                #expect(other != index)
                #expect(abs(Double(entry.similarity) - cosine(index, other)) < 1e-4)
                #expect(abs(Double(entry.similarity) - others[place]) < 1e-4)
                if data.itemGroups[other] == data.itemGroups[index] { own += 1 }
            }
        }
        #expect(Double(own) > 0.7 * Double(data.catalogue.count * 5))
        #expect(try recommender.similar(item: data.catalogue[0].id, count: 1000).count == data.catalogue.count - 1)
    }

    @Test("Similar users share the taste group, the user not among them")
    func similarUsers() async throws {
        let (data, recommender) = try await Fitted.sample()
        var own = 0
        for (index, user) in data.log.users.identifiers.enumerated() {
            let answer = try recommender.similar(user: user, count: 4)
            #expect(answer.count == 4)
            #expect(!answer.contains { $0.user == user })
            #expect(zip(answer, answer.dropFirst()).allSatisfy { $0.similarity >= $1.similarity })
            own += try answer.count { data.userGroups[try data.log.index(ofUser: $0.user)] == data.userGroups[index] }
        }
        #expect(Double(own) > 0.7 * Double(data.log.userCount * 4))
    }

    @Test("A view that is weighed by nothing has no part in the answer")
    func weighing() async throws {
        let (data, recommender) = try await Fitted.sample()
        let content = recommender.weighing(ScoreWeights(terms: [.content: .init(weight: 1, scale: 0.4)]))
        let history = data.log.histories[0]
        let values = content.scorer.views.values(.content, histories: [history], groups: [[]], on: .serial).row(0)
        let best = values.indices.filter { !history.contains($0) }.max { values[$0] < values[$1] }
        let first = try await content.recommend(user: data.log.users[0], options: .init(count: 1))
        #expect(first.map(\.item) == best.map { [data.catalogue[$0].id] })
    }
}
