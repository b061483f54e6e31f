import Foundation
import ISRFKit
import Testing

@testable import ISRFEvaluation

@Suite("Paired t-test")
struct StudentTTests {
    private func probability(_ t: Double, _ degreesOfFreedom: Int) -> Double {
        StudentTDistribution(degreesOfFreedom: degreesOfFreedom).twoSidedProbability(of: t)
    }

    @Test(
        "Critical values of printed tables have the probability that they are printed for",
        arguments: [
            (1, 12.706, 0.05), (1, 63.657, 0.01), (2, 4.303, 0.05), (5, 2.571, 0.05), (5, 4.032, 0.01),
            (10, 2.228, 0.05), (10, 3.169, 0.01), (20, 1.725, 0.1), (30, 2.042, 0.05), (120, 1.980, 0.05),
        ])
    func tables(degreesOfFreedom: Int, t: Double, expected: Double) {
        #expect(abs(probability(t, degreesOfFreedom) - expected) < 1e-4)
    }

    @Test("Small degrees of freedom have closed forms, far out in the tails as well")
    func closedForms() {
        for t in [1e-9, 0.01, 0.5, 1, 1.3, 2, 5, 40, 1e4, 1e8] {
            let one = 2 / Double.pi * atan(1 / t)
            #expect(abs(probability(t, 1) / one - 1) < 1e-12, "\(t)")
            let root = (2 + t * t).squareRoot()
            let two = 2 / (root * (root + t))
            #expect(abs(probability(t, 2) / two - 1) < 1e-12, "\(t)")
            #expect(probability(-t, 7) == probability(t, 7))
        }
        #expect(probability(0, 5) == 1)
        #expect(probability(.infinity, 5) == 0)
    }

    @Test("Any degrees of freedom agree with the finite series", arguments: [3, 4, 7, 12, 31, 60, 999, 22_362])
    func series(degreesOfFreedom: Int) {
        for t in [0.001, 0.1, 0.7, 1, 1.7, 1.96, 2.5, 4] {
            let expected = 1 - StudentTTests.inner(t, degreesOfFreedom)
            #expect(abs(probability(t, degreesOfFreedom) - expected) < 1e-10, "\(t)")
        }
    }

    /// The probability of a value within t of 0 by the series for whole degrees of freedom (Abramowitz and Stegun,
    /// 26.7.3 and 26.7.4).
    private static func inner(_ t: Double, _ n: Int) -> Double {
        let angle = atan(t / Double(n).squareRoot())
        let square = cos(angle) * cos(angle)
        if n.isMultiple(of: 2) {
            var (term, sum) = (1.0, 1.0)
            for k in stride(from: 2, to: n - 1, by: 2) {
                term *= square * Double(k - 1) / Double(k)
                sum += term
            }
            return sin(angle) * sum
        }
        var (term, sum) = (cos(angle), n > 1 ? cos(angle) : 0)
        for k in stride(from: 3, to: n - 1, by: 2) {
            term *= square * Double(k - 1) / Double(k)
            sum += term
        }
        return 2 / Double.pi * (angle + sin(angle) * sum)
    }

    @Test("Student's own data: the hours of sleep that one drug adds to another")
    func sleep() throws {
        let test = try PairedTTest(differences: [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4])
        #expect(abs(test.mean - 1.58) < 1e-12)
        #expect(abs(test.statistic - 4.0621) < 5e-5)
        #expect(test.degreesOfFreedom == 9)
        #expect(abs(test.pValue - 0.002833) < 5e-7)
    }

    @Test("Differences that are all the same are certain or nothing, rounding or not")
    func constant() throws {
        #expect(try PairedTTest(differences: [0, 0, 0]).pValue == 1)
        #expect(try PairedTTest(differences: Array(repeating: 0.1, count: 7)).pValue == 0)
        #expect(try PairedTTest(differences: Array(repeating: -0.1, count: 7)).statistic == -.infinity)
    }

    @Test("Too few differences and differences that are no numbers are refused", arguments: [[], [1], [1, .nan]])
    func refused(differences: [Double]) {
        #expect(throws: ISRFError.self) { try PairedTTest(differences: differences) }
    }
}
