import ISRFKit
import Testing

@Suite("Users and items as a graph")
struct BipartiteInteractionsTests {
    static let seeds: [UInt64] = [1, 2, 3, 4]

    @Test("Edges are the distinct interactions, seen from both sides", arguments: seeds)
    func edges(seed: UInt64) throws {
        let log = try randomLog(seed: seed)
        let graph = BipartiteInteractions(log)
        #expect(graph.userCount == 12 && graph.itemCount == 10)
        for user in 0..<12 { #expect(graph.items(ofUser: user) == Set(log.histories[user]).sorted()) }
        for item in 0..<10 {
            #expect(graph.users(ofItem: item) == (0..<12).filter { log.histories[$0].contains(item) })
        }
        #expect(graph.edgeCount == log.histories.reduce(0) { $0 + Set($1).count })
        #expect(graph.items(ofUser: 3).isEmpty && graph.users(ofItem: 9).isEmpty)
    }

    @Test("Neighbours of an item are counted by brute force", arguments: seeds)
    func neighbours(seed: UInt64) throws {
        let log = try randomLog(seed: seed)
        let graph = BipartiteInteractions(log)
        for item in 0..<10 {
            var expected: [(item: Int, users: Int)] = []
            for other in 0..<10 where other != item {
                let users = log.histories.count { $0.contains(item) && $0.contains(other) }
                if users > 0 { expected.append((other, users)) }
            }
            expected.sort { (-$0.users, $0.item) < (-$1.users, $1.item) }
            for limit in [0, 1, 3, 100] {
                let found = graph.neighbours(ofItem: item, limit: limit)
                #expect(found.map(\.item) == expected.prefix(limit).map(\.item))
                #expect(found.map(\.users) == expected.prefix(limit).map(\.users))
            }
            #expect(graph.neighbours(ofItem: item, limit: -1).isEmpty)
        }
    }

    @Test("Paths are found by brute force", arguments: [nil, 0, 7])
    func paths(excluded: Int?) throws {
        let log = try randomLog(seed: 5)
        let graph = BipartiteInteractions(log)
        let sets = log.histories.map { Set($0) }
        let questions = [(log.histories[0], 2), (log.histories[7], 5), ([1, 1, 4, 6], 3), ([], 3), ([2], 9)]
        for (history, item) in questions {
            var expected: [InteractionPath] = []
            for shared in Set(history) where shared != item {
                for user in sets.indices where user != excluded {
                    guard sets[user].contains(shared), sets[user].contains(item) else { continue }
                    let takers = sets.count { $0.contains(shared) }
                    expected.append(
                        InteractionPath(
                            sharedItem: shared, similarUser: user, weight: 1 / Float(takers * sets[user].count)))
                }
            }
            let all = graph.paths(from: history, to: item, excluding: excluded, limit: 1000)
            #expect(Set(all) == Set(expected) && all.count == expected.count)
            for (first, second) in zip(all, all.dropFirst()) {
                let ordered =
                    (-first.weight, first.sharedItem, first.similarUser)
                    < (-second.weight, second.sharedItem, second.similarUser)
                #expect(ordered)
            }
            #expect(graph.paths(from: history, to: item, excluding: excluded, limit: 2) == Array(all.prefix(2)))
            #expect(graph.paths(from: history, to: item, excluding: excluded, limit: -1).isEmpty)
        }
    }

    @Test("The weights of all paths from one item are the chances of an even walk")
    func pathWeights() throws {
        let graph = BipartiteInteractions(try log([[0, 1], [0, 2], [0, 1, 2, 3]], itemCount: 4))
        // From item 0 to one of 3 users, then to one of that user's items: back to itself with (1/2 + 1/2 + 1/4) / 3.
        let away = (1..<4).flatMap { graph.paths(from: [0], to: $0, limit: 100) }.reduce(0) { $0 + $1.weight }
        #expect(abs(away - (1 - 1.25 / 3)) < 1e-6)
    }
}
