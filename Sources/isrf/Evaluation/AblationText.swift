internal import ISRFKit

/// What `isrf evaluate --ablations` prints for people.
struct AblationText {
    let text: String

    init(_ report: AblationReport) {
        var sections = [EvaluationText.protocolLines(report.dataset, report.protocol, seeds: report.seeds)]
        for split in ["test", "validation"] {
            let rows = report.results.rows.filter { $0.split == split }
            guard !rows.isEmpty else { continue }
            let users = rows.lazy.compactMap(\.comparison?.users).first.map { ", " + Wording.count($0, "user") } ?? ""
            sections.append("On \(split)\(users):\n" + AblationText.table(rows))
        }
        var note = "Metrics are means over \(Wording.count(report.seeds.count, "seed"))."
        if let comparison = report.results.rows.lazy.compactMap(\.comparison).first {
            note += """
                 The difference is that of ndcg@10 to full; from and to enclose \
                \(decimal(comparison.confidence * 100, digits: 0)) % of \
                \(Wording.count(comparison.resamples, "paired resample")) of the users (seed \(comparison.seed)), each \
                user's gain being averaged over the seeds first. Epochs and weights of the views were chosen on \
                validation anew for each system.
                """
        }
        sections.append(note)
        var names = TextTable([.left, .left])
        for system in report.systems { names.add([system.name, system.summary]) }
        sections.append("The systems:\n" + names.text(indent: "  "))
        text = sections.joined(separator: "\n\n")
    }

    private static func table(_ rows: [SeedComparison.Row]) -> String {
        var table = TextTable(
            [.left] + SeedComparison.metricNames.map { _ in .right } + [.right, .right, .right],
            header: ["system"] + SeedComparison.metricNames + ["difference", "from", "to"])
        for row in rows {
            let ndcg = row.comparison?.metrics.first { $0.name == "ndcg@10" }
            let differences = [ndcg?.difference, ndcg?.lower, ndcg?.upper].map { value in
                value.map { signedDecimal($0, digits: 4) } ?? "-"
            }
            table.add(
                [row.name] + SeedComparison.metricNames.map { decimal(row.metrics[$0] ?? 0, digits: 4) } + differences)
        }
        return table.text(indent: "  ")
    }
}
