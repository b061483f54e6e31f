import ISRFKit
import Testing

@Suite("Comparison of reports")
struct ReportComparisonTests {
    /// A report of one system with ranks for both parts.
    private func report(_ scores: [[Float]], name: String = "isrf") async throws -> EvaluationReport {
        let split = try Tiny.split()
        var report = EvaluationReport(split: split, seed: 1, threads: 1)
        for part in [LeaveOneOutSplit.Part.test, .validation] {
            let result = try await Evaluator().evaluate(FixedScores(rows: scores), on: split, part: part)
            report.add(result, fittingSeconds: 0)
            report.systems[report.systems.count - 1].name = name
            report.systems[report.systems.count - 1].ranks = result.ranks(byUserOf: split.log)
        }
        return report
    }

    private func expectRefusal(
        _ words: String, _ first: EvaluationReport, _ second: EvaluationReport,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        do {
            _ = try ReportComparison(first, second)
            Issue.record("nothing was thrown", sourceLocation: sourceLocation)
        } catch let error as ISRFError {
            #expect(error.code == .invalidData, sourceLocation: sourceLocation)
            #expect(error.message.contains(words), "\(error)", sourceLocation: sourceLocation)
        } catch {
            Issue.record("thrown was \(error)", sourceLocation: sourceLocation)
        }
    }

    @Test("Systems are compared by name and part, user by user")
    func compares() async throws {
        let first = try await report(Tiny.scores)
        // Everybody's test item comes first, whoever it is.
        var second = try await report([[0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 1, 0], [], [1, 0, 0, 0, 0, 0]])
        let before = try ReportComparison(first, second)
        #expect(before.rows.map(\.name) == ["isrf", "isrf"])
        #expect(before.rows.map(\.split) == ["test", "validation"])
        let test = try #require(before.rows.first).comparison
        #expect(test.users == 3)
        #expect(test.metrics[1].second == 1 && test.metrics[1].first < 1)
        #expect(
            test
                == (try PairedComparison(
                    firstRanks: ["a", "b", "d"].map { first.systems[0].ranks?[$0] ?? -1 }, secondRanks: [0, 0, 0])))
        // Rows may stand in any order, and systems of one report alone are named.
        var other = second.systems[0]
        other.name = "popularity"
        second.systems = [other] + second.systems.reversed()
        let after = try ReportComparison(first, second)
        #expect(after.rows == before.rows)
        #expect(after.onlyInFirst.isEmpty && after.onlyInSecond == ["popularity"])
    }

    @Test("Reports without ranks, with other users, parts, data or protocols are refused, and why is said")
    func refuses() async throws {
        let whole = try await report(Tiny.scores)
        var other = whole
        other.systems[0].ranks = nil
        expectRefusal("second report has no ranks for isrf on test", whole, other)
        expectRefusal("first report has no ranks", other, whole)
        other = whole
        other.systems[1].ranks?["b"] = nil
        expectRefusal("the second has no user \"b\" for isrf on validation", whole, other)
        expectRefusal("the first has no user \"b\"", other, whole)
        other.systems[1].ranks?["z"] = 4
        expectRefusal("differ in users", whole, other)
        other = whole
        other.systems[0].ranks?["a"] = -1
        expectRefusal("the rank -1 for user \"a\"", whole, other)
        other = whole
        other.systems.removeLast()
        expectRefusal("differ in split: the second has isrf, but not on validation", whole, other)
        expectRefusal("differ in split: the first has isrf, but not on validation", other, whole)
        other = whole
        other.dataset.interactions += 1
        expectRefusal("different data", whole, other)
        other = whole
        other.protocol.split = "at random"
        expectRefusal("different protocols (split)", whole, other)
        expectRefusal("no system in common", whole, try await report(Tiny.scores, name: "another"))
    }
}
