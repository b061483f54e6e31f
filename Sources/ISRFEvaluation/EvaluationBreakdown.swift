/// Where a system is good: results by length of history and by popularity, and how recommendations spread.
public struct EvaluationBreakdown: Sendable, Codable, Hashable {
    /// Results by the number of the user's training interactions.
    public let historyLengths: [EvaluationResult.HistoryBucket]
    /// Results by popularity of the held-out item.
    public let popularity: [EvaluationResult.PopularityBucket]
    /// The share of the catalogue that stands in at least one user's first ten.
    public let coverage10: Double
    /// The Gini coefficient of how often each item of the catalogue stands in a user's first ten.
    public let gini10: Double

    enum CodingKeys: String, CodingKey {
        case historyLengths, popularity
        case coverage10 = "coverage@10"
        case gini10 = "gini@10"
    }
}
