import Foundation
import ISRFKitTesting
import Testing

@testable import ISRFKit

/// Users whose histories have nothing in common: the items of one stand together in the order of first appearance.
private struct Bundles {
    static let users = 80
    static let length = 6
    static let items = users * length

    static func log() throws -> InteractionLog {
        try InteractionLog(
            users: IdentifierMap((0..<users).map { "u\($0)" }),
            histories: (0..<users).map { Array($0 * length..<($0 + 1) * length) }, itemCount: items)
    }

    /// The catalogue with identifiers in this order.
    static func catalogue(_ number: (Int) -> Int) throws -> Catalogue {
        try Catalogue(items: (0..<items).map { Item(id: "item \(number($0))", title: "Thing") })
    }

    static func shuffled(seed: UInt64) -> [Int] {
        var random = SeededRandom(seed: seed)
        return Array(0..<items).shuffled(using: &random)
    }
}

/// Writes a user's profile from the last items of the whole log.
private struct PeepingReasoner: SemanticReasoner {
    let log: InteractionLog
    let catalogue: Catalogue

    func profile(for request: ItemReasoningRequest) async throws -> ItemProfile {
        try await EchoingReasoner().profile(for: request)
    }

    func profile(for request: UserReasoningRequest) async throws -> UserProfile {
        let history = log.histories[try log.index(ofUser: request.user)]
        var entries: [UserReasoningRequest.Entry] = []
        for item in history.suffix(20).reversed() {
            let item = catalogue[item]
            entries.append(.init(item: item, profile: try await profile(for: ItemReasoningRequest(item: item))))
        }
        return try await EchoingReasoner().profile(
            for: UserReasoningRequest(user: request.user, recentItems: entries))
    }
}

/// Makes the graph of the whole log.
private struct WholeLogGraph: InteractionGraph {
    let log: InteractionLog

    func build(_ request: InteractionGraphRequest) async throws -> SemanticInteractionGraph {
        try await LightGCNInteractionGraph().build(
            InteractionGraphRequest(training: log, itemVectors: request.itemVectors))
    }
}

/// Ranks the items whose numbers come next.
private struct NextNumbers: TrainableSystem {
    let name = "next numbers"

    func fitted(
        to split: LeaveOneOutSplit, catalogue: Catalogue, parallelism: Parallelism
    ) async throws -> any RankingSystem { Fitted(items: catalogue.count) }

    struct Fitted: RankingSystem {
        let name = "next numbers"
        let items: Int

        func scores(for batch: ScoringBatch) async throws -> Matrix {
            Matrix(
                batch.histories.map { history in
                    let last = history.last ?? 0
                    return (0..<items).map { $0 > last ? -Float($0 - last) : -1e6 }
                })
        }
    }
}

@Suite("Leak audit")
struct LeakAuditTests {
    private func audit(
        _ pipeline: @escaping @Sendable (InteractionLog) -> RecommenderPipeline = { _ in
            RecommenderPipeline(configuration: .small)
        }
    ) -> LeakAudit { LeakAudit(pipeline: pipeline) }

