internal import ISRFKit

/// A search as one page that needs nothing else: no script, no font, no picture from elsewhere.
struct TuningPage {
    let report: TuningReport
    private let wording: TuningWording

    init(report: TuningReport) {
        self.report = report
        wording = TuningWording(report: report)
    }

    /// The whole page. It is well-formed XML as well as HTML.
    var page: String {
        let size = report.dataset
        let body: Markup = """
            <h1>What ISRF is set to</h1>
            <p>\(wording.method) \(Wording.count(size.users, "user")), \(Wording.count(size.items, "item")), \
            \(Wording.count(size.interactions, "interaction")); seed \(String(report.protocol.seed)).</p>
            <p class="small">\(TuningWording.caution)</p>
            \(tiles)
            <h2>What mattered?</h2>
            <p>\(wording.compared) \(TuningWording.measures)</p>
            \(importance)
            \(Legend(entries: [("trials", 0), ("base", 1), ("best", 2)]).markup)
            <div class="columns">\(charts)</div>
            <h2>The trials</h2>\(trials)
            """
        let page: Markup = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"/>\
            <meta name="viewport" content="width=device-width, initial-scale=1"/>\
            <title>What ISRF is set to</title><style>\(Markup(stringLiteral: ReportStyle.text))</style></head>
            <body><main>\(body)</main></body></html>

            """
        return page.text
    }

    private var metricName: String { report.metric.uppercased() }

    private var tiles: Markup {
        let seconds = (report.trials + report.earlier).filter { $0.repeats == nil }.reduce(0) { $0 + $1.seconds }
        var tiles = [
            ("trials", Wording.count(report.trials.count)),
            ("for all fits", Wording.duration(seconds)),
        ]
        if let best = report.best {
            tiles =
                [
                    ("\(metricName) of the best", wording.metric(best)),
                    ("more than the base", best.number == 0 ? "0" : wording.difference(best)),
                ] + tiles
        }
        let cards = tiles.map { label, value -> Markup in
            "<div class=\"card\"><strong>\(value)</strong><span class=\"small\">\(label)</span></div>"
        }
        return "<div class=\"tiles\">\(cards)</div>"
    }

    private var importance: Markup {
        let rows = report.importance.map { importance -> Markup in
            """
            <tr><td>\(importance.key)</td><td class="text">\(TuningWording.measure(importance))</td>\
            <td>\(TuningWording.strength(importance))</td><td>\(TuningWording.chance(importance))</td></tr>
            """
        }
        return """
            <div class="scroll"><table><thead><tr><th>Setting</th><th class="text">Measure</th><th>Strength</th>\
            <th>Chance</th></tr></thead><tbody>\(rows)</tbody></table></div>
            """
    }

    private var charts: [Markup] {
        let trials = report.compared
        return report.importance.compactMap { importance in
            report.space.parameters.first { $0.key == importance.key }.map { chart($0, importance, trials).markup }
        }
    }

    private func chart(
        _ parameter: TuningParameter, _ importance: TuningImportance, _ trials: [TuningTrial]
    ) -> ScatterChart {
        let values = trials.map { $0.values[parameter.key] ?? .number(0) }
        let axis: ScatterChart.Axis
        var places: [Double]
        switch parameter.candidates {
        case .range(_, _, let scale):
            axis = scale == .linear ? .linear : .logarithmic
            places = values.map { $0.number ?? 0 }
        case .values(let candidates):
            // The base may have a value that is none of the candidates.
            let choices = values.reduce(into: candidates) { if !$0.contains($1) { $0.append($1) } }
            axis = .choices(choices.map(\.description))
            places = values.map { Double(choices.firstIndex(of: $0) ?? 0) }
        }
        let best = report.best?.number
        let points = zip(trials, zip(places, values)).map { trial, place in
            ScatterChart.Point(
                x: place.0, y: trial.metrics[report.metric] ?? 0,
                role: trial.number == best ? .best : trial.number == 0 ? .base : .plain,
                name: "\(trial.number == 0 ? "base" : "trial \(trial.number)"): \(place.1), \(metricName) "
                    + wording.metric(trial))
        }
        return ScatterChart(
            title: parameter.key,
            note: "\(TuningWording.measure(importance)) \(TuningWording.strength(importance)), chance "
                + TuningWording.chance(importance),
            yLabel: "\(metricName) on validation", axis: axis, points: points)
    }

    private var trials: Markup {
        let rows = report.trials.map { trial -> Markup in
            let differs = [wording.differences(trial)] + [wording.remark(trial)].compactMap(\.self)
            return """
                <tr><td>\(TuningWording.name(trial))</td>\
                <td class="\(trial == report.best ? "main" : "other")">\(wording.metric(trial))</td>\
                <td>\(wording.difference(trial))</td><td>\(trial.configuration.training.epochs)</td>\
                <td>\(decimal(trial.seconds, digits: 1))</td><td class="text found">\(differs.joined(separator: "; "))</td></tr>
                """
        }
        return """
            <div class="scroll"><table><thead><tr><th>Trial</th><th>\(metricName)</th><th>Difference</th><th>Epochs</th>\
            <th>Seconds</th><th class="text">What differs from the base</th></tr></thead><tbody>\(rows)</tbody></table></div>
            """
    }
}
