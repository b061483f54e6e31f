import ISRFCore
import ISRFData
import ISRFReasoning
import Testing

@Suite("Attribute statistics")
struct AttributeStatisticsTests {
    @Test("The log-odds ratio of hand-computed numbers")
    func handComputed() {
        // (9 + 1) / (20 + 10 - 9 - 1) = 1/2 against (30 + 1) / (300 + 10 - 30 - 1) = 1/9: ln 4.5, variance 1/10 + 1/31.
        let odds = LogOddsRatio(
            count: 9, total: 20, againstCount: 30, total: 300, priorCount: 1, priorTotal: 10)
        #expect(abs(odds.value - 1.5040773967762742) < 1e-12)
        #expect(abs(odds.zScore - 4.135796) < 1e-5)
        let mirrored = LogOddsRatio(
            count: 30, total: 300, againstCount: 9, total: 20, priorCount: 1, priorTotal: 10)
        #expect(abs(mirrored.zScore + odds.zScore) < 1e-12)
    }

    /// Items 0-3 are tea, 4-7 are bolts; the users of even number drink tea, the others use bolts.
    static func planted() throws -> (catalogue: Catalogue, log: InteractionLog) {
        var items: [Item] = []
        for number in 0..<8 {
            let isTea = number < 4
            items.append(
                Item(
                    id: "i\(number)", title: isTea ? "green leaf number\(number)" : "steel thread number\(number)",
                    brand: number % 2 == 0 ? "Evens" : "Odds", categories: [["All", isTea ? "Tea" : "Bolts"]]))
        }
        let catalogue = try Catalogue(items: items)
        let histories = (0..<10).map { user in
            user % 2 == 0 ? [0, 1, 2, 3].map { ($0 + user) % 4 } : [4, 5, 6, 7].map { ($0 - 4 + user) % 4 + 4 }
        }
        let log = try InteractionLog(
            users: IdentifierMap((0..<10).map { "u\($0)" }), histories: histories, itemCount: 8)
        return (catalogue, log)
    }

    @Test("Counts are interactions, and rates lie strictly between 0 and 1")
    func counts() throws {
        let (catalogue, log) = try Self.planted()
        let statistics = try AttributeStatistics(vocabulary: AttributeVocabulary(catalogue: catalogue), training: log)
        let tea = try #require(statistics.vocabulary.index(of: ItemAttribute(.category, "Tea")))
        let all = try #require(statistics.vocabulary.index(of: ItemAttribute(.category, "All")))
        #expect(statistics.interactionCount == 40)
        #expect(statistics.interactionCounts[tea] == 20)
        #expect(statistics.interactionCounts[all] == 40)
        #expect(statistics.rate(of: all) < 1)
    }

    @Test("What distinguishes a history is the planted taste")
    func distinguishing() throws {
        let (catalogue, log) = try Self.planted()
        let statistics = try AttributeStatistics(vocabulary: AttributeVocabulary(catalogue: catalogue), training: log)
        let found = statistics.distinguishingAttributes(ofHistory: [0, 1, 2, 3], limit: 10)
        let names = found.map { statistics.vocabulary.attributes[$0.attribute].value }
        #expect(Set(names) == ["green", "leaf", "Tea"])
        #expect(found.allSatisfy { $0.strength > 0 })
        #expect(statistics.distinguishingAttributes(ofHistory: [0, 1, 2, 3], limit: 2).count == 2)
        #expect(statistics.distinguishingAttributes(ofHistory: [], limit: 5).isEmpty)
        #expect(statistics.distinguishingAttributes(ofHistory: [0], limit: -1).isEmpty)
    }

    @Test("Ties agree with the definition and name nothing that the item lacks")
    func ties() throws {
        let (catalogue, log) = try Self.planted()
        let statistics = try AttributeStatistics(
            vocabulary: AttributeVocabulary(catalogue: catalogue), training: log, priorStrength: 4)
        let ties = statistics.ties(history: [0, 1, 4], item: 2)
        let own = Set(statistics.vocabulary.attributes(ofItem: 2))
        #expect(ties.allSatisfy { own.contains($0.attribute) && $0.strength > 0 && $0.ratio > 1 })
        #expect(ties.map(\.strength) == ties.map(\.strength).sorted(by: >))
        let tea = try #require(statistics.vocabulary.index(of: ItemAttribute(.category, "Tea")))
        let tie = try #require(ties.first { $0.attribute == tea })
        #expect(tie.count == 2)
        let prior = 4 * 20.5 / 41
        let expected = LogOddsRatio(
            count: 2, total: 3, againstCount: 20, total: 40, priorCount: prior, priorTotal: 4)
        #expect(abs(Double(tie.strength) - expected.zScore) < 1e-6)
        #expect(abs(tie.ratio - Float(2.0 / 3 / (20.5 / 41))) < 1e-6)
        #expect(statistics.ties(history: [4, 5], item: 0).allSatisfy { $0.attribute != tea })
        #expect(statistics.ties(history: [], item: 0).isEmpty)
    }

    @Test("A prior that is not positive or a log of another catalogue is refused")
    func refused() throws {
        let (catalogue, log) = try Self.planted()
        let vocabulary = AttributeVocabulary(catalogue: catalogue)
        for prior in [0, -1, .nan, .infinity] {
            let error = #expect(throws: ISRFError.self) {
                try AttributeStatistics(vocabulary: vocabulary, training: log, priorStrength: prior)
            }
            #expect(error?.code == .invalidConfiguration)
        }
        let other = try InteractionLog(users: IdentifierMap(["u"]), histories: [[0]], itemCount: 3)
        let error = #expect(throws: ISRFError.self) {
            try AttributeStatistics(vocabulary: vocabulary, training: other)
        }
        #expect(error?.code == .invalidData)
    }
}
