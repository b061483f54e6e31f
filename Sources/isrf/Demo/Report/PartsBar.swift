internal import ISRFKit

/// How much of one score each view gave: one bar in pieces, and the numbers.
struct PartsBar: Sendable {
    var parts: [Explanation.Part]

    /// The number of a view's colour in the page's style.
    static func colour(_ view: ScoreView) -> Int { ScoreView.allCases.firstIndex(of: view) ?? 0 }

    /// A view's name as a person reads it.
    static func name(_ view: ScoreView) -> String {
        switch view {
        case .sequence: "order of purchases"
        case .individual: "individual interests"
        case .group: "group interests"
        case .transitions: "bought next"
        case .companions: "bought together"
        case .content: "similar texts"
        case .attributes: "same attributes"
        case .similarUsers: "similar users"
        case .popularity: "popularity"
        }
    }

    var markup: Markup {
        let positive = parts.filter { $0.score > 0 }
        let total = positive.reduce(0) { $0 + Double($1.score) }
        var start = 0.0
        let pieces = positive.map { part -> Markup in
            let width = total > 0 ? Double(part.score) / total * 420 : 0
            defer { start += width }
            return
                "<rect class=\"f\(PartsBar.colour(part.view))\" x=\"\(start)\" y=\"0\" width=\"\(width)\" height=\"12\"/>"
        }
        let numbers = parts.filter { abs($0.score) >= 0.005 }
            .map { "\(PartsBar.name($0.view)) \(decimal(Double($0.score), digits: 2))" }.joined(separator: ", ")
        return """
            <svg class="parts" viewBox="0 0 420 12" preserveAspectRatio="none" role="img" \
            aria-label="Parts of the score: \(numbers)">\(pieces)</svg><p class="small">\(numbers)</p>
            """
    }
}
