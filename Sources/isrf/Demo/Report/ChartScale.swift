internal import ISRFKit

/// Maps values to places along an axis, with round numbers for its marks.
struct ChartScale: Sendable {
    let low: Double
    let high: Double
    /// The values that are marked.
    let ticks: [Double]
    /// Decimals that tell the marks apart.
    let digits: Int

    /// A scale that covers the values, widened to round numbers; `tickCount` marks or a few more.
    init(covering values: [Double], tickCount: Int, wholeNumbers: Bool = false) {
        let finite = values.filter(\.isFinite)
        let least = finite.min() ?? 0
        let greatest = finite.max() ?? 1
        let span = greatest > least ? greatest - least : max(abs(greatest), 1)
        var step = wholeNumbers ? 1.0 : 1e-6
        let factors = [2.0, 2.5, 2.0]
        var next = 0
        while span / step > Double(tickCount) {
            // 1, 2, 5, 10, 20, 50 ...
            step *= factors[next % factors.count]
            next += 1
        }
        low = wholeNumbers ? least : (least / step).rounded(.down) * step
        let top = (greatest / step).rounded(.up) * step
        high = wholeNumbers ? max(greatest, least + 1) : (top > low ? top : low + step)
        let first = (low / step).rounded(.up)
        let last = (high / step + 1e-9).rounded(.down)
        ticks = stride(from: first, through: last, by: 1).map { $0 * step }
        var digits = 0
        var scaled = step
        while digits < 6, abs(scaled - scaled.rounded()) > 1e-6 {
            scaled *= 10
            digits += 1
        }
        self.digits = digits
    }

    /// The place of a value between two ends.
    func place(_ value: Double, from start: Double, to end: Double) -> Double {
        start + (value - low) / (high - low) * (end - start)
    }

    /// A mark as it is written.
    func label(_ tick: Double) -> String { decimal(tick == 0 ? 0 : tick, digits: digits) }
}
