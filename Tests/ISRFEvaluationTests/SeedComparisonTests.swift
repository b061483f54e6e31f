import Foundation
import ISRFKit
import Testing

@testable import ISRFEvaluation

@Suite("Comparison over seeds")
struct SeedComparisonTests {
    /// A report of one seed in which the users of `Tiny` have these ranks on both parts.
    private func report(_ ranks: [Int], seed: UInt64 = 1) throws -> EvaluationReport {
        let split = try Tiny.split()
        var report = EvaluationReport(split: split, seed: seed, threads: 1)
        for part in [LeaveOneOutSplit.Part.test, .validation] {
            let cases = split.cases(part)
            let result = EvaluationResult(
                system: "isrf", part: part, userIndices: cases.map(\.user), ranks: ranks, coverage10: 0, gini10: 0,
                historyLengths: [], popularity: [], seconds: 0, peakMemoryBytes: 0)
            report.add(result, fittingSeconds: 0)
            report.systems[report.systems.count - 1].ranks = result.ranks(byUserOf: split.log)
        }
        return report
    }

    private func expectRefusal(
        _ words: String, _ systems: [SeedComparison.System], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        do {
            _ = try SeedComparison(systems)
            Issue.record("nothing was thrown", sourceLocation: sourceLocation)
        } catch let error as ISRFError {
            #expect(error.code == .invalidData && error.message.contains(words), sourceLocation: sourceLocation)
        } catch {
            Issue.record("thrown was \(error)", sourceLocation: sourceLocation)
        }
    }

    @Test("A user's gain is averaged over the seeds before users are compared")
    func averages() throws {
        let full = SeedComparison.System(
            name: "full", reports: [try report([0, 0, 20], seed: 4), try report([0, 6, 20], seed: 5)])
        let other = SeedComparison.System(
            name: "other", reports: [try report([0, 20, 20], seed: 4), try report([20, 20, 20], seed: 5)])
        let comparison = try SeedComparison([full, other])
        #expect(comparison.rows.map(\.name) == ["full", "other", "full", "other"])
        #expect(comparison.rows.map(\.split) == ["test", "test", "validation", "validation"])
        let (first, second) = (comparison.rows[0], comparison.rows[1])
        #expect(first.seeds == [4, 5] && first.comparison == nil)
        // Hits at 10 are 1, 1, 0 and 1, 1, 0; at 5 they are 1, 1, 0 and 1, 0, 0.
        #expect(abs(try #require(first.metrics["hr@10"]) - 2.0 / 3) < 1e-12)
        #expect(abs(try #require(first.metrics["hr@5"]) - 0.5) < 1e-12)
        let gain = (2 + 1 + 1 / log2(8.0)) / 6
        #expect(abs(try #require(first.metrics["ndcg@10"]) - gain) < 1e-12)
        #expect(first.metricsBySeed.count == 2)
        #expect(abs(try #require(first.metricsBySeed[1]["hr@5"]) - 1.0 / 3) < 1e-12)
        let compared = try #require(second.comparison)
        #expect(compared.users == 3)
        #expect(compared.metrics.map(\.name) == SeedComparison.metricNames)
        let ndcg = try #require(compared.metrics.last)
        #expect(abs(ndcg.difference - (1.0 / 6 - gain)) < 1e-12)
        #expect(ndcg.lower <= ndcg.difference && ndcg.difference <= ndcg.upper && ndcg.upper <= 0)
    }

    @Test("One seed gives what the comparison of two reports gives")
    func oneSeed() throws {
        let (first, second) = (try report([0, 5, 9]), try report([1, 4, 30]))
        let comparison = try SeedComparison(
            [.init(name: "a", reports: [first]), .init(name: "b", reports: [second])])
        #expect(comparison.rows[1].comparison == (try ReportComparison(first, second)).rows[0].comparison)
    }

    @Test("Reports that cannot be compared are refused, and why is said")
    func refuses() throws {
        let whole = try report([0, 1, 2])
        func system(_ name: String, _ change: (inout EvaluationReport) -> Void) -> SeedComparison.System {
            var report = whole
            change(&report)
            return .init(name: name, reports: [report])
        }
        let full = system("full") { _ in }
        expectRefusal("each system needs one or more reports", [])
        expectRefusal("each system needs one or more reports", [full, .init(name: "none", reports: [])])
        expectRefusal("one of short is not on validation", [full, system("short") { $0.systems.removeLast() }])
        expectRefusal("one of few has others on test", [full, system("few") { $0.systems[0].ranks?["a"] = nil }])
        expectRefusal("no ranks", [full, system("bare") { $0.systems[0].ranks = nil }])
        expectRefusal("different data", [full, system("other") { $0.dataset.users += 1 }])
    }
}
