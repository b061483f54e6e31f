internal import ISRFKit

/// What `isrf evaluate --compare` prints for people.
struct ComparisonText {
    let text: String

    init(_ comparison: ReportComparison, files: [String]) {
        var sections = ["A is \(files[0]), B is \(files[1])."]
        if let first = comparison.rows.first?.comparison {
            sections.append(
                """
                From and to enclose \(decimal(first.confidence * 100, digits: 0)) % of \
                \(Wording.count(first.resamples, "paired resample")) of the users (seed \(first.seed)); p is that of \
                the paired t-test.
                """)
        }
        sections.append(ComparisonText.table(comparison.rows))
        for (name, systems) in [("A", comparison.onlyInFirst), ("B", comparison.onlyInSecond)] where !systems.isEmpty {
            sections.append("Only in \(name), and not compared: \(systems.joined(separator: ", ")).")
        }
        text = sections.joined(separator: "\n\n")
    }

    private static func table(_ rows: [ReportComparison.Row]) -> String {
        var table = TextTable(
            [.left, .left, .right, .left, .right, .right, .right, .right, .right, .right],
            header: ["system", "split", "users", "metric", "A", "B", "B - A", "from", "to", "p"])
        for row in rows {
            for metric in row.comparison.metrics {
                table.add([
                    row.name, row.split, String(row.comparison.users), metric.name, decimal(metric.first, digits: 4),
                    decimal(metric.second, digits: 4), signedDecimal(metric.difference, digits: 4),
                    signedDecimal(metric.lower, digits: 4), signedDecimal(metric.upper, digits: 4),
                    probability(metric.pValue),
                ])
            }
        }
        return table.text()
    }

    private static func probability(_ value: Double) -> String {
        value < 0.0001 ? "< 0.0001" : decimal(value, digits: 4)
    }
}
