import ISRFKit
import Testing

@Suite("Direct protocol")
struct DirectProtocolTests {
    @Test("Negatives are distinct items outside the user's whole history, the same in every run with one seed")
    func negatives() throws {
        let data = try RandomData(seed: 8, items: 150, users: 40)
        let first = DirectProtocol(seed: 5).negativeItems(data.split, part: .test)
        #expect(first == DirectProtocol(seed: 5).negativeItems(data.split, part: .test))
        #expect(first != DirectProtocol(seed: 6).negativeItems(data.split, part: .test))
        for (entry, items) in zip(data.split.cases(.test), first) {
            #expect(items.count == 99 && Set(items).count == 99)
            #expect(Set(items).isDisjoint(with: data.split.log.histories[entry.user]))
            #expect(items.allSatisfy { (0..<150).contains($0) })
        }
        // A user's negatives do not depend on who else is there.
        let fewer = LeaveOneOutSplit(
            try InteractionLog(
                users: IdentifierMap(["u0"]), histories: [[1, 2, 3]], itemCount: 150))
        let more = LeaveOneOutSplit(
            try InteractionLog(
                users: IdentifierMap(["u0", "u1"]), histories: [[1, 2, 3], [4, 5, 6]], itemCount: 150))
        #expect(
            DirectProtocol().negativeItems(fewer, part: .test)[0]
                == DirectProtocol().negativeItems(more, part: .test)[0])
    }

    @Test("Where there are fewer items than negatives, all of them are taken")
    func fewItems() throws {
        let negatives = DirectProtocol().negativeItems(try Tiny.split(), part: .test)
        #expect(negatives.map { $0.sorted() } == [[4, 5], [3, 5], [2, 3, 4]])
    }

    @Test("Ranks count the negatives that score at least as high")
    func ranks() async throws {
        let split = try Tiny.split()
        let ranks = try await DirectProtocol().ranks(of: FixedScores(rows: Tiny.scores), on: split, part: .test)
        // a: 4 ties, 5 is higher. b: none. d: all tie.
        #expect(ranks == [2, 0, 3])
        for size in [1, 2] {
            #expect(
                try await DirectProtocol().ranks(
                    of: FixedScores(rows: Tiny.scores), on: split, part: .test, batchSize: size) == ranks)
        }
    }
}
