import Foundation
import ISRFKit
import Testing

@Suite("Evaluator")
struct EvaluatorTests {
    @Test("Ranks, hit rates, coverage and popularity of a log counted by hand")
    func byHand() async throws {
        let split = try Tiny.split()
        let result = try await Evaluator().evaluate(FixedScores(rows: Tiny.scores), on: split, part: .test)
        // a: target 3 ties with 4 and is behind 5, history out. b: target 4 is first. d: 2, 3 and 4 tie with target 0.
        #expect(result.ranks == [2, 0, 3])
        #expect(result.users == 3)
        #expect(result.hitRate(at: 1) == 1.0 / 3 && result.hitRate(at: 3) == 2.0 / 3)
        #expect(abs(result.ndcg(at: 3) - 0.5) < 1e-12)
        #expect(abs(result.ndcg(at: 5) - (1.5 + 1 / log2(5.0)) / 3) < 1e-12)
        // Items 3, 4, 5 for a and b; 0, 2, 3, 4 for d; 1 never.
        #expect(result.coverage10 == 5.0 / 6)
        // Training takes 0, 1, 2 and 5 twice each: a third of eight ends after 0 and 1, two thirds after 2.
        #expect(result.popularity.map(\.name) == ["head", "middle", "tail"])
        #expect(result.popularity.map(\.items) == [2, 1, 3])
        #expect(result.popularity.map(\.cases) == [1, 0, 2])
        #expect(result.popularity.map(\.hitRate10) == [1, 0, 1])
        #expect(abs(result.popularity[0].ndcg10 - 1 / log2(5.0)) < 1e-12)
        #expect(abs(result.popularity[2].ndcg10 - 0.75) < 1e-12)
        #expect(
            Set(result.metrics.keys)
                == ["hr@5", "ndcg@5", "hr@10", "ndcg@10", "hr@20", "ndcg@20", "coverage@10"])
        #expect(result.metrics["hr@5"] == 1 && result.metrics["coverage@10"] == 5.0 / 6)
    }

    @Test("Validation is predicted from the training part alone")
    func validation() async throws {
        let split = try Tiny.split()
        let result = try await Evaluator().evaluate(FixedScores(rows: Tiny.scores), on: split, part: .validation)
        // a: target 2 before 3, 4 and 5. b: target 0 behind 3, 4 and 5. d: target 1 ties with 0, 2, 3 and 4.
        #expect(result.ranks == [0, 3, 4])
    }

    @Test("A system is given each user's history and nothing after it")
    func batches() async throws {
        struct Recorder: RankingSystem {
            let name = "recorder"
            let expected: [Int: [Int]]

            func scores(for batch: ScoringBatch) async throws -> Matrix {
                for (user, history) in zip(batch.users, batch.histories) { #expect(expected[user] == history) }
                return Matrix(rows: batch.users.count, columns: 6)
            }
        }
        let split = try Tiny.split()
        _ = try await Evaluator().evaluate(
            Recorder(expected: [0: [0, 1, 2], 1: [1, 2, 0], 3: [5, 5, 1]]), on: split, part: .test)
        _ = try await Evaluator().evaluate(
            Recorder(expected: [0: [0, 1], 1: [1, 2], 3: [5, 5]]), on: split, part: .validation)
    }

    @Test("Neither the size of a batch nor threads change anything", arguments: [1, 2, 5, 512], [1, 2])
    func batchSize(size: Int, threads: Int) async throws {
        let data = try RandomData(seed: 3, items: 40, users: 60)
        var random = SeededRandom(seed: 4)
        let rows = (0..<60).map { _ in (0..<40).map { _ in Float(random.index(below: 9)) } }
        let system = FixedScores(rows: rows)
        let whole = try await Evaluator().evaluate(system, on: data.split, part: .test)
        let divided = try await Evaluator(batchSize: size, parallelism: Parallelism(threads: threads))
            .evaluate(system, on: data.split, part: .test)
        #expect(divided.ranks == whole.ranks && divided.coverage10 == whole.coverage10)
        for (entry, rank) in zip(data.split.cases(.test), whole.ranks) {
            let row = rows[entry.user]
            let expected = (0..<40).count {
                $0 != entry.target && !entry.history.contains($0) && row[$0] >= row[entry.target]
            }
            #expect(rank == expected)
        }
    }

    @Test("A system that breaks its contract is named")
    func contract() async throws {
        let split = try Tiny.split()
        var rows = Tiny.scores
        rows[3][2] = .nan
        for part in LeaveOneOutSplit.Part.allCases {
            let broken = FixedScores(rows: rows)
            await expectContractViolation("not a number") {
                _ = try await Evaluator().evaluate(broken, on: split, part: part)
            }
            await expectContractViolation("not a number") {
                _ = try await DirectProtocol(negatives: 2).ranks(of: broken, on: split, part: part)
            }
            let narrow = FixedScores(rows: Tiny.scores.map { Array($0.prefix(4)) })
            await expectContractViolation("3 users x 6 items") {
                _ = try await Evaluator().evaluate(narrow, on: split, part: part)
            }
            await expectContractViolation("3 users x 6 items") {
                _ = try await DirectProtocol(negatives: 2).ranks(of: narrow, on: split, part: part)
            }
            let short = FewRows()
            await expectContractViolation("few rows answered with 1 x 6") {
                _ = try await Evaluator().evaluate(short, on: split, part: part)
            }
        }
        rows[3][2] = -.infinity
        _ = try await Evaluator().evaluate(FixedScores(rows: rows), on: split, part: .test)
    }

    private struct FewRows: RankingSystem {
        let name = "few rows"
        func scores(for batch: ScoringBatch) async throws -> Matrix { Matrix(rows: 1, columns: 6) }
    }

    @Test("Without held-out items there is nothing to evaluate, and that is said")
    func nothing() async throws {
        let split = LeaveOneOutSplit(
            try InteractionLog(users: IdentifierMap(["a"]), histories: [[0, 1]], itemCount: 2))
        do {
            _ = try await Evaluator().evaluate(FixedScores(rows: [[0, 0]]), on: split, part: .test)
            Issue.record("nothing was thrown")
        } catch let error as ISRFError {
            #expect(error.code == .invalidData && error.message.contains("three or more"))
        }
    }

    @Test("Evaluation stops when it is cancelled")
    func cancellation() async throws {
        let split = try Tiny.split()
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            _ = try await Evaluator(batchSize: 1).evaluate(FixedScores(rows: Tiny.scores), on: split, part: .test)
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("A report has the promised JSON and a table with a row for each system and part")
    func report() async throws {
        let split = try Tiny.split()
        var report = EvaluationReport(split: split, seed: 7, threads: 2)
        for part in [LeaveOneOutSplit.Part.test, .validation] {
            let result = try await Evaluator().evaluate(FixedScores(rows: Tiny.scores), on: split, part: part)
            report.add(result, fittingSeconds: 1.5)
        }
        let data = try JSONEncoder().encode(report)
        let value = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(Set(value.keys) == ["dataset", "protocol", "systems"])
        let dataset = try #require(value["dataset"] as? [String: Int])
        #expect(dataset == ["users": 4, "items": 6, "interactions": 14])
        let systems = try #require(value["systems"] as? [[String: Any]])
        #expect(systems.map { $0["split"] as? String } == ["test", "validation"])
        for system in systems {
            #expect(
                Set(system.keys) == ["name", "split", "users", "metrics", "seconds", "peakMemoryBytes"])
            #expect(system["users"] as? Int == 3)
            let metrics = try #require(system["metrics"] as? [String: Double])
            #expect(Set(metrics.keys) == Set(EvaluationReport.metricNames))
            #expect((system["seconds"] as? Double ?? 0) >= 1.5)
            #expect((system["peakMemoryBytes"] as? Int ?? 0) > 1_000_000)
        }
        let lines = report.table().split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[1].hasPrefix("fixed") && lines[1].contains("0.8333"))
        #expect(try JSONDecoder().decode(EvaluationReport.self, from: data) == report)
    }
}
