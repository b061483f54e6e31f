import Foundation
import ISRFKit
import Testing

@Suite("Breakdowns")
struct BreakdownTests {
    @Test("Users are divided by the length of their training history")
    func historyLengths() async throws {
        // Training histories of 1, 3, 4, 5, 6, 10, 11 and 30 items; the last user is never evaluated.
        let lengths = [3, 5, 6, 7, 8, 12, 13, 32, 2]
        let log = try InteractionLog(
            users: IdentifierMap(lengths.indices.map { "u\($0)" }),
            histories: lengths.map { length in (0..<length).map { $0 % 40 } }, itemCount: 40)
        // Every second user's items are scored upside down.
        let rows = lengths.indices.map { user in (0..<40).map { Float(user.isMultiple(of: 2) ? -$0 : $0) } }
        for part in LeaveOneOutSplit.Part.allCases {
            let split = LeaveOneOutSplit(log)
            let result = try await Evaluator().evaluate(FixedScores(rows: rows), on: split, part: part)
            #expect(result.userIndices == Array(0..<8))
            #expect(result.historyLengths.map(\.name) == ["1-3", "4-5", "6-10", "> 10"])
            #expect(result.historyLengths.map(\.cases) == [2, 2, 2, 2])
            for (bucket, users) in zip(result.historyLengths, [[0, 1], [2, 3], [4, 5], [6, 7]]) {
                let ranks = users.map { result.ranks[$0] }
                #expect(bucket.hitRate10 == Double(ranks.count { $0 < 10 }) / 2)
                let ndcg = ranks.map { $0 < 10 ? 1 / log2(Double($0 + 2)) : 0 }.reduce(0, +) / 2
                #expect(abs(bucket.ndcg10 - ndcg) < 1e-12)
            }
            #expect(Set(result.historyLengths.map(\.hitRate10)).count > 1)
            let ranks = result.ranks(byUserOf: log)
            #expect(ranks.count == 8 && ranks["u3"] == result.ranks[3] && ranks["u8"] == nil)
        }
    }

    @Test("The Gini coefficient is half the relative mean difference")
    func gini() {
        var random = SeededRandom(seed: 2)
        for size in [1, 2, 5, 30] {
            let counts = (0..<size).map { _ in random.index(below: 9) } + [1]
            var differences = 0
            for one in counts { for other in counts { differences += abs(one - other) } }
            let expected = Double(differences) / (2 * Double(counts.count * counts.reduce(0, +)))
            #expect(abs(RankingMetrics.giniCoefficient(of: counts) - expected) < 1e-12)
        }
        #expect(RankingMetrics.giniCoefficient(of: [4, 4, 4]) == 0)
        #expect(abs(RankingMetrics.giniCoefficient(of: [0, 0, 0, 8]) - 0.75) < 1e-12)
        #expect(RankingMetrics.giniCoefficient(of: [0, 0]) == 0 && RankingMetrics.giniCoefficient(of: []) == 0)
    }

    @Test("What everybody is recommended is counted for the Gini coefficient as for coverage")
    func spread() async throws {
        let data = try RandomData(seed: 9, items: 40, users: 60)
        var random = SeededRandom(seed: 1)
        let rows = (0..<60).map { _ in (0..<40).map { _ in random.uniform() } }
        let result = try await Evaluator(batchSize: 7).evaluate(FixedScores(rows: rows), on: data.split, part: .test)
        var counts = [Int](repeating: 0, count: 40)
        for entry in data.split.cases(.test) {
            let order = (0..<40).filter { !entry.history.contains($0) }
                .sorted { rows[entry.user][$0] > rows[entry.user][$1] }
            for item in order.prefix(10) { counts[item] += 1 }
        }
        #expect(abs(result.gini10 - RankingMetrics.giniCoefficient(of: counts)) < 1e-12)
        #expect(result.coverage10 == Double(counts.count { $0 > 0 }) / 40)
        #expect(result.breakdown.gini10 == result.gini10 && result.breakdown.popularity == result.popularity)
    }

    @Test("The JSON has a breakdown, direct results and ranks only when they are asked for")
    func json() async throws {
        let split = try Tiny.split()
        let system = FixedScores(rows: Tiny.scores)
        let result = try await Evaluator().evaluate(system, on: split, part: .test)
        var report = EvaluationReport(split: split, seed: 7, threads: 2)
        report.add(result, fittingSeconds: 0)
        report.systems[0].breakdown = result.breakdown
        report.systems[0].direct = try await DirectProtocol(negatives: 2).evaluate(system, on: split, part: .test)
        report.systems[0].ranks = result.ranks(byUserOf: split.log)
        let data = try JSONEncoder().encode(report)
        let value = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let row = try #require((value["systems"] as? [[String: Any]])?.first)
        #expect((row["ranks"] as? [String: Int])?.keys.sorted() == ["a", "b", "d"])
        let breakdown = try #require(row["breakdown"] as? [String: Any])
        #expect(Set(breakdown.keys) == ["historyLengths", "popularity", "coverage@10", "gini@10"])
        let direct = try #require(row["direct"] as? [String: Any])
        #expect(Set(direct.keys) == ["negatives", "seed", "metrics"])
        #expect((direct["metrics"] as? [String: Double])?.keys.sorted() == ["hr@1", "hr@10", "hr@5", "ndcg@10"])
        #expect(try JSONDecoder().decode(EvaluationReport.self, from: data) == report)
    }

    @Test("Direct results are the metrics of direct ranks")
    func direct() async throws {
        let data = try RandomData(seed: 5, items: 40, users: 60)
        var random = SeededRandom(seed: 6)
        let system = FixedScores(rows: (0..<60).map { _ in (0..<40).map { _ in random.uniform() } })
        let how = DirectProtocol(negatives: 15, seed: 4)
        let ranks = try await how.ranks(of: system, on: data.split, part: .test)
        let result = try await how.evaluate(system, on: data.split, part: .test)
        #expect(result.negatives == 15 && result.seed == 4)
        for k in [1, 5, 10] {
            #expect(result.metrics["hr@\(k)"] == Double(ranks.count { $0 < k }) / Double(ranks.count))
        }
        #expect(result.metrics["ndcg@10"] == RankingMetrics.ndcg(at: 10, ranks: ranks))
    }
}
