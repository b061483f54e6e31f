import ISRFCore
import Testing

@Suite("Seeded random numbers")
struct SeededRandomTests {
    @Test(
        "The sequence of a seed and stream never changes",
        arguments: [
            // From a separate implementation of SplitMix64 that gives its published outputs.
            (UInt64(0), UInt64(0), [0x2E0E_348A_BB1A_89E2, 0xE0C9_99E8_7EBC_95AA, 0xDEBD_0259_6923_19B9]),
            (42, 0, [0x2279_FA31_4D21_3BEE, 0x599B_D3E0_5378_CD05, 0x0CE5_47A8_51C0_981F]),
            (42, 1, [0xE9C1_58AE_3E32_371A, 0x78B8_8288_8334_83EC, 0xD55C_0E8D_970C_5B13]),
            (.max, 7, [0x404C_5307_4EB2_DC37, 0x1793_5E5B_1F87_8891, 0x5A35_5811_BE69_F7BE]),
        ] as [(UInt64, UInt64, [UInt64])])
    func goldenValues(seed: UInt64, stream: UInt64, expected: [UInt64]) {
        var random = SeededRandom(seed: seed, stream: stream)
        #expect((0..<3).map { _ in random.next() } == expected)
    }

    @Test("Uniform numbers are the leading 24 bits")
    func uniformGolden() {
        var random = SeededRandom(seed: 42)
        #expect((0..<3).map { _ in random.uniform() * 0x1p24 } == [2_259_450, 5_872_595, 845_127])
    }

    @Test("Uniform numbers fill [0, 1) evenly")
    func uniform() {
        var random = SeededRandom(seed: 1)
        var counts = [Int](repeating: 0, count: 16)
        for _ in 0..<160_000 {
            let number = random.uniform()
            guard number >= 0, number < 1 else {
                Issue.record("\(number) is not in [0, 1)")
                continue
            }
            counts[Int(number * 16)] += 1
        }
        // Chi-square with 15 degrees of freedom exceeds 37.7 once in a thousand seeds; this one is fixed.
        let statistic = counts.reduce(0.0) { $0 + (Double($1) - 10_000) * (Double($1) - 10_000) / 10_000 }
        #expect(statistic < 37.7)
    }

    @Test("Normal numbers have mean 0, variance 1, no skew, and the kurtosis of a normal distribution")
    func normal() {
        var random = SeededRandom(seed: 2)
        var moments = [0.0, 0, 0, 0]
        let count = 200_000
        for _ in 0..<count {
            var power = 1.0
            let number = Double(random.normal())
            for order in 0..<4 {
                power *= number
                moments[order] += power / Double(count)
            }
        }
        #expect(abs(moments[0]) < 0.01)
        #expect(abs(moments[1] - 1) < 0.02)
        #expect(abs(moments[2]) < 0.03)
        #expect(abs(moments[3] - 3) < 0.1)
    }

    @Test("Indices are even also for bounds that do not divide 2^64", arguments: [1, 2, 3, 7, 100])
    func indices(bound: Int) {
        var random = SeededRandom(seed: 3)
        let draws = 2000 * bound
        var counts = [Int](repeating: 0, count: bound)
        for _ in 0..<draws { counts[random.index(below: bound)] += 1 }
        #expect(counts.allSatisfy { abs($0 - 2000) < 220 })
        // The greatest bound rejects nearly half of the draws' range or none; both must end within bounds.
        #expect((0..<100).allSatisfy { _ in random.index(below: .max) >= 0 })
        #expect((0..<100).allSatisfy { _ in random.index(below: .max / 3 * 2) < .max / 3 * 2 })
    }

    @Test("Streams and seeds are independent of each other")
    func independence() {
        let generators = [(5, 0), (5, 1), (5, 2), (6, 0), (6, 1)] as [(UInt64, UInt64)]
        let samples = generators.map { seed, stream in
            var random = SeededRandom(seed: seed, stream: stream)
            return (0..<20_000).map { _ in Double(random.uniform()) - 0.5 }
        }
        for first in samples.indices {
            for second in samples.indices where second > first {
                let covariance = zip(samples[first], samples[second]).reduce(0) { $0 + $1.0 * $1.1 } / 20_000
                // The correlation of 20,000 independent pairs has a standard deviation of 0.007.
                #expect(abs(covariance * 12) < 0.03)
            }
        }
    }

    @Test("A copy continues the same sequence, the spare normal number included")
    func copies() {
        var random = SeededRandom(seed: 7)
        _ = random.normal()
        var copy = random
        #expect((0..<5).map { _ in random.normal() } == (0..<5).map { _ in copy.normal() })
    }
}
