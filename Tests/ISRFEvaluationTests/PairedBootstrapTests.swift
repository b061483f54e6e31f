import Foundation
import ISRFKit
import Testing

@Suite("Paired bootstrap")
struct PairedBootstrapTests {
    /// Every way to draw as many users as there are, with its mean.
    private func allMeans(_ differences: [Double]) -> [Double] {
        var sums = [0.0]
        for _ in differences { sums = sums.flatMap { sum in differences.map { sum + $0 } } }
        return sums.map { $0 / Double(differences.count) }
    }

    @Test("Means of resamples are spread as those of all possible resamples are")
    func bruteForce() throws {
        let differences = [-0.5, 0, 0.25, 1]
        let all = allMeans(differences)
        let means = try PairedBootstrap(resamples: 20_000, seed: 3).means(of: [differences])[0]
        for value in Set(all) {
            let share = Double(all.count { $0 == value }) / Double(all.count)
            let found = Double(means.count { abs($0 - value) < 1e-12 }) / 20_000
            // Six standard deviations: no seed comes so far.
            #expect(abs(found - share) < 6 * (share * (1 - share) / 20_000).squareRoot(), "\(value)")
        }
        #expect(means.allSatisfy { mean in all.contains { abs($0 - mean) < 1e-12 } })
    }

    @Test("The interval is that of all possible resamples where those leave no doubt")
    func interval() throws {
        // Of four users one gained: means are k / 4 with binomial k, and 0.316, 0.738, 0.949, 0.996 their distribution.
        let differences = [0.0, 0, 0, 1]
        let all = allMeans(differences).sorted()
        let means = try PairedBootstrap(seed: 11).means(of: [differences])[0]
        #expect(means.count == 10_000)
        #expect(PairedBootstrap.interval(of: means) == 0...0.75)
        #expect(PairedBootstrap.interval(of: all) == 0...0.75)
        #expect(PairedBootstrap.interval(of: means, confidence: 0.6) == 0...0.5)
        let numbers = (0..<1000).map { Double($0) }.reversed() as [Double]
        #expect(PairedBootstrap.interval(of: numbers) == 25...974)
        #expect(PairedBootstrap.interval(of: [4]) == 4...4)
    }

    @Test("A resample is what its stream of random numbers says, whatever the threads", arguments: [1, 3])
    func independent(threads: Int) throws {
        var random = SeededRandom(seed: 5)
        let first = (0..<40).map { _ in Double(random.index(below: 3)) - 1 }
        let second = (0..<40).map { _ in Double(random.uniform()) }
        let bootstrap = PairedBootstrap(resamples: 1203, seed: 77, parallelism: Parallelism(threads: threads))
        let means = try bootstrap.means(of: [first, second])
        #expect(means.map(\.count) == [1203, 1203])
        for resample in 0..<1203 {
            var random = SeededRandom(seed: 77, stream: UInt64(resample))
            let drawn = (0..<40).map { _ in random.index(below: 40) }
            // Users carry all of their quantities along.
            for (quantity, differences) in [first, second].enumerated() {
                let expected = drawn.reduce(0) { $0 + differences[$1] } / 40
                #expect(abs(means[quantity][resample] - expected) < 1e-12)
            }
        }
    }

    @Test("A comparison has means, differences, intervals and p-values of every metric")
    func comparison() throws {
        let first = [0, 3, 7, 20, 4, 100, 9, 5]
        let second = [0, 1, 30, 2, 4, 6, 10, 5]
        let comparison = try PairedComparison(firstRanks: first, secondRanks: second)
        #expect(comparison.metrics.map(\.name) == ["hr@5", "ndcg@5", "hr@10", "ndcg@10"])
        #expect(comparison.users == 8 && comparison.resamples == 10_000 && comparison.confidence == 0.95)
        for (metric, k) in zip(comparison.metrics, [5, 5, 10, 10]) {
            let isHit = metric.name.hasPrefix("hr")
            func value(_ rank: Int) -> Double { rank >= k ? 0 : (isHit ? 1 : 1 / log2(Double(rank + 2))) }
            let differences = zip(first, second).map { value($1) - value($0) }
            let means = try PairedBootstrap().means(of: [differences])[0]
            let interval = PairedBootstrap.interval(of: means)
            #expect(abs(metric.first - first.map(value).reduce(0, +) / 8) < 1e-12)
            #expect(abs(metric.second - second.map(value).reduce(0, +) / 8) < 1e-12)
            #expect(abs(metric.difference - (metric.second - metric.first)) < 1e-12)
            #expect(abs(metric.lower - interval.lowerBound) < 1e-12)
            #expect(abs(metric.upper - interval.upperBound) < 1e-12)
            #expect(metric.pValue == (try PairedTTest(differences: differences)).pValue)
        }
        let swapped = try PairedComparison(firstRanks: second, secondRanks: first)
        for (one, other) in zip(comparison.metrics, swapped.metrics) {
            #expect(one.pValue == other.pValue && abs(one.difference + other.difference) < 1e-12)
            #expect(abs(one.lower + other.upper) < 1e-12 && abs(one.upper + other.lower) < 1e-12)
        }
    }

    @Test("Equal ranks are no difference at all")
    func equal() throws {
        let comparison = try PairedComparison(firstRanks: [0, 5, 90], secondRanks: [0, 5, 90])
        for metric in comparison.metrics {
            #expect(metric.difference == 0 && metric.lower == 0 && metric.upper == 0 && metric.pValue == 1)
        }
    }

    @Test("What cannot be compared is refused")
    func refused() {
        #expect(throws: ISRFError.self) { try PairedComparison(firstRanks: [1, 2], secondRanks: [1]) }
        #expect(throws: ISRFError.self) { try PairedComparison(firstRanks: [1], secondRanks: [1]) }
        #expect(throws: ISRFError.self) {
            try PairedComparison(firstRanks: [1, 2], secondRanks: [1, 2], confidence: 1)
        }
        #expect(throws: ISRFError.self) {
            try PairedComparison(firstRanks: [1, 2], secondRanks: [1, 2], bootstrap: PairedBootstrap(resamples: 0))
        }
        #expect(throws: ISRFError.self) { try PairedBootstrap().means(of: []) }
        #expect(throws: ISRFError.self) { try PairedBootstrap().means(of: [[1, 2], [1]]) }
    }
}
