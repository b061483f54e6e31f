internal import ISRFCore
public import ISRFData
internal import ISRFEvaluation

/// What an order of the items alone tells about the next item.
public struct IdentifierLeak: Sendable, Codable, Hashable {
    /// One order of the items under the rule "the next numbers after the last item".
    public struct Order: Sendable, Codable, Hashable {
        /// What the items are ordered by.
        public var name: String
        /// What the rule hits on test items.
        public var rule: LeakRates
        /// What it hits after permuting the order, on average.
        public var permuted: LeakRates
        /// The rank correlation with the order of first appearance in the log, from -1 to 1.
        public var appearanceCorrelation: Double
        /// Whether the rule hits much more often than chance: at least twice as often at 10, and by more than four
        /// standard deviations.
        public var tells: Bool
    }

    /// The order of the identifiers, numbers within them compared as numbers.
    public var identifiers: Order
    /// The order of the catalogue.
    public var catalogue: Order
    /// The order of first appearance in the log, user by user with held-out items: what a numbering in this order
    /// would tell. No fault of the data as long as the other two orders do not tell.
    public var appearance: Order
    /// What a uniformly random ranking hits.
    public var chance: LeakRates

    /// Whether identifiers or the catalogue's order tell the next item.
    public var isFound: Bool { identifiers.tells || catalogue.tells }
}

extension LeakAudit {
    /// Measures what the order of identifiers, of the catalogue and of first appearance tell about test items.
    /// - Throws: `ISRFError` (`invalidData`) when no user has three interactions or the log belongs to another catalogue.
    public func identifierLeak(catalogue: Catalogue, log: InteractionLog) throws -> IdentifierLeak {
        try check(catalogue, log)
        let cases = LeaveOneOutSplit(log).cases(.test)
        let identifiers = catalogue.items.map { NaturalOrder.key($0.id) }
        let byIdentifier = places(catalogue.items.indices.sorted { (identifiers[$0], $0) < (identifiers[$1], $1) })
        var appeared = IndexOrder(count: catalogue.count)
        for history in log.histories {
            for item in history { appeared.append(item) }
        }
        let known = appeared.items.count
        for item in 0..<catalogue.count { appeared.append(item) }
        let byAppearance = places(appeared.items)
        func order(_ name: String, _ places: [Int]) -> IdentifierLeak.Order {
            measure(name, places, cases, appearance: byAppearance, appeared: Array(appeared.items.prefix(known)))
        }
        return IdentifierLeak(
            identifiers: order("identifiers", byIdentifier),
            catalogue: order("catalogue", Array(0..<catalogue.count)),
            appearance: order("first appearance in the log", byAppearance),
            chance: LeakRates(
                hitRate5: chance(cases, catalogue.count, 5).mean, hitRate10: chance(cases, catalogue.count, 10).mean))
    }

    private func measure(
        _ name: String, _ places: [Int], _ cases: [LeaveOneOutSplit.Case], appearance: [Int], appeared: [Int]
    ) -> IdentifierLeak.Order {
        let ranks = cases.map { rank($0, places) }
        var random = SeededRandom(seed: seed, stream: 12)
        var permuted = LeakRates(hitRate5: 0, hitRate10: 0)
        for _ in 0..<permutations {
            let shuffled = places.shuffled(using: &random)
            let ranks = cases.map { rank($0, shuffled) }
            permuted.hitRate5 += RankingMetrics.hitRate(at: 5, ranks: ranks) / Double(permutations)
            permuted.hitRate10 += RankingMetrics.hitRate(at: 10, ranks: ranks) / Double(permutations)
        }
        let hits = Double(ranks.count { $0 < 10 })
        let chance = chance(cases, places.count, 10)
        let expected = chance.mean * Double(cases.count)
        return IdentifierLeak.Order(
            name: name,
            rule: LeakRates(
                hitRate5: RankingMetrics.hitRate(at: 5, ranks: ranks),
                hitRate10: RankingMetrics.hitRate(at: 10, ranks: ranks)),
            permuted: permuted, appearanceCorrelation: correlation(places, appearance, over: appeared),
            tells: hits >= 2 * expected && hits - expected > 4 * chance.deviation)
    }

    /// The rank of a test item when the items after the last one are ranked in their order; items that come before it
    /// are never hit.
    private func rank(_ entry: LeaveOneOutSplit.Case, _ places: [Int]) -> Int {
        guard let last = entry.history.last, places[entry.target] > places[last] else { return Int.max }
        let between = Set(entry.history).count {
            places[$0] > places[last] && places[$0] < places[entry.target]
        }
        return places[entry.target] - places[last] - 1 - between
    }

    /// The chance of a hit in a random ranking without the history, and the standard deviation of the number of hits.
    private func chance(
        _ cases: [LeaveOneOutSplit.Case], _ items: Int, _ k: Int
    ) -> (mean: Double, deviation: Double) {
        var sum = 0.0
        var variance = 0.0
        for entry in cases {
            let candidates = items - Set(entry.history).subtracting([entry.target]).count
            let chance = min(1, Double(k) / Double(max(1, candidates)))
            sum += chance
            variance += chance * (1 - chance)
        }
        return (sum / Double(max(1, cases.count)), variance.squareRoot())
    }

    /// Spearman's rank correlation of two orders over some items.
    private func correlation(_ first: [Int], _ second: [Int], over items: [Int]) -> Double {
        guard items.count > 1 else { return 0 }
        func ranks(_ places: [Int]) -> [Int: Double] {
            let sorted = items.sorted { places[$0] < places[$1] }
            return Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1, Double($0)) })
        }
        let (one, other) = (ranks(first), ranks(second))
        let squares = items.reduce(0.0) { sum, item in
            let difference = (one[item] ?? 0) - (other[item] ?? 0)
            return sum + difference * difference
        }
        let count = Double(items.count)
        return 1 - 6 * squares / (count * (count * count - 1))
    }

    private func places(_ order: [Int]) -> [Int] {
        var places = [Int](repeating: 0, count: order.count)
        for (place, item) in order.enumerated() { places[item] = place }
        return places
    }
}

/// Indices in the order in which they were first seen.
private struct IndexOrder {
    private(set) var items: [Int] = []
    private var isSeen: [Bool]

    init(count: Int) {
        isSeen = Array(repeating: false, count: count)
    }

    mutating func append(_ item: Int) {
        guard !isSeen[item] else { return }
        isSeen[item] = true
        items.append(item)
    }
}

/// The order in which people count: "item 9" before "item 10".
enum NaturalOrder {
    /// A text whose plain order is the natural order of the identifiers.
    static func key(_ identifier: String) -> String {
        var key = ""
        var digits = ""
        func flush() {
            guard !digits.isEmpty else { return }
            let number = digits.drop { $0 == "0" }
            // The number of digits first: more digits are a greater number.
            key += String(repeating: "0", count: max(0, 4 - String(number.count).count)) + String(number.count) + number
            digits = ""
        }
        for character in identifier {
            if character.isASCII, character.isNumber {
                digits.append(character)
            } else {
                flush()
                key.append(character)
            }
        }
        flush()
        return key
    }
}
