/// How one system did under the direct protocol on one part of a split.
public struct DirectResult: Sendable, Codable, Hashable {
    /// The number of negatives that each held-out item is ranked among.
    public let negatives: Int
    /// The seed of the negatives.
    public let seed: UInt64
    /// `hr@1`, `hr@5`, `hr@10` and `ndcg@10`.
    public let metrics: [String: Double]

    /// The names of the metrics in the order of the table.
    public static let metricNames = ["hr@1", "hr@5", "hr@10", "ndcg@10"]

    init(ranks: [Int], negatives: Int, seed: UInt64) {
        self.negatives = negatives
        self.seed = seed
        metrics = [
            "hr@1": RankingMetrics.hitRate(at: 1, ranks: ranks), "hr@5": RankingMetrics.hitRate(at: 5, ranks: ranks),
            "hr@10": RankingMetrics.hitRate(at: 10, ranks: ranks), "ndcg@10": RankingMetrics.ndcg(at: 10, ranks: ranks),
        ]
    }
}
