internal import Foundation
internal import ISRFKit

/// Dots over an axis of numbers or of choices.
struct ScatterChart: Sendable {
    /// The horizontal axis.
    enum Axis: Sendable, Equatable {
        case linear
        /// Values of 0 and below stand at its beginning.
        case logarithmic
        /// A place for each name, from 0.
        case choices([String])
    }

    /// What a dot is.
    enum Role: Sendable {
        case plain
        case base
        case best

        /// The number of its colour in the page's style.
        var colour: Int {
            switch self {
            case .plain: 0
            case .base: 1
            case .best: 2
            }
        }
    }

    /// One dot.
    struct Point: Sendable {
        var x: Double
        var y: Double
        var role: Role
        /// What is shown while the pointer rests on it.
        var name: String
    }

    var title: String
    /// A line under the title.
    var note: String
    var yLabel: String
    var axis: Axis
    var points: [Point]

    private static let (left, right, top, bottom) = (66.0, 408.0, 12.0, 222.0)

    /// The chart with its title above.
    var markup: Markup {
        let vertical = ChartScale(covering: points.map(\.y), tickCount: 6)
        func y(_ value: Double) -> Double { vertical.place(value, from: ScatterChart.bottom, to: ScatterChart.top) }
        let rows = vertical.ticks.map { tick -> Markup in
            """
            <line class="grid" x1="\(ScatterChart.left)" x2="\(ScatterChart.right)" y1="\(y(tick))" y2="\(y(tick))"/>\
            <text class="end" x="\(ScatterChart.left - 7)" y="\(y(tick) + 4)">\(vertical.label(tick))</text>
            """
        }
        let horizontal = HorizontalAxis(axis, points.map(\.x))
        let columns = horizontal.ticks.map { tick -> Markup in
            let x = horizontal.place(tick.value)
            return """
                <line class="axis" x1="\(x)" x2="\(x)" y1="\(ScatterChart.bottom)" y2="\(ScatterChart.bottom + 4)"/>\
                <text class="middle" x="\(x)" y="\(ScatterChart.bottom + 18)">\(tick.label)</text>
                """
        }
        // The best and the base are drawn last, above the others.
        let dots = points.sorted { $0.role.colour < $1.role.colour }.map { point -> Markup in
            let (x, y) = (horizontal.place(point.x), y(point.y))
            let ring: Markup = point.role == .best ? "<circle class=\"ring\" cx=\"\(x)\" cy=\"\(y)\" r=\"8\"/>" : ""
            return """
                <circle class="f\(point.role.colour)" fill-opacity=".75" cx="\(x)" cy="\(y)" r="4.5">\
                <title>\(point.name)</title></circle>\(ring)
                """
        }
        let middle = (ScatterChart.top + ScatterChart.bottom) / 2
        return """
            <figure><figcaption>\(title)</figcaption><p class="small">\(note)</p>\
            <svg viewBox="0 0 420 250" role="img" aria-label="\(title)">\(rows)\
            <line class="axis" x1="\(ScatterChart.left)" x2="\(ScatterChart.right)" y1="\(ScatterChart.bottom)" \
            y2="\(ScatterChart.bottom)"/>\(columns)\(dots)\
            <text class="middle label" transform="translate(11 \(middle)) rotate(-90)">\(yLabel)</text></svg></figure>
            """
    }

    /// Where values stand, and which are marked.
    private struct HorizontalAxis {
        var ticks: [(value: Double, label: String)]
        private let transform: (Double) -> Double

        init(_ axis: Axis, _ values: [Double]) {
            // Dots do not lie on the frame.
            let (start, end) = (ScatterChart.left + 12, ScatterChart.right - 12)
            switch axis {
            case .linear:
                let scale = ChartScale(covering: values, tickCount: 6)
                ticks = scale.ticks.map { ($0, scale.label($0)) }
                transform = { scale.place($0, from: start, to: end) }
            case .logarithmic:
                let positive = values.filter { $0 > 0 }
                let (least, greatest) = (positive.min() ?? 1, positive.max() ?? 10)
                let (low, high) = (log10(least), log10(greatest))
                let span = max(high - low, 1e-9)
                ticks = HorizontalAxis.logarithmicTicks(least, greatest)
                transform = { value in
                    value > 0 ? start + (log10(value) - low) / span * (end - start) : start
                }
            case .choices(let names):
                let step = (end - start) / Double(max(1, names.count))
                ticks = names.enumerated().map { (Double($0.offset), $0.element) }
                transform = { start + ($0 + 0.5) * step }
            }
        }

        func place(_ value: Double) -> Double { transform(value) }

        /// 1, 2, 5, 10 and so on; powers of ten alone when these are many, the ends when they are few.
        private static func logarithmicTicks(_ least: Double, _ greatest: Double) -> [(value: Double, label: String)] {
            let powers = Int(log10(least).rounded(.down))...Int(log10(greatest).rounded(.up))
            for factors in [[1, 2, 5], [1]] {
                let values = powers.flatMap { power in factors.compactMap { Double("\($0)e\(power)") } }
                    .filter { $0 >= least * 0.999 && $0 <= greatest * 1.001 }
                if (2...7).contains(values.count) { return values.map { ($0, TuningValue.number($0).description) } }
            }
            return [least, greatest].map { ($0, TuningValue.number($0).description) }
        }
    }
}
