import ISRFCore
import ISRFData
import Testing

@Suite("Interaction logs")
struct InteractionLogTests {
    private let catalogue: Catalogue

    init() throws {
        catalogue = try Catalogue(items: ["a", "b", "c"].map { Item(id: $0) })
    }

    private func log(_ interactions: [Interaction]) throws -> InteractionLog {
        try InteractionLog(interactions: interactions, catalogue: catalogue)
    }

    private func expectRefusal(_ words: String, _ interactions: [Interaction]) {
        #expect {
            try log(interactions)
        } throws: {
            ($0 as? ISRFError)?.code == .invalidData && ($0 as? ISRFError)?.message.contains(words) == true
        }
    }

    @Test("Interactions are ordered by time within each user, users by first appearance")
    func order() throws {
        let log = try log([
            Interaction(user: "v", item: "c", timestamp: 9), Interaction(user: "u", item: "b", timestamp: 3),
            Interaction(user: "v", item: "a", timestamp: -1), Interaction(user: "u", item: "a", timestamp: 1e9),
        ])
        #expect(log.users.identifiers == ["v", "u"])
        #expect(log.histories == [[0, 2], [1, 0]])
        #expect(log.userCount == 2 && log.interactionCount == 4)
        #expect(log.itemCounts() == [2, 1, 1])
        #expect(try log.index(ofUser: "u") == 1)
        #expect(throws: ISRFError.self) { try log.index(ofUser: "w") }
    }

    @Test("Equal and missing times keep the order of the input")
    func ties() throws {
        #expect(try log(["c", "a", "b", "a"].map { Interaction(user: "u", item: $0) }).histories == [[2, 0, 1, 0]])
        let tied = ["c", "a", "b", "a"].map { Interaction(user: "u", item: $0, timestamp: 7) }
        #expect(try log(tied).histories == [[2, 0, 1, 0]])
    }

    @Test("Times in any order give what a stable sort of each user's times gives", arguments: 1...20)
    func anyOrder(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let interactions = (0..<200).map { _ in
            Interaction(
                user: "u\(random.index(below: 5))", item: ["a", "b", "c"][random.index(below: 3)],
                timestamp: Double(random.index(below: 20)))
        }
        let log = try log(interactions)
        for (user, identifier) in log.users.identifiers.enumerated() {
            var expected: [Int] = []
            for time in 0..<20 {
                for taken in interactions where taken.user == identifier && taken.timestamp == Double(time) {
                    expected.append(try catalogue.index(of: taken.item))
                }
            }
            #expect(log.histories[user] == expected)
        }
    }

    @Test("What is wrong with an interaction is named")
    func refused() {
        expectRefusal("empty", [])
        expectRefusal("number 2", [Interaction(user: "u", item: "a"), Interaction(user: "", item: "a")])
        expectRefusal("\"d\"", [Interaction(user: "u", item: "d")])
        expectRefusal("\"u\"", [Interaction(user: "u", item: "a", timestamp: 1), Interaction(user: "u", item: "b")])
        for time in [Double.nan, .infinity, -.infinity] {
            expectRefusal("\"u\"", [Interaction(user: "u", item: "a", timestamp: time)])
        }
    }

    @Test("Histories that do not fit users or items are refused")
    func histories() {
        let users = IdentifierMap(["u"])
        #expect(throws: ISRFError.self) { try InteractionLog(users: users, histories: [], itemCount: 1) }
        for index in [-1, 1] {
            #expect(throws: ISRFError.self) { try InteractionLog(users: users, histories: [[index]], itemCount: 1) }
        }
    }
}