    @Test("Clean data and the default pipeline are found clean, with the figures of what leaks would be worth")
    func clean() async throws {
        // Users of the sample data walk along the catalogue; in another order it tells nothing.
        let data = try SampleData()
        var random = SeededRandom(seed: 3)
        let order = Array(0..<data.catalogue.count).shuffled(using: &random)
        var places = order
        for (place, item) in order.enumerated() { places[item] = place }
        let catalogue = try Catalogue(items: order.map { data.catalogue[$0] })
        let log = try InteractionLog(
            users: data.log.users, histories: data.log.histories.map { $0.map { places[$0] } },
            itemCount: catalogue.count)
        let report = try await audit().report(catalogue: catalogue, log: log)
        #expect(!report.isFound, "\(report.text())")
        #expect(report.verdicts.map(\.leak) == ["identifiers", "profiles", "graph", "invariance"])
        #expect(report.verdicts.allSatisfy { !$0.isFound && !$0.text.isEmpty })
        #expect(report.profiles.changedUsers == 0 && report.profiles.changedItems == 0)
        #expect(report.graph.heldOutPairsInGraph == 0 && report.graph.changedNodes == 0)
        #expect(report.graph.heldOutPairs > data.log.userCount)
        // Eight tenths of the pairs, give or take what 60 draws may.
        #expect(abs(report.graph.randomSplitShare - 0.8) < 0.2)
        #expect(report.graph.floorWithRandomSplit.hitRate10 >= report.graph.randomSplitShare - 0.05)
        #expect(report.graph.floorWithRandomSplit.hitRate10 > report.graph.floor.hitRate10)
        #expect(report.profiles.fromWholeHistory.hitRate5 > report.profiles.fromTraining.hitRate5)
        #expect(report.invariance.system == LinearFloorBaseline().name)
        let text = report.text()
        for verdict in report.verdicts { #expect(text.contains("\(verdict.leak): clear: ")) }
        let decoded = try JSONDecoder().decode(LeakAuditReport.self, from: JSONEncoder().encode(report))
        #expect(decoded == report)
    }

    @Test("A catalogue in the order in which users go through it is found")
    func sampleData() throws {
        let data = try SampleData()
        let leak = try audit().identifierLeak(catalogue: data.catalogue, log: data.log)
        #expect(leak.catalogue.tells && !leak.identifiers.tells)
    }

    @Test("Identifiers that count up in order of first appearance are found, in number order rather than letter order")
    func countingIdentifiers() throws {
        let log = try Bundles.log()
        let leak = try audit().identifierLeak(catalogue: Bundles.catalogue { $0 + 1 }, log: log)
        #expect(leak.isFound && leak.identifiers.tells && leak.catalogue.tells)
        // The next item of everybody is the next number.
        #expect(leak.identifiers.rule == LeakRates(hitRate5: 1, hitRate10: 1))
        #expect(leak.identifiers.appearanceCorrelation == 1)
        #expect(leak.identifiers.permuted.hitRate10 < 0.1)
        // Five of the items are the user's own, the target is not among them.
        #expect(abs(leak.chance.hitRate10 - 10.0 / Double(Bundles.items - 5)) < 1e-9)
    }

    @Test("Either order may tell: opaque identifiers in a telling catalogue, and the other way round")
    func oneOfTwoOrders() throws {
        let log = try Bundles.log()
        let shuffled = Bundles.shuffled(seed: 1)
        let opaque = try audit().identifierLeak(catalogue: Bundles.catalogue { shuffled[$0] }, log: log)
        #expect(!opaque.identifiers.tells && opaque.catalogue.tells && opaque.isFound)
        // The same data in another order of the catalogue: items keep their counting identifiers.
        let moved = try InteractionLog(
            users: log.users, histories: log.histories.map { $0.map { shuffled[$0] } }, itemCount: Bundles.items)
        var numbers = [Int](repeating: 0, count: Bundles.items)
        for (item, place) in shuffled.enumerated() { numbers[place] = item }
        let counting = try audit().identifierLeak(catalogue: Bundles.catalogue { numbers[$0] }, log: moved)
        #expect(counting.identifiers.tells && !counting.catalogue.tells && counting.isFound)
        #expect(counting.identifiers.rule == LeakRates(hitRate5: 1, hitRate10: 1))
        // With both drawn, only the order of first appearance would tell, which is no fault of the data.
        let others = Bundles.shuffled(seed: 2)
        let clean = try audit().identifierLeak(catalogue: Bundles.catalogue { others[$0] }, log: moved)
        #expect(!clean.isFound && clean.appearance.tells)
        #expect(abs(clean.identifiers.appearanceCorrelation) < 0.3)
    }

    @Test("The rule ranks what comes after the last item, the history left out")
    func rule() throws {
        let catalogue = try Catalogue(items: (0..<40).map { Item(id: "\($0)") })
        func hits(_ histories: [[Int]]) throws -> LeakRates {
            let log = try InteractionLog(
                users: IdentifierMap(histories.indices.map { "u\($0)" }), histories: histories, itemCount: 40)
            return try audit().identifierLeak(catalogue: catalogue, log: log).identifiers.rule
        }
        #expect(try hits([[0, 10, 15]]) == LeakRates(hitRate5: 1, hitRate10: 1))
        #expect(try hits([[0, 10, 16]]) == LeakRates(hitRate5: 0, hitRate10: 1))
        #expect(try hits([[12, 10, 16]]) == LeakRates(hitRate5: 1, hitRate10: 1))
        #expect(try hits([[0, 10, 21]]) == LeakRates(hitRate5: 0, hitRate10: 0))
        #expect(try hits([[0, 10, 9]]) == LeakRates(hitRate5: 0, hitRate10: 0))
        #expect(try hits([[0, 10, 11], [0, 11, 10]]) == LeakRates(hitRate5: 0.5, hitRate10: 0.5))
    }

    @Test("Natural order: numbers inside identifiers are compared as numbers")
    func naturalOrder() {
        let sorted = ["a", "a9", "a10", "a10b", "a010c", "a200", "b1", "b1-2", "b1-10"]
        #expect(sorted.reversed().sorted { NaturalOrder.key($0) < NaturalOrder.key($1) } == sorted)
        #expect(NaturalOrder.key("99999999999999999999") < NaturalOrder.key("100000000000000000000"))
    }

    @Test("A reasoner that reads whole histories is found, and what it gains is shown")
    func profileLeak() async throws {
        let data = try SampleData()
        let leak = try await audit { log in
            RecommenderPipeline(
                configuration: .small, reasoner: PeepingReasoner(log: log, catalogue: data.catalogue),
                encoder: EchoingEncoder())
        }.profileLeak(catalogue: data.catalogue, log: data.log)
        #expect(leak.isFound)
        #expect(leak.changedUsers > data.log.userCount / 2)
        #expect(leak.changedItems == 0)
    }

    @Test("A graph of the whole log is found: every held-out pair is in it")
    func graphLeak() async throws {
        let data = try SampleData()
        let leak = try await audit { log in
            RecommenderPipeline(configuration: .small, interactionGraph: WholeLogGraph(log: log))
        }.graphLeak(catalogue: data.catalogue, log: data.log)
        #expect(leak.isFound)
        #expect(leak.heldOutPairs > 0 && leak.heldOutPairsInGraph == leak.heldOutPairs)
        #expect(leak.changedNodes > data.log.userCount / 2)
    }

    @Test("A system that reads the numbers of items is found: its metrics fall with new numbers")
    func invariance() async throws {
        let catalogue = try Bundles.catalogue { $0 }
        let leak = try await audit().invariance(of: NextNumbers(), catalogue: catalogue, log: Bundles.log())
        #expect(leak.isFound)
        #expect(leak.original["hr@10"] == 1)
        #expect((leak.permuted["hr@10"] ?? 1) < 0.1)
        #expect(leak.lost > Bundles.users * 9 / 10 && leak.gained == 0)
        #expect(leak.zScore < -8)
    }

    @Test("The whole pipeline does not read identifiers: its metrics stay within the noise of a seed")
    func pipelineInvariance() async throws {
        let data = try SampleData()
        var audit = audit()
        audit.fitsPipeline = true
        let report = try await audit.report(catalogue: data.catalogue, log: data.log)
        #expect(report.invariance.system == "isrf")
        #expect(!report.invariance.isFound, "\(report.invariance)")
    }

    @Test("The linear floor moves by nothing at all but rounding")
    func floorInvariance() async throws {
        let data = try SampleData(usersPerGroup: 60)
        let leak = try await audit().invariance(
            of: LinearFloorBaseline(), catalogue: data.catalogue, log: data.log)
        #expect(!leak.isFound)
        #expect(leak.gained + leak.lost <= 2)
        #expect(abs((leak.original["ndcg@10"] ?? 0) - (leak.permuted["ndcg@10"] ?? 1)) < 0.01)
    }

    @Test("Logs without held-out items, or of another catalogue, are refused")
    func refusals() async throws {
        let catalogue = try Catalogue(items: [Item(id: "a"), Item(id: "b")])
        let short = try InteractionLog(users: IdentifierMap(["u"]), histories: [[0, 1]], itemCount: 2)
        await expectError(.invalidData, "three or more") {
            _ = try await audit().report(catalogue: catalogue, log: short)
        }
        let other = try InteractionLog(users: IdentifierMap(["u"]), histories: [[0, 1, 2]], itemCount: 3)
        await expectError(.invalidData, "catalogue") {
            _ = try audit().identifierLeak(catalogue: catalogue, log: other)
        }
    }
}
