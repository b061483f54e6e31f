/// How well two divisions of the same things agree: 1 when they are the same, 0 on average when one is drawn at random.
///
/// Hubert and Arabie's adjustment for chance of the share of pairs on which both divisions agree. Labels are names only:
/// which number a group has plays no part.
struct AdjustedRandIndex: Sendable, Equatable {
    let value: Double

    /// Compares two divisions, given as the group of each thing.
    init(_ first: [Int], _ second: [Int]) {
        precondition(first.count == second.count, "both divisions are of the same things")
        var together: [Pair: Int] = [:]
        var ofFirst: [Int: Int] = [:]
        var ofSecond: [Int: Int] = [:]
        for (one, other) in zip(first, second) {
            together[Pair(one: one, other: other), default: 0] += 1
            ofFirst[one, default: 0] += 1
            ofSecond[other, default: 0] += 1
        }
        func pairs(_ counts: some Sequence<Int>) -> Double { counts.reduce(0) { $0 + Double($1) * Double($1 - 1) / 2 } }
        let both = pairs(together.values)
        let (inFirst, inSecond) = (pairs(ofFirst.values), pairs(ofSecond.values))
        let all = pairs([first.count])
        let expected = all > 0 ? inFirst * inSecond / all : 0
        let greatest = (inFirst + inSecond) / 2
        // Only two divisions into one group, or two into single things, leave nothing to chance.
        value = greatest == expected ? 1 : (both - expected) / (greatest - expected)
    }

    private struct Pair: Hashable {
        let one: Int
        let other: Int
    }
}
