#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Student's t distribution with a whole number of degrees of freedom.
struct StudentTDistribution: Sendable {
    let degreesOfFreedom: Int

    /// The probability of a value at least as far from 0 as `t`, on either side.
    ///
    /// With n degrees of freedom it is `I_x(n / 2, 1 / 2)` at `x = n / (n + t^2)`, I the regularised incomplete beta
    /// function.
    func twoSidedProbability(of t: Double) -> Double {
        guard t.isFinite else { return t.isNaN ? .nan : 0 }
        guard t != 0 else { return 1 }
        let (n, square) = (Double(degreesOfFreedom), t * t)
        // x^(n/2) (1 - x)^(1/2) / B(n/2, 1/2), with what is small kept apart from what is near 1.
        let common = exp(-n / 2 * log1p(square / n)) * (square / (n + square)).squareRoot() * reciprocalBeta
        if square > 3 * n / (n + 2) {
            return common / (n / 2) * fraction(n / (n + square), n / 2, 0.5)
        }
        return 1 - common / 0.5 * fraction(square / (n + square), 0.5, n / 2)
    }

    /// `1 / B(n / 2, 1 / 2)`, from `r(n) = gamma((n + 1) / 2) / gamma(n / 2)` and `r(n) r(n + 1) = n / 2`.
    private var reciprocalBeta: Double {
        var ratio = 1 / Double.pi.squareRoot()
        for n in 1..<max(1, degreesOfFreedom) { ratio = Double(n) / 2 / ratio }
        return ratio / Double.pi.squareRoot()
    }

    /// The continued fraction of the incomplete beta function by Lentz's method; fast for `x < (a + 1) / (a + b + 2)`.
    private func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        func away(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
        var numerator = 1.0
        var denominator = 1 / away(1 - (a + b) * x / (a + 1))
        var value = denominator
        for step in 1...20_000 {
            let m = Double(step)
            for term in [
                m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
            ] {
                denominator = 1 / away(1 + term * denominator)
                numerator = away(1 + term / numerator)
                value *= denominator * numerator
            }
            if abs(denominator * numerator - 1) < 1e-15 { break }
        }
        return value
    }
}
