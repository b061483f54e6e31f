internal import ISRFCore
internal import ISRFData

/// Two evaluation reports of the same data, compared user by user.
public struct ReportComparison: Sendable, Codable, Hashable {
    /// One system on one part, as it stands in both reports.
    public struct Row: Sendable, Codable, Hashable {
        /// The system's name.
        public let name: String
        /// "validation" or "test".
        public let split: String
        /// The comparison of the first report's ranks with the second's.
        public let comparison: PairedComparison
    }

    /// What stands in both reports, in the order of the first.
    public let rows: [Row]
    /// Systems that only the first report has.
    public let onlyInFirst: [String]
    /// Systems that only the second report has.
    public let onlyInSecond: [String]

    /// Compares two reports with ranks; systems are told apart by their names.
    /// - Throws: `ISRFError` (`invalidData`) when the reports are of different data or protocols, have no system in
    ///   common, lack ranks, or differ in parts or users; what `PairedComparison` throws.
    public init(
        _ first: EvaluationReport, _ second: EvaluationReport, bootstrap: PairedBootstrap = .init(),
        confidence: Double = 0.95
    ) throws {
        try ReportComparison.requireSameMeasuring(first, second)
        let (firstNames, secondNames) = (ReportComparison.names(first), ReportComparison.names(second))
        onlyInFirst = firstNames.filter { !secondNames.contains($0) }
        onlyInSecond = secondNames.filter { !firstNames.contains($0) }
        guard firstNames.contains(where: { secondNames.contains($0) }) else {
            throw ISRFError(
                .invalidData,
                "The reports have no system in common: \(firstNames.joined(separator: ", ")) in the first, "
                    + "\(secondNames.joined(separator: ", ")) in the second.")
        }
        var rows: [Row] = []
        for system in first.systems where secondNames.contains(system.name) {
            guard let other = second.systems.first(where: { $0.name == system.name && $0.split == system.split })
            else { throw ReportComparison.missingPart(system, "second") }
            rows.append(
                Row(
                    name: system.name, split: system.split,
                    comparison: try ReportComparison.compare(system, other, bootstrap, confidence)))
        }
        for system in second.systems where firstNames.contains(system.name) {
            guard first.systems.contains(where: { $0.name == system.name && $0.split == system.split }) else {
                throw ReportComparison.missingPart(system, "first")
            }
        }
        self.rows = rows
    }

    private static func names(_ report: EvaluationReport) -> [String] {
        IdentifierMap(report.systems.map(\.name)).identifiers
    }

    static func requireSameMeasuring(_ first: EvaluationReport, _ second: EvaluationReport) throws {
        let (one, other) = (first.dataset, second.dataset)
        guard one == other else {
            throw ISRFError(
                .invalidData,
                "The reports are of different data: \(one.users) users, \(one.items) items and \(one.interactions) "
                    + "interactions in the first, \(other.users), \(other.items) and \(other.interactions) in the second."
            )
        }
        for (what, one, other) in [
            ("split", first.protocol.split, second.protocol.split),
            ("candidates", first.protocol.candidates, second.protocol.candidates),
            ("ties", first.protocol.ties, second.protocol.ties),
        ] where one != other {
            throw ISRFError(
                .invalidData,
                "The reports follow different protocols (\(what)): \"\(one)\" in the first, \"\(other)\" in the second."
            )
        }
    }

    private static func missingPart(_ system: EvaluationReport.System, _ report: String) -> ISRFError {
        ISRFError(
            .invalidData,
            "The reports differ in split: the \(report) has \(system.name), but not on \(system.split).")
    }

    private static func compare(
        _ first: EvaluationReport.System, _ second: EvaluationReport.System, _ bootstrap: PairedBootstrap,
        _ confidence: Double
    ) throws -> PairedComparison {
        let one = try ranks(first, "first")
        let other = try ranks(second, "second")
        // Users in one order for both, so that neither report's order matters.
        let users = one.keys.sorted()
        let otherRanks = try users.map { user in
            guard let rank = other[user] else { throw missingUser(user, first, "second") }
            return rank
        }
        guard other.count == one.count else {
            throw missingUser(other.keys.sorted().first { one[$0] == nil } ?? "", first, "first")
        }
        return try PairedComparison(
            firstRanks: users.map { one[$0] ?? 0 }, secondRanks: otherRanks, bootstrap: bootstrap,
            confidence: confidence)
    }

    static func ranks(_ system: EvaluationReport.System, _ report: String) throws -> [String: Int] {
        guard let ranks = system.ranks else {
            throw ISRFError(
                .invalidData,
                "The \(report) report has no ranks for \(system.name) on \(system.split); "
                    + "write it with `isrf evaluate --ranks --format json`.")
        }
        if let (user, rank) = ranks.first(where: { $0.value < 0 }) {
            throw ISRFError(
                .invalidData,
                "The \(report) report has the rank \(rank) for user \"\(user)\" of \(system.name) on \(system.split); "
                    + "ranks are 0 or more.")
        }
        return ranks
    }

    private static func missingUser(
        _ user: String, _ system: EvaluationReport.System, _ report: String
    ) -> ISRFError {
        ISRFError(
            .invalidData,
            "The reports differ in users: the \(report) has no user \"\(user)\" for \(system.name) on \(system.split).")
    }
}
