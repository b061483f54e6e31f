/// How one system ranked cold items on one part of a split.
public struct ColdStartResult: Sendable, Codable, Hashable {
    /// The system's name.
    public let name: String
    /// "validation" or "test".
    public let split: String
    /// The number of users evaluated: those whose held-out item is cold.
    public let users: Int
    /// `hr@5`, `ndcg@5`, `hr@10` and `ndcg@10` among the cold items alone.
    public let amongColdItems: [String: Double]
    /// The same metrics among the whole catalogue.
    public let amongAllItems: [String: Double]

    /// The names of the metrics in the order of the table.
    public static let metricNames = ["hr@5", "ndcg@5", "hr@10", "ndcg@10"]

    init(name: String, split: String, ranksAmongCold: [Int], ranksAmongAll: [Int]) {
        self.name = name
        self.split = split
        users = ranksAmongCold.count
        amongColdItems = ColdStartResult.metrics(ranksAmongCold)
        amongAllItems = ColdStartResult.metrics(ranksAmongAll)
    }

    private static func metrics(_ ranks: [Int]) -> [String: Double] {
        [
            "hr@5": RankingMetrics.hitRate(at: 5, ranks: ranks), "ndcg@5": RankingMetrics.ndcg(at: 5, ranks: ranks),
            "hr@10": RankingMetrics.hitRate(at: 10, ranks: ranks), "ndcg@10": RankingMetrics.ndcg(at: 10, ranks: ranks),
        ]
    }
}
