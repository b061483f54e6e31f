internal import ISRFKit

extension DemoReport {
    /// What some users get, with reasons.
    var recommendations: Markup {
        let cards = run.examples.map { example -> Markup in
            let entries = example.recommendations.map { entry -> Markup in
                let bought: Markup =
                    entry.recommendation.item == example.next.id ? " <span class=\"bought\">bought next</span>" : ""
                return
                    "<li>\(entry.explanation.sentence)\(bought)\(PartsBar(parts: entry.explanation.parts).markup)</li>"
            }
            return """
                <div class="card"><h3>\(example.user), one of the \(run.shop.plantedNames[example.plantedGroup])</h3>\
                <p class="small">Bought last: \(example.recent.map(title).joined(separator: "; ")).</p>\
                <p class="small">Reasoned: \(example.preference)</p><ol>\(entries)</ol>\
                <p class="small">Bought next, unknown to the recommender: \(title(example.next)).</p></div>
                """
        }
        let legend = Legend(entries: ScoreView.allCases.map { (PartsBar.name($0), PartsBar.colour($0)) })
        return """
            <p>The bar under each recommendation shows which views its score comes from; the numbers add up to it.</p>
            \(legend.markup)<div class="columns">\(cards)</div>
            """
    }

    private func title(_ item: Item) -> String { item.title ?? item.id }
}
