internal import ISRFKit

/// What came of `isrf reason`.
struct OutcomeText {
    /// The most failures that are listed for people.
    static let listed = 100

    let text: String

    init(_ outcome: ReasoningOutcome, export: String?) {
        let report = Report(outcome)
        var lines = [
            "Profiles of \(OutcomeText.count(report.items, "item")) and \(OutcomeText.count(report.users, "user")).",
            OutcomeText.calls(report),
        ]
        let unfinished = [(outcome.unfinishedItems, "item"), (outcome.unfinishedUsers, "user")].filter { $0.0 > 0 }
        if !unfinished.isEmpty {
            lines.append(
                "Still to be asked about: \(unfinished.map { Wording.count($0.0, $0.1) }.joined(separator: " and ")). "
                    + "Run the same command again to go on.")
        }
        if !outcome.failures.isEmpty {
            lines.append("Left out for want of a valid answer, and asked about again by the next run:")
            lines += outcome.failures.prefix(OutcomeText.listed).map { "  \($0)" }
            let rest = outcome.failures.count - OutcomeText.listed
            if rest > 0 { lines.append("  and \(Wording.count(rest)) more") }
        }
        if let export { lines.append("The profiles are in \(export).") }
        text = lines.joined(separator: "\n")
    }

    private static func count(_ part: Report.Part, _ noun: String) -> String {
        "\(Wording.count(part.profiles)) of \(Wording.count(part.profiles + part.failed + part.unfinished, noun))"
    }

    private static func calls(_ report: Report) -> String {
        var parts = ["Calls: \(Wording.count(report.calls))"]
        let repeated = [(report.retries, "repeated"), (report.repairs, "for repair")].filter { $0.0 > 0 }
        if !repeated.isEmpty {
            parts[0] += " (\(repeated.map { "\(Wording.count($0.0)) \($0.1)" }.joined(separator: ", ")))"
        }
        parts.append("answers from the store: \(Wording.count(report.storeHits))")
        parts.append(
            "tokens: \(Wording.count(report.promptTokens)) in, \(Wording.count(report.completionTokens)) out"
                + (report.callsWithoutUsage > 0
                    ? " (estimated for \(Wording.count(report.callsWithoutUsage, "call")))" : ""))
        if report.cost > 0 { parts.append("cost: \(decimal(report.cost, digits: 4))") }
        return parts.joined(separator: "; ") + "."
    }

    /// The same for programs.
    struct Report: Encodable, Sendable {
        /// Items or users.
        struct Part: Encodable, Sendable {
            var profiles: Int
            var failed: Int
            var unfinished: Int
        }

        var items: Part
        var users: Part
        var calls: Int
        var retries: Int
        var repairs: Int
        var storeHits: Int
        var promptTokens: Int
        var completionTokens: Int
        var callsWithoutUsage: Int
        var cost: Double
        var failures: [ReasoningOutcome.Failure]
        /// Why the run ended early.
        var stop: String?

        init(_ outcome: ReasoningOutcome) {
            let failedItems = outcome.failures.count { $0.subject.step.isAboutItem }
            items = Part(profiles: outcome.items.count, failed: failedItems, unfinished: outcome.unfinishedItems)
            users = Part(
                profiles: outcome.users.count, failed: outcome.failures.count - failedItems,
                unfinished: outcome.unfinishedUsers)
            calls = outcome.totals.calls
            retries = outcome.totals.retries
            repairs = outcome.totals.repairs
            storeHits = outcome.storeHits
            promptTokens = outcome.totals.promptTokens
            completionTokens = outcome.totals.completionTokens
            callsWithoutUsage = outcome.totals.callsWithoutUsage
            cost = outcome.totals.cost
            failures = outcome.failures
            stop = outcome.stop.map { "\($0)" }
        }
    }
}
