internal import ISRFKit

/// What `isrf tune` prints for people.
struct TuningText {
    let text: String

    init(_ report: TuningReport, output: String) {
        let wording = TuningWording(report: report)
        var sections = [
            EvaluationText.protocolLines(report.dataset, report.protocol),
            "\(wording.method) \(TuningWording.caution)",
            TuningText.trials(report, wording),
            "What mattered. \(wording.compared)\n" + TuningText.importance(report) + "\n\(TuningWording.measures)",
        ]
        if let best = report.best {
            sections.append(
                """
                The best is \(best.number == 0 ? "the base" : "trial \(best.number)"); its configuration is in \
                \(output)/\(TuningFiles.configuration). The report is \(output)/\(TuningFiles.page).
                """)
        }
        text = sections.joined(separator: "\n\n")
    }

    private static func trials(_ report: TuningReport, _ wording: TuningWording) -> String {
        var table = TextTable(
            [.right, .right, .right, .right, .right, .left],
            header: ["trial", report.metric, "difference", "epochs", "seconds", "what differs from the base"])
        for trial in report.trials {
            table.add([
                TuningWording.name(trial), wording.metric(trial), wording.difference(trial),
                String(trial.configuration.training.epochs), decimal(trial.seconds, digits: 1),
                ([wording.differences(trial)] + [wording.remark(trial)].compactMap(\.self)).joined(separator: "; "),
            ])
        }
        return table.text()
    }

    private static func importance(_ report: TuningReport) -> String {
        var table = TextTable(
            [.left, .left, .right, .right], header: ["setting", "measure", "strength", "chance"])
        for importance in report.importance {
            table.add([
                importance.key, TuningWording.measure(importance), TuningWording.strength(importance),
                TuningWording.chance(importance),
            ])
        }
        return table.text(indent: "  ")
    }
}
