internal import ISRFCore

/// Two systems measured on the same users: how far apart their metrics are, and whether that could be chance.
public struct PairedComparison: Sendable, Codable, Hashable {
    /// One metric of both systems.
    public struct Metric: Sendable, Codable, Hashable {
        /// The metric's name, as `hr@10`.
        public let name: String
        /// The first system's mean over users.
        public let first: Double
        /// The second system's mean over users.
        public let second: Double
        /// The second's less the first's.
        public let difference: Double
        /// The lower end of the difference's bootstrap interval.
        public let lower: Double
        /// The upper end of the difference's bootstrap interval.
        public let upper: Double
        /// The p-value of the paired t-test.
        public let pValue: Double
    }

    /// One metric of every user under two systems.
    public struct UserValues: Sendable, Hashable {
        /// The metric's name.
        public var name: String
        /// The first system's value for each user.
        public var first: [Double]
        /// The second system's value for each user, in the same order.
        public var second: [Double]

        /// Creates values.
        public init(name: String, first: [Double], second: [Double]) {
            self.name = name
            self.first = first
            self.second = second
        }
    }

    /// The number of users.
    public let users: Int
    /// The share of resamples within the interval.
    public let confidence: Double
    /// How many times users were drawn anew.
    public let resamples: Int
    /// The seed of the draws.
    public let seed: UInt64
    /// The metrics, in the order in which they were given.
    public let metrics: [Metric]

    /// Compares any metrics.
    /// - Throws: `ISRFError` (`invalidData`) when there are fewer than two users, a value is not finite or there is not
    ///   one value of each system for every user, (`invalidConfiguration`) for a confidence or a number of resamples out
    ///   of its range; `CancellationError`.
    public init(_ values: [UserValues], bootstrap: PairedBootstrap = .init(), confidence: Double = 0.95) throws {
        guard confidence > 0, confidence < 1 else {
            throw ISRFError(
                .invalidConfiguration, "The confidence is \(confidence); it must be between 0 and 1, as 0.95 is.")
        }
        let users = values.first?.first.count ?? 0
        guard values.allSatisfy({ $0.first.count == users && $0.second.count == users }) else {
            throw ISRFError(.invalidData, "A comparison needs one value of each system for every user.")
        }
        let differences = values.map { zip($0.first, $0.second).map { $1 - $0 } }
        let tests = try differences.map { try PairedTTest(differences: $0) }
        let means = try bootstrap.means(of: differences)
        self.users = users
        self.confidence = confidence
        resamples = bootstrap.resamples
        seed = bootstrap.seed
        metrics = values.indices.map { index in
            let interval = PairedBootstrap.interval(of: means[index], confidence: confidence)
            return Metric(
                name: values[index].name, first: values[index].first.reduce(0, +) / Double(users),
                second: values[index].second.reduce(0, +) / Double(users), difference: tests[index].mean,
                lower: interval.lowerBound, upper: interval.upperBound, pValue: tests[index].pValue)
        }
    }

    /// Compares HR@5, NDCG@5, HR@10 and NDCG@10 of two systems' ranks for the same users in the same order.
    /// - Throws: As the general comparison does.
    public init(
        firstRanks: [Int], secondRanks: [Int], cutoffs: [Int] = [5, 10], bootstrap: PairedBootstrap = .init(),
        confidence: Double = 0.95
    ) throws {
        var values: [UserValues] = []
        for k in cutoffs {
            values.append(
                UserValues(
                    name: "hr@\(k)", first: firstRanks.map { RankingMetrics.hit(at: k, rank: $0) },
                    second: secondRanks.map { RankingMetrics.hit(at: k, rank: $0) }))
            values.append(
                UserValues(
                    name: "ndcg@\(k)", first: firstRanks.map { RankingMetrics.gain(at: k, rank: $0) },
                    second: secondRanks.map { RankingMetrics.gain(at: k, rank: $0) }))
        }
        try self.init(values, bootstrap: bootstrap, confidence: confidence)
    }
}
