internal import ISRFKit

/// Curves over a common axis of whole numbers.
struct LineChart: Sendable {
    /// One curve.
    struct Series: Sendable {
        var name: String
        var points: [(x: Double, y: Double)]
        /// The number of the curve's colour in the page's style.
        var colour: Int
    }

    var title: String
    var xLabel: String
    var yLabel: String
    var series: [Series]
    /// Places on the horizontal axis that are marked by a dashed line.
    var marks: [Double] = []
    /// A point that is marked by a ring.
    var ring: (x: Double, y: Double)?

    private static let width = 420.0
    private static let height = 270.0
    private static let (left, right, top, bottom) = (56.0, 408.0, 12.0, 222.0)

    /// The chart with its legend above.
    var markup: Markup {
        let horizontal = ChartScale(covering: series.flatMap { $0.points.map(\.x) }, tickCount: 8, wholeNumbers: true)
        let vertical = ChartScale(covering: series.flatMap { $0.points.map(\.y) }, tickCount: 6)
        func x(_ value: Double) -> Double { horizontal.place(value, from: LineChart.left, to: LineChart.right) }
        func y(_ value: Double) -> Double { vertical.place(value, from: LineChart.bottom, to: LineChart.top) }
        let rows = vertical.ticks.map { tick -> Markup in
            """
            <line class="grid" x1="\(LineChart.left)" x2="\(LineChart.right)" y1="\(y(tick))" y2="\(y(tick))"/>\
            <text class="end" x="\(LineChart.left - 7)" y="\(y(tick) + 4)">\(vertical.label(tick))</text>
            """
        }
        let columns = horizontal.ticks.map { tick -> Markup in
            """
            <line class="axis" x1="\(x(tick))" x2="\(x(tick))" y1="\(LineChart.bottom)" y2="\(LineChart.bottom + 4)"/>\
            <text class="middle" x="\(x(tick))" y="\(LineChart.bottom + 18)">\(horizontal.label(tick))</text>
            """
        }
        let lines = marks.map { mark -> Markup in
            """
            <line class="mark" x1="\(x(mark))" x2="\(x(mark))" y1="\(LineChart.top)" y2="\(LineChart.bottom)"/>
            """
        }
        let curves = series.map { series -> Markup in
            let points = series.points.map { "\(decimal(x($0.x), digits: 1)),\(decimal(y($0.y), digits: 1))" }
                .joined(separator: " ")
            return "<polyline class=\"curve s\(series.colour)\" points=\"\(points)\"/>"
        }
        let circle = ring.map { ring -> Markup in
            "<circle class=\"ring\" cx=\"\(x(ring.x))\" cy=\"\(y(ring.y))\" r=\"6\"/>"
        }
        let middle = (LineChart.top + LineChart.bottom) / 2
        return """
            <figure><figcaption>\(title)</figcaption>\
            \(Legend(entries: series.map { ($0.name, $0.colour) }).markup)\
            <svg viewBox="0 0 \(Int(LineChart.width)) \(Int(LineChart.height))" role="img" aria-label="\(title)">\
            \(rows)\(lines)\
            <line class="axis" x1="\(LineChart.left)" x2="\(LineChart.right)" y1="\(LineChart.bottom)" \
            y2="\(LineChart.bottom)"/>\(columns)\(curves)\(circle ?? "")\
            <text class="middle label" x="\((LineChart.left + LineChart.right) / 2)" y="262">\(xLabel)</text>\
            <text class="middle label" transform="translate(13 \(middle)) rotate(-90)">\(yLabel)</text></svg></figure>
            """
    }
}
