import ISRFKitTesting
import Testing

@testable import ISRFKit

@Suite("Explaining")
struct ExplanationTests {
    /// Some users with their best recommendation and one from further down.
    private func cases(_ data: SampleData, _ recommender: Recommender) async throws -> [(user: Int, item: Int)] {
        var cases: [(user: Int, item: Int)] = []
        for user in stride(from: 0, to: data.log.userCount, by: 7) {
            let answer = try await recommender.recommend(user: data.log.users[user], options: .init(count: 12))
            for entry in [answer[0], answer[11]] { cases.append((user, try data.catalogue.index(of: entry.item))) }
        }
        return cases
    }

    @Test("The parts of all views add up to the score, which is the recommendation's")
    func partsAddUp() async throws {
        let (data, recommender) = try await Fitted.sample()
        for user in [0, 13, 41] {
            let name = data.log.users[user]
            let answer = try await recommender.recommend(user: name, options: .init(count: 100, includesHistory: true))
            for entry in [answer[0], answer[5], answer[data.catalogue.count - 1]] {
                let explanation = try await recommender.explain(user: name, item: entry.item)
                #expect(explanation.user == name && explanation.item == entry.item)
                #expect(Set(explanation.parts.map(\.view)) == Set(recommender.weights.terms.keys))
                #expect(abs(explanation.parts.reduce(0) { $0 + $1.score } - explanation.score) < 1e-4)
                #expect(abs(explanation.score - entry.score) < 1e-3)
            }
        }
    }

    @Test("Without an item of the evidence the score falls by what the item is said to give")
    func historyEvidenceIsFaithful() async throws {
        let (data, recommender) = try await Fitted.sample()
        var examined = 0
        for (user, item) in try await cases(data, recommender) {
            let history = data.log.histories[user]
            let group = recommender.userGraph.neighbours[user]
            let explanation = try await recommender.explain(
                user: data.log.users[user], item: data.catalogue[item].id, limit: 20)
            let before = try recommender.score(of: item, history: history, group: group)
            #expect(abs(before - Double(explanation.score)) < 1e-3)
            #expect(explanation.history.map(\.contribution) == explanation.history.map(\.contribution).sorted(by: >))
            for evidence in explanation.history {
                examined += 1
                let taken = try data.catalogue.index(of: evidence.item)
                #expect(history.contains(taken))
                #expect(evidence.title == data.catalogue[taken].title)
                #expect(evidence.transition == recommender.transitions.strength(from: taken, to: item))
                let after = try recommender.score(
                    of: item, history: history.filter { $0 != taken }, group: group)
                #expect(evidence.contribution > 0)
                #expect(abs(before - after - Double(evidence.contribution)) < 1e-3)
            }
        }
        #expect(examined > 20)
    }

    @Test("Without a user of the group the score falls by what the user is said to give")
    func groupEvidenceIsFaithful() async throws {
        let (data, recommender) = try await Fitted.sample()
        var examined = 0
        for (user, item) in try await cases(data, recommender) {
            let history = data.log.histories[user]
            let group = recommender.userGraph.neighbours[user]
            let explanation = try await recommender.explain(
                user: data.log.users[user], item: data.catalogue[item].id, limit: 20)
            let before = try recommender.score(of: item, history: history, group: group)
            for evidence in explanation.group {
                examined += 1
                let member = try data.log.index(ofUser: evidence.user)
                #expect(group.contains { $0.user == member && $0.weight == evidence.similarity })
                #expect(evidence.tookItem == data.log.histories[member].contains(item))
                let after = try recommender.score(
                    of: item, history: history, group: group.filter { $0.user != member })
                #expect(evidence.contribution > 0)
                #expect(abs(before - after - Double(evidence.contribution)) < 1e-3)
            }
        }
        #expect(examined > 20)
    }

    @Test("Somebody who never took the strongest evidence is given a lower score")
    func publicFaithfulness() async throws {
        let (data, recommender) = try await Fitted.sample()
        for user in stride(from: 0, to: data.log.userCount, by: 6) {
            let history = try recommender.history(of: data.log.users[user])
            let best = try #require(try await recommender.recommend(history: history, options: .init(count: 1)).first)
            let explanation = try await recommender.explain(history: history, item: best.item)
            #expect(abs(explanation.score - best.score) < 1e-3)
            let evidence = try #require(explanation.history.first)
            // The group is found anew here, from a history without the evidence.
            let without = try await recommender.explain(
                history: history.filter { $0 != evidence.item }, item: best.item)
            #expect(without.score < explanation.score)
        }
    }

    @Test("Paths lead over users who really took both items")
    func pathsAreReal() async throws {
        let (data, recommender) = try await Fitted.sample()
        var found = 0
        for (user, item) in try await cases(data, recommender) {
            let explanation = try await recommender.explain(
                user: data.log.users[user], item: data.catalogue[item].id)
            for path in explanation.paths {
                found += 1
                let shared = try data.catalogue.index(of: path.sharedItem)
                let other = try data.log.index(ofUser: path.user)
                #expect(other != user)
                #expect(data.log.histories[user].contains(shared))
                #expect(data.log.histories[other].contains(shared) && data.log.histories[other].contains(item))
                let takers = data.log.histories.count { $0.contains(shared) }
                let items = Set(data.log.histories[other]).count
                #expect(abs(Double(path.weight) - 1 / Double(takers * items)) < 1e-6)
            }
        }
        #expect(found > 5)
    }

