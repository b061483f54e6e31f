public import ISRFData

/// How one system did on one part of a split.
public struct EvaluationResult: Sendable {
    /// Held-out items of one range of popularity.
    public struct PopularityBucket: Sendable, Codable, Hashable {
        /// "head", "middle" or "tail": the items with a third of the training interactions each, most popular first.
        public let name: String
        /// The number of items in the bucket.
        public let items: Int
        /// The number of held-out items in the bucket.
        public let cases: Int
        /// HR@10 over those cases.
        public let hitRate10: Double
        /// NDCG@10 over those cases.
        public let ndcg10: Double
    }

    /// Users with some number of training interactions.
    public struct HistoryBucket: Sendable, Codable, Hashable {
        /// "1-3", "4-5", "6-10" or "> 10" interactions in the training part.
        public let name: String
        /// The number of users in the bucket who were evaluated.
        public let cases: Int
        /// HR@10 over those users.
        public let hitRate10: Double
        /// NDCG@10 over those users.
        public let ndcg10: Double
    }

    /// The system's name.
    public let system: String
    /// Which held-out items were ranked.
    public let part: LeaveOneOutSplit.Part
    /// The index in the log of each case's user, in the order of the cases.
    public let userIndices: [Int]
    /// The rank of each case's held-out item, 0 for the first place, in the order of the cases.
    public let ranks: [Int]
    /// The share of the catalogue that stands in at least one user's first ten.
    public let coverage10: Double
    /// The Gini coefficient of how often each item of the catalogue stands in a user's first ten.
    public let gini10: Double
    /// Results by the number of the user's training interactions.
    public let historyLengths: [HistoryBucket]
    /// Results by popularity of the held-out item.
    public let popularity: [PopularityBucket]
    /// How long scoring and ranking took; the caller may add what training took.
    public var seconds: Double
    /// The greatest memory of the process so far.
    public let peakMemoryBytes: Int

    /// The number of users evaluated.
    public var users: Int { ranks.count }

    /// Where the system is good.
    public var breakdown: EvaluationBreakdown {
        EvaluationBreakdown(
            historyLengths: historyLengths, popularity: popularity, coverage10: coverage10, gini10: gini10)
    }

    /// The rank of each case by the identifier of its user.
    /// - Parameter log: The log that was evaluated on.
    public func ranks(byUserOf log: InteractionLog) -> [String: Int] {
        Dictionary(zip(userIndices.map { log.users[$0] }, ranks)) { first, _ in first }
    }

    /// HR@k.
    public func hitRate(at k: Int) -> Double { RankingMetrics.hitRate(at: k, ranks: ranks) }

    /// NDCG@k.
    public func ndcg(at k: Int) -> Double { RankingMetrics.ndcg(at: k, ranks: ranks) }

    /// The reported metrics by name: `hr@5`, `ndcg@5`, `hr@10`, `ndcg@10`, `hr@20`, `ndcg@20`, `coverage@10`.
    public var metrics: [String: Double] {
        var metrics = ["coverage@10": coverage10]
        for k in [5, 10, 20] {
            metrics["hr@\(k)"] = hitRate(at: k)
            metrics["ndcg@\(k)"] = ndcg(at: k)
        }
        return metrics
    }
}
