import ISRFKit
import ISRFKitTesting
import Testing

@Suite("Cold start")
struct ColdStartTests {
    /// The sample data with a fifth of their items taken out.
    private static func cold() throws -> (sample: SampleData, cold: ColdStartProtocol, data: ColdStartData) {
        let sample = try SampleData()
        let cold = ColdStartProtocol(share: 0.2, seed: 3)
        return (sample, cold, try cold.data(catalogue: sample.catalogue, log: sample.log))
    }

    @Test("Cold items are nowhere in what is fitted on, and everything else still is")
    func items() throws {
        let (sample, cold, data) = try Self.cold()
        #expect(data.coldItems.count == 10 && data.catalogue.count == 38 && data.itemCount == 48)
        #expect(data.coldIndices == 38..<48)
        #expect(
            Set((data.catalogue.items + data.coldItems).map(\.id)) == Set(sample.catalogue.items.map(\.id)))
        let coldIDs = Set(data.coldItems.map(\.id))
        for (user, identifier) in data.split.log.users.identifiers.enumerated() {
            let whole = sample.log.histories[try sample.log.index(ofUser: identifier)].map { sample.catalogue[$0].id }
            #expect(
                data.split.log.histories[user].map { data.catalogue[$0].id }
                    == whole.filter { !coldIDs.contains($0) })
        }
        let again = try cold.data(catalogue: sample.catalogue, log: sample.log)
        #expect(again.coldItems == data.coldItems)
        let other = try ColdStartProtocol(share: 0.2, seed: 4).data(catalogue: sample.catalogue, log: sample.log)
        #expect(other.coldItems != data.coldItems)
        let one = try ColdStartProtocol(share: 0.001).data(catalogue: sample.catalogue, log: sample.log)
        #expect(one.coldItems.count == 1)
    }

    @Test("Evaluated are the users whose held-out item is cold, with what they took before it", arguments: [1, 2])
    func cases(fromTheEnd: Int) throws {
        let (sample, _, data) = try Self.cold()
        let part: LeaveOneOutSplit.Part = fromTheEnd == 1 ? .test : .validation
        let all = data.catalogue.items + data.coldItems
        let coldIDs = Set(data.coldItems.map(\.id))
        var expected: [[String]] = []
        for (user, history) in sample.log.histories.enumerated() where history.count >= 3 {
            let names = history.map { sample.catalogue[$0].id }
            let target = names[names.count - fromTheEnd]
            let before = names.dropLast(fromTheEnd).filter { !coldIDs.contains($0) }
            if coldIDs.contains(target), !before.isEmpty { expected.append([sample.log.users[user], target] + before) }
        }
        #expect(!expected.isEmpty)
        let found = data.cases(part).map { entry in
            [data.split.log.users[entry.user], all[entry.target].id] + entry.history.map { all[$0].id }
        }
        #expect(found == expected)
    }

    @Test("Users who took cold items alone are left out, with their number")
    func lostUsers() throws {
        let catalogue = try Catalogue(items: (0..<5).map { Item(id: "i\($0)", title: "item \($0)") })
        let log = try InteractionLog(
            users: IdentifierMap(["a", "b", "c"]), histories: [[1, 1, 1], [0, 2, 3, 4], [1, 0, 1]], itemCount: 5)
        let data = try ColdStartData(catalogue: catalogue, log: log, cold: [1])
        #expect(data.split.log.users.identifiers == ["b", "c"])
        #expect(data.split.log.histories == [[0, 1, 2, 3], [0]])
        #expect(data.cases(.test) == [LeaveOneOutSplit.Case(user: 1, history: [0], target: 4)])
        #expect(data.cases(.validation).isEmpty)
    }

    @Test("Ranks are those of a count by hand, among cold items and among all")
    func ranks() async throws {
        let (_, cold, data) = try Self.cold()
        var random = SeededRandom(seed: 8)
        let rows = (0..<data.split.log.userCount).map { _ in
            (0..<data.itemCount).map { _ in Float(random.index(below: 12)) }
        }
        for part in LeaveOneOutSplit.Part.allCases {
            var small = cold
            small.batchSize = 3
            let result = try await small.evaluate(FixedScores(rows: rows), on: data, part: part)
            var amongCold: [Int] = []
            var amongAll: [Int] = []
            for entry in data.cases(part) {
                let row = rows[entry.user]
                let others = (0..<data.itemCount).filter { $0 != entry.target && !entry.history.contains($0) }
                amongAll.append(others.count { row[$0] >= row[entry.target] })
                amongCold.append(others.count { $0 >= data.catalogue.count && row[$0] >= row[entry.target] })
            }
            #expect(result.users == amongAll.count && result.split == part.rawValue)
            for k in [5, 10] {
                #expect(result.amongColdItems["hr@\(k)"] == RankingMetrics.hitRate(at: k, ranks: amongCold))
                #expect(result.amongColdItems["ndcg@\(k)"] == RankingMetrics.ndcg(at: k, ranks: amongCold))
                #expect(result.amongAllItems["hr@\(k)"] == RankingMetrics.hitRate(at: k, ranks: amongAll))
                #expect(result.amongAllItems["ndcg@\(k)"] == RankingMetrics.ndcg(at: k, ranks: amongAll))
            }
        }
    }

    @Test("ISRF and a content kNN put cold items of a user's taste first")
    func systems() async throws {
        let (_, cold, data) = try Self.cold()
        let systems: [any ColdStartSystem] = [
            RecommenderPipeline(configuration: .small), ContentNeighbourBaseline(),
        ]
        for system in systems {
            let fitted = try await system.fittedForColdStart(to: data, parallelism: .serial)
            let result = try await cold.evaluate(fitted, on: data, part: .test)
            #expect(result.name == system.name)
            // Of ten cold items each of four groups has two or three; by chance half of the cases are hits.
            #expect((result.amongColdItems["hr@5"] ?? 0) > 0.7, "\(result)")
            #expect((result.amongAllItems["hr@10"] ?? 0) > 10.0 / 48, "\(result)")
        }
    }

    @Test("Content kNN sums the greatest cosines with the history", arguments: [1, 2, 20])
    func contentNeighbours(neighbours: Int) async throws {
        let data = try RandomData(seed: 6)
        let (cases, scores) = try await data.scores(ContentNeighbourBaseline(neighbours: neighbours))
        let weights = AttributeVocabulary(catalogue: data.catalogue).tfidf()
        func row(_ item: Int) -> [Double] {
            var row = [Double](repeating: 0, count: weights.columns)
            for entry in weights.entries(inRow: item) {
                row[Int(weights.columnIndices[entry])] = Double(weights.values[entry])
            }
            return row
        }
        let rows = (0..<data.catalogue.count).map(row)
        let expected = cases.map { entry in
            rows.map { candidate in
                Set(entry.history).map { taken in zip(rows[taken], candidate).reduce(0) { $0 + $1.0 * $1.1 } }
                    .sorted(by: >).prefix(neighbours).reduce(0, +)
            }
        }
        expectScores(scores, expected)
    }

    @Test("Shares out of their range and items that are nowhere held out are refused")
    func refused() async throws {
        let sample = try SampleData()
        for share in [0, 1, -0.1, .nan] {
            #expect(throws: ISRFError.self) {
                try ColdStartProtocol(share: share).data(catalogue: sample.catalogue, log: sample.log)
            }
        }
        #expect(throws: ISRFError.self) {
            try ColdStartProtocol(share: 0.99).data(catalogue: sample.catalogue, log: sample.log)
        }
        #expect(throws: ISRFError.self) {
            try ColdStartData(catalogue: sample.catalogue, log: sample.log, cold: [48])
        }
        let catalogue = try Catalogue(items: (0..<4).map { Item(id: "i\($0)") })
        let log = try InteractionLog(users: IdentifierMap(["a"]), histories: [[0, 1, 2]], itemCount: 4)
        let data = try ColdStartData(catalogue: catalogue, log: log, cold: [3])
        await #expect(throws: ISRFError.self) {
            try await ColdStartProtocol().evaluate(FixedScores(rows: [[0, 0, 0, 0]]), on: data, part: .test)
        }
    }
}
