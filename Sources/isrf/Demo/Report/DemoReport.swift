internal import ISRFKit

/// The demonstration as one page that needs nothing else: no script, no font, no picture from elsewhere.
struct DemoReport {
    let run: DemoRun

    /// The whole page. It is well-formed XML as well as HTML.
    var page: String {
        let size = run.report.dataset
        let body: Markup = """
            <h1>ISRF on an outdoor shop</h1>
            <p>One fit, measured beside four baselines, on a shop of our own invention: \(size.users) users in \
            \(run.shop.plantedNames.count) planted taste groups, \(size.items) products, \(size.interactions) purchases \
            drawn by a seeded generator. What was planted was never shown to the recommender.</p>
            \(tiles)
            <h2>How good are the recommendations?</h2>\(metrics)
            <h2>Are the planted groups found?</h2>\(groups)
            <h2>What does a user get, and why?</h2>\(recommendations)
            <h2>How much does each view count?</h2>\(views)
            <h2>How did training go?</h2>\(training)
            """
        let page: Markup = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"/>\
            <meta name="viewport" content="width=device-width, initial-scale=1"/>\
            <title>ISRF on an outdoor shop</title><style>\(Markup(stringLiteral: ReportStyle.text))</style></head>
            <body><main>\(body)</main></body></html>

            """
        return page.text
    }

    func metric(_ name: String, of system: EvaluationReport.System) -> Double { system.metrics[name] ?? 0 }

    /// The systems' results on the test part, ours first.
    var testResults: [EvaluationReport.System] {
        run.report.systems.filter { $0.split == LeaveOneOutSplit.Part.test.rawValue }
    }

    private var tiles: Markup {
        let own = testResults[0]
        let best = testResults.dropFirst().map { metric("ndcg@10", of: $0) }.max() ?? 0
        let lead = best > 0 ? (metric("ndcg@10", of: own) / best - 1) * 100 : 0
        let tiles = [
            ("HR@10 on the test part", decimal(metric("hr@10", of: own), digits: 3)),
            ("NDCG@10 on the test part", decimal(metric("ndcg@10", of: own), digits: 3)),
            ("NDCG@10 beside the best baseline", signedDecimal(lead, digits: 0) + " %"),
            ("adjusted Rand index of the groups", decimal(run.agreement.value, digits: 3)),
            ("for everything, in seconds", decimal(run.seconds, digits: 0)),
        ].map { label, value -> Markup in
            "<div class=\"card\"><strong>\(value)</strong><span class=\"small\">\(label)</span></div>"
        }
        return "<div class=\"tiles\">\(tiles)</div>"
    }
}
