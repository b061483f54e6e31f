import ISRFData
import Testing

@Suite("Leave-one-out split")
struct LeaveOneOutSplitTests {
    private typealias Case = LeaveOneOutSplit.Case

    private func split(_ histories: [[Int]]) throws -> LeaveOneOutSplit {
        LeaveOneOutSplit(
            try InteractionLog(
                users: IdentifierMap(histories.indices.map { "u\($0)" }), histories: histories, itemCount: 10))
    }

    @Test("The last item is the test, the one before the validation, the rest is training")
    func parts() throws {
        let split = try split([[4, 1, 3, 2], [5, 6, 7]])
        #expect(split.training.histories == [[4, 1], [5]])
        #expect(
            split.cases(.validation) == [
                Case(user: 0, history: [4, 1], target: 3), Case(user: 1, history: [5], target: 6),
            ])
        #expect(
            split.cases(.test) == [
                Case(user: 0, history: [4, 1, 3], target: 2), Case(user: 1, history: [5, 6], target: 7),
            ])
        #expect(split.training.users == split.log.users && split.training.itemCount == 10)
    }

    @Test("Users with fewer than three interactions are training only")
    func shortHistories() throws {
        let split = try split([[1], [1, 2], [], [3, 4, 5]])
        #expect(split.training.histories == [[1], [1, 2], [], [3]])
        #expect(split.cases(.validation).map(\.user) == [3])
        #expect(split.cases(.test).map(\.user) == [3])
    }

    @Test("Where nobody has three interactions there is no case, and no crash")
    func nobody() throws {
        let split = try split([[1, 2]])
        for part in LeaveOneOutSplit.Part.allCases { #expect(split.cases(part).isEmpty) }
        #expect(split.training == split.log)
    }

    @Test("An item taken again is held out like another")
    func repeats() throws {
        let split = try split([[1, 1, 1, 1]])
        #expect(split.training.histories == [[1, 1]])
        #expect(split.cases(.test) == [Case(user: 0, history: [1, 1, 1], target: 1)])
    }
}
