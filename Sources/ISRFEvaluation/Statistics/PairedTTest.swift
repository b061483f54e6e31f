internal import ISRFCore

/// The paired t-test: whether the mean of differences could be 0 by chance, were they normal.
public struct PairedTTest: Sendable, Hashable {
    /// The mean of the differences.
    public let mean: Double
    /// The mean in units of its standard error; infinite when all differences are the same number other than 0.
    public let statistic: Double
    /// One less than the number of differences.
    public let degreesOfFreedom: Int
    /// The probability of a mean at least as far from 0, on either side, if there is no difference.
    public let pValue: Double

    /// Tests differences, one for each user.
    /// - Throws: `ISRFError` (`invalidData`) when there are fewer than two, or one is not a finite number.
    public init(differences: [Double]) throws {
        guard differences.count >= 2 else {
            throw ISRFError(
                .invalidData, "The paired t-test needs two or more users, and there are \(differences.count).")
        }
        guard differences.allSatisfy(\.isFinite) else {
            throw ISRFError(.invalidData, "The paired t-test needs finite differences.")
        }
        let count = Double(differences.count)
        let mean = differences.reduce(0, +) / count
        let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let error = (squares / (count - 1) / count).squareRoot()
        self.mean = mean
        degreesOfFreedom = differences.count - 1
        if differences.allSatisfy({ $0 == differences[0] }) {
            // Rounding of the mean must not pass for a spread.
            statistic = differences[0] == 0 ? 0 : (differences[0] < 0 ? -.infinity : .infinity)
        } else {
            statistic = mean / error
        }
        pValue = StudentTDistribution(degreesOfFreedom: degreesOfFreedom).twoSidedProbability(of: statistic)
    }
}
