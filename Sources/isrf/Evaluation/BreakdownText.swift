internal import ISRFKit

/// Where systems are good: the tables of `isrf evaluate --breakdown`.
struct BreakdownText {
    let sections: [String]

    /// Makes the tables of the systems that have a breakdown; none without any.
    init(_ report: EvaluationReport) {
        let rows = report.systems.compactMap { system in system.breakdown.map { (system, $0) } }
        guard !rows.isEmpty else {
            sections = []
            return
        }
        var spread = TextTable(
            [.left, .left, .right, .right], header: ["system", "split", "coverage@10", "gini@10"])
        var histories = TextTable(
            [.left, .left, .left, .right, .right, .right],
            header: ["system", "split", "interactions", "cases", "hr@10", "ndcg@10"])
        var popularity = TextTable(
            [.left, .left, .left, .right, .right, .right, .right],
            header: ["system", "split", "items", "number", "cases", "hr@10", "ndcg@10"])
        for (system, breakdown) in rows {
            let row = [system.name, system.split]
            spread.add(row + [decimal(breakdown.coverage10, digits: 4), decimal(breakdown.gini10, digits: 4)])
            for bucket in breakdown.historyLengths {
                histories.add(
                    row + [bucket.name, String(bucket.cases)]
                        + BreakdownText.metrics(bucket.cases, bucket.hitRate10, bucket.ndcg10))
            }
            for bucket in breakdown.popularity {
                popularity.add(
                    row + [bucket.name, String(bucket.items), String(bucket.cases)]
                        + BreakdownText.metrics(bucket.cases, bucket.hitRate10, bucket.ndcg10))
            }
        }
        sections = [
            "By the number of the user's training interactions:\n" + histories.text(indent: "  "),
            "By popularity of the held-out item; head, middle and tail have a third of the training interactions "
                + "each:\n" + popularity.text(indent: "  "),
            "The first ten of all users: the share of the catalogue in them, and the Gini coefficient of how often "
                + "each item stands there (0: all equally often, near 1: always the same few):\n"
                + spread.text(indent: "  "),
        ]
    }

    /// The metrics of a bucket; dashes without anybody to measure.
    private static func metrics(_ cases: Int, _ hitRate: Double, _ ndcg: Double) -> [String] {
        cases == 0 ? ["-", "-"] : [decimal(hitRate, digits: 4), decimal(ndcg, digits: 4)]
    }
}
