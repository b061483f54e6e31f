internal import ISRFKit

/// What the demonstration prints.
struct DemoSummary {
    let text: String

    init(_ run: DemoRun) {
        text = [
            DemoSummary.evaluation(run), DemoSummary.recommendations(run), DemoSummary.groups(run),
        ].joined(separator: "\n\n")
    }

    private static func evaluation(_ run: DemoRun) -> String {
        let size = run.report.dataset
        let how = run.report.protocol
        return """
            EVALUATION
            An outdoor shop of our own invention: \(size.users) users, \(size.items) products, \
            \(size.interactions) purchases.
            Split: \(how.split). Candidates: \(how.candidates). Ties: \(how.ties). Fitted on \(how.fittedOn).

            \(run.report.table())
            """
    }

    private static func recommendations(_ run: DemoRun) -> String {
        var lines = ["RECOMMENDATIONS"]
        for example in run.examples {
            lines.append("")
            lines.append("\(example.user), one of the \(run.shop.plantedNames[example.plantedGroup])")
            lines.append("  bought last: \(example.recent.map { $0.title ?? $0.id }.joined(separator: ", "))")
            lines.append("  reasoned:    \(example.preference)")
            for (place, entry) in example.recommendations.enumerated() {
                let bought = entry.recommendation.item == example.next.id ? "  [bought next]" : ""
                lines.append("  \(place + 1). \(entry.explanation.sentence)\(bought)")
            }
            lines.append("  bought next: \(example.next.title ?? example.next.id)")
        }
        return lines.joined(separator: "\n")
    }

    private static func groups(_ run: DemoRun) -> String {
        let names = run.shop.plantedNames
        var lines = [
            "GROUPS",
            "\(run.foundGroups.count) groups found in the user graph, \(names.count) planted.",
            "Adjusted Rand index \(decimal(run.agreement.value, digits: 3)) (1 is the same division, 0 is chance); "
                + "\(decimal(run.agreementBeforeTraining.value, digits: 3)) in the graph of the reasoned texts, before training.",
            "",
        ]
        for (number, group) in run.foundGroups.enumerated() {
            let counts = group.plantedCounts.enumerated().filter { $0.element > 0 }
                .sorted { ($1.element, $0.offset) < ($0.element, $1.offset) }
                .map { "\($0.element) \(names[$0.offset])" }
            lines.append("  group \(number + 1), \(group.size) users: \(counts.joined(separator: ", "))")
            lines.append("    typical: \(group.typical.joined(separator: ", "))")
        }
        return lines.joined(separator: "\n")
    }
}
