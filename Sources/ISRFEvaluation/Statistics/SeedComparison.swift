internal import ISRFCore

/// Systems that were each fitted with several seeds, compared user by user with the first of them.
///
/// A user's gain is averaged over the seeds first; users are then what is drawn anew. So the interval is about other
/// users, and says of the noise of training only that it was averaged over.
public struct SeedComparison: Sendable, Codable, Hashable {
    /// A system before it is compared: one report with ranks for each seed, with one system in it.
    public struct System: Sendable, Hashable {
        /// The name in the comparison.
        public var name: String
        /// The reports.
        public var reports: [EvaluationReport]

        /// Creates a system.
        public init(name: String, reports: [EvaluationReport]) {
            self.name = name
            self.reports = reports
        }
    }

    /// One system on one part.
    public struct Row: Sendable, Codable, Hashable {
        /// The system's name.
        public let name: String
        /// "validation" or "test".
        public let split: String
        /// The seeds, in the order of the reports.
        public let seeds: [UInt64]
        /// HR@5, NDCG@5, HR@10 and NDCG@10 as the mean over the seeds, by name.
        public let metrics: [String: Double]
        /// The same for each seed, in order.
        public let metricsBySeed: [[String: Double]]
        /// The first system beside this one; nil for the first itself. Differences are this one's less the first's.
        public let comparison: PairedComparison?
    }

    /// The names of the metrics, in the order in which they are shown.
    public static let metricNames = cutoffs.flatMap { ["hr@\($0)", "ndcg@\($0)"] }
    private static let cutoffs = [5, 10]

    /// A row for each system in order, on the test part; then the same for validation.
    public let rows: [Row]

    /// Compares systems with the first one.
    /// - Throws: `ISRFError` (`invalidData`) when a system has no report, reports are of different data or protocols,
    ///   lack ranks, or differ in parts or users; what `PairedComparison` throws.
    public init(_ systems: [System], bootstrap: PairedBootstrap = .init(), confidence: Double = 0.95) throws {
        guard let reference = systems.first?.reports.first, systems.allSatisfy({ !$0.reports.isEmpty }) else {
            throw ISRFError(.invalidData, "There is nothing to compare: each system needs one or more reports.")
        }
        var rows: [Row] = []
        for part in reference.systems.sorted(by: { $0.split < $1.split }) {
            let users = try ReportComparison.ranks(part, "first").keys.sorted()
            var first: [String: [Double]] = [:]
            for (place, system) in systems.enumerated() {
                let values = try system.reports.map { report in
                    try ReportComparison.requireSameMeasuring(reference, report)
                    return SeedComparison.values(try SeedComparison.ranks(report, part.split, users, system.name))
                }
                let means = SeedComparison.mean(values)
                if place == 0 { first = means }
                let compared = SeedComparison.metricNames.map {
                    PairedComparison.UserValues(name: $0, first: first[$0] ?? [], second: means[$0] ?? [])
                }
                rows.append(
                    Row(
                        name: system.name, split: part.split, seeds: system.reports.map(\.protocol.seed),
                        metrics: SeedComparison.metrics(means), metricsBySeed: values.map(SeedComparison.metrics),
                        comparison: place == 0
                            ? nil : try PairedComparison(compared, bootstrap: bootstrap, confidence: confidence)))
            }
        }
        self.rows = rows
    }

    /// The ranks of some users on one part of a report.
    private static func ranks(
        _ report: EvaluationReport, _ split: String, _ users: [String], _ name: String
    ) throws -> [Int] {
        guard let system = report.systems.first(where: { $0.split == split }) else {
            throw ISRFError(.invalidData, "The reports differ in split: one of \(name) is not on \(split).")
        }
        let ranks = try ReportComparison.ranks(system, name)
        let known = users.compactMap { ranks[$0] }
        guard known.count == users.count, ranks.count == users.count else {
            throw ISRFError(.invalidData, "The reports differ in users: one of \(name) has others on \(split).")
        }
        return known
    }

    /// For each metric the value of each user.
    private static func values(_ ranks: [Int]) -> [String: [Double]] {
        var values: [String: [Double]] = [:]
        for k in cutoffs {
            values["hr@\(k)"] = ranks.map { RankingMetrics.hit(at: k, rank: $0) }
            values["ndcg@\(k)"] = ranks.map { RankingMetrics.gain(at: k, rank: $0) }
        }
        return values
    }

    /// For each metric the mean over the seeds, user by user.
    private static func mean(_ values: [[String: [Double]]]) -> [String: [Double]] {
        var means = values.first ?? [:]
        for (name, first) in means {
            var sums = first
            for other in values.dropFirst() {
                for (user, value) in (other[name] ?? []).enumerated() { sums[user] += value }
            }
            means[name] = sums.map { $0 / Double(values.count) }
        }
        return means
    }

    /// For each metric the mean over the users.
    private static func metrics(_ values: [String: [Double]]) -> [String: Double] {
        values.mapValues { $0.reduce(0, +) / Double(max(1, $0.count)) }
    }
}
