#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Hit rate and NDCG from the ranks of held-out items; rank 0 is the first place.
public enum RankingMetrics {
    /// The share of held-out items among the first k (HR@k); 0 without any rank.
    public static func hitRate(at k: Int, ranks: some Collection<Int>) -> Double {
        guard !ranks.isEmpty else { return 0 }
        return ranks.reduce(0.0) { $0 + hit(at: k, rank: $1) } / Double(ranks.count)
    }

    /// The mean over held-out items of 1 / log2(rank + 2) for those among the first k, else 0 (NDCG@k with one relevant
    /// item each); 0 without any rank.
    public static func ndcg(at k: Int, ranks: some Collection<Int>) -> Double {
        guard !ranks.isEmpty else { return 0 }
        return ranks.reduce(0.0) { $0 + gain(at: k, rank: $1) } / Double(ranks.count)
    }

    /// What one held-out item adds to HR@k: 1 among the first k, else 0.
    public static func hit(at k: Int, rank: Int) -> Double { rank < k ? 1 : 0 }

    /// What one held-out item adds to NDCG@k.
    public static func gain(at k: Int, rank: Int) -> Double { rank < k ? 1 / log2(Double(rank) + 2) : 0 }

    /// The Gini coefficient of how often each item was recommended: 0 when all are equally often, near 1 when a few
    /// items are all that is recommended; 0 when nothing is.
    ///
    /// It is the mean difference between two items, divided by twice the mean.
    /// - Parameter counts: One for each item of the catalogue, those never recommended included.
    public static func giniCoefficient(of counts: [Int]) -> Double {
        let total = counts.reduce(0, +)
        guard total > 0 else { return 0 }
        var weighted = 0.0
        for (place, count) in counts.sorted().enumerated() {
            weighted += Double(2 * place + 1 - counts.count) * Double(count)
        }
        return weighted / (Double(counts.count) * Double(total))
    }

    /// The rank of a target among scores: how many other items that are not excluded score at least as high.
    ///
    /// A tie counts against the target; the target is ranked even when it is excluded itself.
    /// - Parameters:
    ///   - target: The index of the held-out item.
    ///   - scores: One for each item of the catalogue.
    ///   - excluded: Items that take no place, in any order, with or without repetitions.
    public static func rank(of target: Int, in scores: UnsafeBufferPointer<Float>, excluding excluded: [Int]) -> Int {
        let own = scores[target]
        var rank = 0
        for score in scores where score >= own { rank += 1 }
        for item in Set(excluded).union([target]) where scores[item] >= own { rank -= 1 }
        return rank
    }
}
