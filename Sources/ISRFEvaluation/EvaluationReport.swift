internal import ISRFCore
public import ISRFData
public import ISRFReasoning

/// What an evaluation is reported as: the data set, the protocol, and a row for each system and part.
public struct EvaluationReport: Sendable, Codable, Hashable {
    /// The size of the data set.
    public struct DataSet: Sendable, Codable, Hashable {
        /// The number of users.
        public var users: Int
        /// The number of items.
        public var items: Int
        /// The number of interactions.
        public var interactions: Int
    }

    /// How was measured.
    public struct EvaluationProtocol: Sendable, Codable, Hashable {
        /// Which interactions are held out.
        public var split: String
        /// What the held-out item is ranked among.
        public var candidates: String
        /// What happens when scores are equal.
        public var ties: String
        /// What statistics, graphs, profiles and models were made from.
        public var fittedOn: String
        /// The seed of the run.
        public var seed: UInt64
        /// The number of threads.
        public var threads: Int
        /// What reasoned about items and users, as it describes itself; nil when that was not written down.
        public var reasoner: String?
        /// What encoded texts, as it describes itself; nil when that was not written down.
        public var encoder: String?
        /// How far profiles went that were reasoned beforehand; nil without them.
        public var profiles: ProfileCoverage?
    }

    /// One system on one part.
    public struct System: Sendable, Codable, Hashable {
        /// The system's name.
        public var name: String
        /// "validation" or "test".
        public var split: String
        /// The number of users evaluated.
        public var users: Int
        /// `hr@5`, `ndcg@5`, `hr@10`, `ndcg@10`, `hr@20`, `ndcg@20` and `coverage@10`.
        public var metrics: [String: Double]
        /// Fitting and evaluating, in seconds.
        public var seconds: Double
        /// The greatest memory of the process by the end, in bytes.
        public var peakMemoryBytes: Int
        /// Results by history and popularity, when asked for; without them their key is left out of the JSON.
        public var breakdown: EvaluationBreakdown?
        /// Results under the direct protocol, when asked for.
        public var direct: DirectResult?
        /// The rank of every evaluated user's held-out item by the user's identifier, 0 for the first place, when asked
        /// for.
        public var ranks: [String: Int]?
    }

    /// The data set.
    public var dataset: DataSet
    /// How was measured.
    public var `protocol`: EvaluationProtocol
    /// The systems, ours first.
    public var systems: [System]

    /// Creates a report of a split's data set without systems yet.
    public init(split: LeaveOneOutSplit, seed: UInt64, threads: Int) {
        dataset = DataSet(
            users: split.log.userCount, items: split.log.itemCount, interactions: split.log.interactionCount)
        self.protocol = EvaluationProtocol(
            split: "leave one out: the last item is test, the one before is validation",
            candidates: "the whole catalogue without the user's own history", ties: "count against the system",
            fittedOn: "the training part only", seed: seed, threads: threads)
        systems = []
    }

    /// Adds a result.
    /// - Parameter fittingSeconds: What fitting took, on top of scoring and ranking.
    public mutating func add(_ result: EvaluationResult, fittingSeconds: Double) {
        systems.append(
            System(
                name: result.system, split: result.part.rawValue, users: result.users, metrics: result.metrics,
                seconds: fittingSeconds + result.seconds, peakMemoryBytes: result.peakMemoryBytes))
    }

    /// The names of the metrics in the order of the table.
    public static let metricNames = ["hr@5", "ndcg@5", "hr@10", "ndcg@10", "hr@20", "ndcg@20", "coverage@10"]

    /// The report as a table for people, a row for each system and part.
    public func table() -> String {
        let header = ["system", "split", "users"] + EvaluationReport.metricNames + ["seconds"]
        let rows = systems.map { system in
            [system.name, system.split, String(system.users)]
                + EvaluationReport.metricNames.map { decimal(system.metrics[$0] ?? 0, digits: 4) }
                + [decimal(system.seconds, digits: 1)]
        }
        let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
        return ([header] + rows).map { row in
            row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return column < 2 ? cell + padding : padding + cell
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