    @Test("Attributes belong to the item and stand in the history as often as said")
    func attributesAreReal() async throws {
        let (data, recommender) = try await Fitted.sample()
        func words(of item: Int) -> String {
            let item = data.catalogue[item]
            return
                ([item.title, item.brand, item.description].compactMap(\.self) + item.categories.joined()
                + item.attributes.values.joined()).joined(separator: " | ").lowercased()
        }
        var found = 0
        for (user, item) in try await cases(data, recommender) {
            let explanation = try await recommender.explain(
                user: data.log.users[user], item: data.catalogue[item].id)
            for attribute in explanation.attributes {
                found += 1
                let label = attribute.attribute.lowercased()
                #expect(words(of: item).contains(label))
                let having = data.log.histories[user].count { words(of: $0).contains(label) }
                #expect(attribute.items >= 1 && attribute.items <= having)
                #expect(attribute.ratio > 1)
            }
        }
        #expect(found > 10)
    }

    @Test("The sentence names the item, the evidence and the attributes")
    func sentence() async throws {
        let (data, recommender) = try await Fitted.sample()
        let user = data.log.users[4]
        let best = try #require(try await recommender.recommend(user: user, options: .init(count: 1)).first)
        let explanation = try await recommender.explain(user: user, item: best.item)
        let titles = try explanation.history.prefix(2).map { try #require($0.title) } + [#require(best.title)]
        for title in titles { #expect(explanation.sentence.contains(title)) }
        for attribute in explanation.attributes.prefix(3) {
            #expect(explanation.sentence.contains(attribute.attribute))
        }
        #expect(explanation.sentence.hasSuffix(".") && !explanation.sentence.contains("\n"))
        let index = try data.catalogue.index(of: best.item)
        #expect(explanation.itemFeature == recommender.itemProfiles[index].feature.summary)
        #expect(explanation.userPreference == recommender.userProfiles[4].preference.summary)
    }

    @Test("A bare history is explained by itself: no user, a preference, real evidence")
    func bareHistory() async throws {
        let (data, recommender) = try await Fitted.sample()
        let items = data.itemGroups.indices.filter { data.itemGroups[$0] == 1 }.map { data.catalogue[$0].id }
        let history = Array(items.prefix(3))
        let best = try #require(try await recommender.recommend(history: history, options: .init(count: 1)).first)
        let explanation = try await recommender.explain(history: history, item: best.item)
        #expect(explanation.user == nil)
        #expect(!explanation.userPreference.isEmpty && explanation.userPreference != UserDocument.unknownPreference)
        #expect(Set(history).isSuperset(of: explanation.history.map(\.item)))
        #expect(!explanation.history.isEmpty && !explanation.attributes.isEmpty && !explanation.group.isEmpty)
    }

    @Test("An item that stands in a history twice is one piece of evidence, as strong as both together")
    func repeatedItems() async throws {
        let (data, recommender) = try await Fitted.sample()
        let own = data.itemGroups.indices.filter { data.itemGroups[$0] == 2 }
        let history = [own[0], own[1], own[0], own[2], own[0]]
        let names = history.map { data.catalogue[$0].id }
        let target = data.catalogue[own[4]].id
        let explanation = try await recommender.explain(history: names, item: target, limit: 10)
        #expect(Set(explanation.history.map(\.item)).count == explanation.history.count)
        let group = try await recommender.groups(histories: [history], owners: [nil])[0]
        let before = try recommender.score(of: own[4], history: history, group: group)
        for evidence in explanation.history {
            let taken = try data.catalogue.index(of: evidence.item)
            let after = try recommender.score(
                of: own[4], history: history.filter { $0 != taken }, group: group)
            #expect(abs(before - after - Double(evidence.contribution)) < 1e-3)
        }
    }

    @Test("Limits are kept, and nothing is claimed where there is no evidence")
    func limitsAndSilence() async throws {
        let (data, recommender) = try await Fitted.sample()
        let user = data.log.users[0]
        let item = data.catalogue[9].id
        for limit in [0, 1, 3] {
            let explanation = try await recommender.explain(user: user, item: item, limit: limit)
            #expect(explanation.history.count <= limit && explanation.group.count <= limit)
            #expect(explanation.paths.count <= limit && explanation.attributes.count <= limit)
        }
        let silence = try await recommender.explain(history: [], item: item)
        #expect(silence.history.isEmpty && silence.group.isEmpty && silence.attributes.isEmpty && silence.paths.isEmpty)
        // How many took the item is all that speaks without a history.
        #expect(silence.parts.allSatisfy { $0.view == .popularity || abs($0.score) < 1e-5 })
        #expect(silence.userPreference == UserDocument.unknownPreference)
        #expect(silence.sentence.contains("nothing in your history"))
    }
}
