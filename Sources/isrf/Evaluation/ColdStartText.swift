internal import ISRFKit

/// What `isrf evaluate --cold-start` prints for people.
struct ColdStartText {
    let text: String

    init(_ report: ColdStartRun.Report) {
        let (how, cold) = (report.protocol, report.coldStart)
        text = """
            \(EvaluationText.protocolLines(report.dataset, how))

            \(Wording.count(cold.coldItems, "item")) of \(Wording.count(cold.items)) taken out with all interactions, and \
            given to the fitted recommender by attributes alone. Evaluated are users whose held-out item is one of them. \
            By chance hr@10 among the cold items would be \(decimal(min(1, 10 / Double(max(1, cold.coldItems))), digits: 4)).

            \(ColdStartText.table(cold))
            """
    }

    private static func table(_ cold: ColdStartRun.Report.ColdStart) -> String {
        var table = TextTable(
            [.left, .left, .right, .left] + ColdStartResult.metricNames.map { _ in .right },
            header: ["system", "split", "users", "ranked among"] + ColdStartResult.metricNames)
        for result in cold.systems {
            for (candidates, metrics) in [
                ("cold items", result.amongColdItems), ("all items", result.amongAllItems),
            ] {
                table.add(
                    [result.name, result.split, String(result.users), candidates]
                        + ColdStartResult.metricNames.map { decimal(metrics[$0] ?? 0, digits: 4) })
            }
        }
        return table.text()
    }
}
