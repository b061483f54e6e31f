internal import ISRFKit

extension DemoReport {
    /// How all systems did.
    var metrics: Markup {
        let how = run.report.protocol
        let charts = ["hr@5", "ndcg@5", "hr@10", "ndcg@10"].map { name -> Markup in
            BarChart(
                title: name.uppercased(),
                bars: testResults.enumerated().map { place, system in
                    BarChart.Bar(name: system.name, value: metric(name, of: system), colour: place == 0 ? 0 : 9)
                },
                digits: 4, label: "\(name.uppercased()) on the test part"
            ).markup
        }
        return """
            <p>Split: \(how.split). Each held-out purchase is ranked among \(how.candidates). A tie counts against the \
            system. Everything was fitted on \(how.fittedOn).</p>
            <div class="columns">\(charts)</div>\(table)
            """
    }

    private var table: Markup {
        let names = EvaluationReport.metricNames
        let header = names.map { name -> Markup in "<th>\(DemoReport.heading(name))</th>" }
        let rows = run.report.systems.map { system -> Markup in
            let cells = names.map { name -> Markup in
                "<td class=\"\(system.name == "isrf" ? "main" : "other")\">\(decimal(metric(name, of: system), digits: 4))</td>"
            }
            return """
                <tr><td>\(system.name)</td><td class="text">\(system.split)</td>\(cells)\
                <td>\(decimal(system.seconds, digits: 1))</td></tr>
                """
        }
        return """
            <div class="scroll"><table><thead><tr><th>System</th><th class="text">Part</th>\(header)<th>Seconds</th></tr>\
            </thead><tbody>\(rows)</tbody></table></div>
            """
    }

    /// "HR@10", "NDCG@10", but "Coverage@10": a name is not spelt in capitals.
    private static func heading(_ metric: String) -> String {
        metric.hasPrefix("coverage") ? "C" + metric.dropFirst() : metric.uppercased()
    }
}
