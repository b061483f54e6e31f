internal import ISRFKit

/// Horizontal bars with names and numbers.
struct BarChart: Sendable {
    /// One bar.
    struct Bar: Sendable {
        var name: String
        var value: Double
        /// The number of the bar's colour in the page's style.
        var colour: Int
    }

    var title: String
    var bars: [Bar]
    var digits: Int
    /// What the numbers are, under the axis.
    var label: String

    private static let (left, right, rowHeight) = (148.0, 360.0, 27.0)

    var markup: Markup {
        let scale = ChartScale(covering: [0] + bars.map(\.value), tickCount: 4)
        func x(_ value: Double) -> Double { scale.place(value, from: BarChart.left, to: BarChart.right) }
        let bottom = 8 + Double(bars.count) * BarChart.rowHeight
        let ticks = scale.ticks.map { tick -> Markup in
            """
            <line class="grid" x1="\(x(tick))" x2="\(x(tick))" y1="4" y2="\(bottom)"/>\
            <text class="middle" x="\(x(tick))" y="\(bottom + 16)">\(scale.label(tick))</text>
            """
        }
        let rows = bars.enumerated().map { place, bar -> Markup in
            let top = 8 + Double(place) * BarChart.rowHeight
            let start = min(x(0), x(bar.value))
            return """
                <text class="end" x="\(BarChart.left - 8)" y="\(top + 14)">\(bar.name)</text>\
                <rect class="f\(bar.colour)" x="\(start)" y="\(top + 1)" width="\(abs(x(bar.value) - x(0)))" \
                height="18" rx="2"/>\
                <text class="number" x="\(max(x(0), x(bar.value)) + 6)" y="\(top + 14)">\(decimal(bar.value, digits: digits))</text>
                """
        }
        return """
            <figure><figcaption>\(title)</figcaption>\
            <svg viewBox="0 0 420 \(Int(bottom) + 42)" role="img" aria-label="\(title)">\(ticks)\(rows)\
            <line class="axis" x1="\(x(0))" x2="\(x(0))" y1="4" y2="\(bottom)"/>\
            <text class="middle label" x="\((BarChart.left + BarChart.right) / 2)" y="\(bottom + 34)">\(label)</text>\
            </svg></figure>
            """
    }
}
