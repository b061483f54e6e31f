internal import ISRFKit

extension DemoReport {
    /// The weights of the views, and what they come to.
    var views: Markup {
        let views = ScoreView.allCases.filter { run.recommender.weights.terms[$0] != nil }
        let weights = views.map { view in
            BarChart.Bar(
                name: PartsBar.name(view), value: Double(run.recommender.weights.terms[view]?.weight ?? 0),
                colour: PartsBar.colour(view))
        }
        let explanations = run.examples.flatMap { $0.recommendations.map(\.explanation) }
        let shares = views.map { view in
            let total = explanations.reduce(0.0) { sum, explanation in
                sum + explanation.parts.reduce(0) { $1.view == view ? $0 + Double($1.score) : $0 }
            }
            return BarChart.Bar(
                name: PartsBar.name(view), value: total / Double(max(1, explanations.count)),
                colour: PartsBar.colour(view))
        }
        return """
            <p>The weights are learned on the validation part. The first three views belong to the generative model, the \
            others are what graphs and texts say directly. Views have scales of their own, so what a weight comes to shows \
            in the scores.</p><div class="columns">\
            \(BarChart(title: "Weights of the views", bars: weights, digits: 2, label: "learned weight").markup)\
            \(BarChart(title: "What the views give to the recommendations above", bars: shares, digits: 2, label: "mean part of the score").markup)\
            </div>
            """
    }

    /// The curves of training.
    var training: Markup {
        let summary = run.recommender.training
        let epochs = summary.epochs
        let names = Set(epochs.flatMap(\.losses.keys)).sorted()
        let losses = LineChart(
            title: "Loss by task", xLabel: "epoch", yLabel: "mean loss (nats)",
            series: names.enumerated().map { place, name in
                LineChart.Series(
                    name: name,
                    points: epochs.compactMap { epoch in
                        epoch.losses[name].map { (Double(epoch.epoch), $0) }
                    }, colour: place)
            }, marks: rounds)
        let validated = epochs.compactMap { epoch in
            epoch.validationNDCG10.map { (x: Double(epoch.epoch), y: $0) }
        }
        let validation = LineChart(
            title: "Validation NDCG@10 of the generative model alone", xLabel: "epoch", yLabel: "NDCG@10",
            series: [LineChart.Series(name: "validation", points: validated, colour: 0)], marks: rounds,
            ring: validated.first { Int($0.x) == summary.bestEpoch })
        let whole = summary.validationNDCG10.map { " With all views it reaches \(decimal($0, digits: 4))." } ?? ""
        return """
            <p>Batches of the tasks take turns. At each dashed line the user graph was made anew from what had been \
            learned. The ring marks epoch \(summary.bestEpoch), whose weights were kept.\(whole)</p>
            <div class="columns">\(losses.markup)\(validation.markup)</div>
            """
    }

    /// Where a new round began: between the epochs.
    private var rounds: [Double] {
        let training = run.recommender.configuration.training
        let last = run.recommender.training.epochs.count
        return (1..<max(1, training.rounds)).map { round in
            Double((round * training.epochs + training.rounds - 1) / training.rounds) + 0.5
        }.filter { $0 < Double(last) }
    }
}
