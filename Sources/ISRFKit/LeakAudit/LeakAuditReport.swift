internal import ISRFCore
public import ISRFEvaluation

/// What a leak audit found, as values and as text.
public struct LeakAuditReport: Sendable, Codable, Hashable {
    /// The verdict on one leak.
    public struct Verdict: Sendable, Codable, Hashable {
        /// "identifiers", "profiles", "graph" or "invariance".
        public var leak: String
        /// Whether the leak was found.
        public var isFound: Bool
        /// The verdict with its figures, in a sentence.
        public var text: String
    }

    /// The size of the data set.
    public var dataset: EvaluationReport.DataSet
    /// The seed of the audit.
    public var seed: UInt64
    /// What identifiers and orders tell.
    public var identifiers: IdentifierLeak
    /// What profiles depend on.
    public var profiles: ProfileLeak
    /// What the interaction graph holds.
    public var graph: GraphLeak
    /// What moves when identifiers do.
    public var invariance: PermutationInvariance
    /// A verdict on each, in this order.
    public private(set) var verdicts: [Verdict]

    init(
        dataset: EvaluationReport.DataSet, seed: UInt64, identifiers: IdentifierLeak, profiles: ProfileLeak,
        graph: GraphLeak, invariance: PermutationInvariance
    ) {
        self.dataset = dataset
        self.seed = seed
        self.identifiers = identifiers
        self.profiles = profiles
        self.graph = graph
        self.invariance = invariance
        verdicts = [identifiers.verdict, profiles.verdict, graph.verdict, invariance.verdict]
    }

    /// Whether any leak was found.
    public var isFound: Bool { verdicts.contains(where: \.isFound) }

    /// The report for people: a verdict on each leak, and the figures behind it.
    public func text() -> String {
        var lines = [
            "Leak audit of \(dataset.users) users, \(dataset.items) items, \(dataset.interactions) interactions "
                + "(seed \(seed); rates are over test items, ranked in the whole catalogue without the user's history)"
        ]
        for (verdict, details) in zip(
            verdicts, [identifiers.details, profiles.details, graph.details, invariance.details])
        {
            lines.append("")
            lines.append("\(verdict.leak): \(verdict.isFound ? "LEAK" : "clear"): \(verdict.text)")
            lines += details.map { "  " + $0 }
        }
        return lines.joined(separator: "\n")
    }
}

extension IdentifierLeak {
    var verdict: LeakAuditReport.Verdict {
        let telling = [identifiers, catalogue].filter(\.tells).map { "the order of the \($0.name)" }
        return .init(
            leak: "identifiers", isFound: isFound,
            text: isFound
                ? "\(telling.joined(separator: " and ")) tells the next item with no model at all; use opaque "
                    + "identifiers in an order of their own."
                : "neither identifiers nor the catalogue's order tell the next item.")
    }

    var details: [String] {
        ["rule \"the next numbers after the last item\"; chance: \(chance.text)"]
            + [identifiers, catalogue, appearance].map { order in
                "order of \(order.name): \(order.rule.text); permuted: \(order.permuted.text); "
                    + "correlation with first appearance \(decimal(order.appearanceCorrelation, digits: 4))"
            }
    }
}

extension ProfileLeak {
    var verdict: LeakAuditReport.Verdict {
        .init(
            leak: "profiles", isFound: isFound,
            text: isFound
                ? "\(changedUsers) of \(users) users' and \(changedItems) items' profiles or vectors change with "
                    + "validation and test items."
                : "no profile and no vector changes when validation and test items do.")
    }

    var details: [String] {
        [
            "items like the profile, profile from training items: \(fromTraining.text)",
            "profile from everything before the test item: \(fromEverythingBefore.text)",
            "profile from the whole history (the leak): \(fromWholeHistory.text)",
        ]
    }
}

extension GraphLeak {
    var verdict: LeakAuditReport.Verdict {
        .init(
            leak: "graph", isFound: isFound,
            text: isFound
                ? "the graph holds \(heldOutPairsInGraph) of \(heldOutPairs) held-out pairs, and \(changedNodes) users "
                    + "and items change with held-out items."
                : "the graph holds none of \(heldOutPairs) held-out pairs and does not change with them.")
    }

    var details: [String] {
        [
            "a random split with \(Int((randomSplitTrainingShare * 100).rounded())) % for training holds "
                + "\(decimal(randomSplitShare, digits: 4)) of the test pairs",
            "linear floor: \(floor.text); with the pairs of the random split first (the leak): "
                + floorWithRandomSplit.text,
        ]
    }
}

extension PermutationInvariance {
    var verdict: LeakAuditReport.Verdict {
        .init(
            leak: "invariance", isFound: isFound,
            text: isFound
                ? "the metrics of \(system) move when identifiers and order are drawn anew."
                : "the metrics of \(system) do not move when identifiers and order are drawn anew.")
    }

    var details: [String] {
        let names = ["hr@5", "ndcg@5", "hr@10", "ndcg@10"]
        func line(_ metrics: [String: Double]) -> String {
            names.map { "\($0.uppercased()) \(decimal(metrics[$0] ?? 0, digits: 4))" }.joined(separator: " ")
        }
        return [
            "as they are: \(line(original))",
            "permuted:    \(line(permuted))",
            "users with a hit at 10 gained \(gained), lost \(lost): z \(decimal(zScore, digits: 4)), a leak above 4",
        ]
    }
}
