import Foundation
import ISRFKit
import Testing

@testable import ISRFOptimization

@Suite("Learning how much each view counts")
struct ScoreWeightLearnerTests {
    static let items = 40

    /// Every user's next item is what the transitions say; the group's opinion is loud and says nothing.
    static func planted() throws -> (scorer: RecommendationScorer, cases: [LeaveOneOutSplit.Case]) {
        let next = (0..<items).map { (row: $0, column: ($0 + 1) % items, value: Float(0.1)) }
        let configuration = DirectViews.Configuration()
        let scorer = RecommendationScorer(
            model: WrittenModel(
                itemVectors: randomMatrix(items, 6, seed: 1),
                rows: [
                    .sequence: randomMatrix(items, 6, seed: 2).scaled(by: 0.05),
                    .individual: randomMatrix(items, 6, seed: 3).scaled(by: 0.05),
                    .group: randomMatrix(items, 6, seed: 4).scaled(by: 3),
                ]),
            views: DirectViews(
                configuration: configuration,
                transitions: SparseMatrix(rows: items, columns: items, entries: next),
                textVectors: randomMatrix(items, 4, seed: 5).normalizedRows(),
                attributes: SparseMatrix(rows: items, columns: 1, entries: []),
                training: try makeLog([[0], [1]], itemCount: items)), weights: .initial)
        let cases = (0..<items).map {
            LeaveOneOutSplit.Case(user: $0, history: [$0], target: ($0 + 1) % items)
        }
        return (scorer, cases)
    }

    /// NDCG@10 over the whole catalogue without the history.
    static func ndcg10(_ scorer: RecommendationScorer, _ cases: [LeaveOneOutSplit.Case]) throws -> Double {
        let scores = try scorer.scores(histories: cases.map(\.history), groups: cases.map { _ in [] })
        let ranks = cases.enumerated().map { row, entry in
            scores.row(row).withUnsafeBufferPointer {
                RankingMetrics.rank(of: entry.target, in: $0, excluding: entry.history)
            }
        }
        return RankingMetrics.ndcg(at: 10, ranks: ranks)
    }

    static func learn(
        _ scorer: RecommendationScorer, _ cases: [LeaveOneOutSplit.Case], seed: UInt64 = 1,
        _ change: (inout ScoreWeightLearner) -> Void = { _ in }
    ) async throws -> (weights: ScoreWeights, ndcg10: Double) {
        var learner = ScoreWeightLearner()
        change(&learner)
        return try await learner.learn(
            scorer, cases: cases, groups: Array(repeating: [], count: items), seed: seed)
    }

    @Test("A planted informative view is found, a loud empty one is silenced")
    func planted() async throws {
        let (scorer, cases) = try Self.planted()
        let before = try Self.ndcg10(scorer, cases)
        let learned = try await Self.learn(scorer, cases)
        var better = scorer
        better.weights = learned.weights
        let after = try Self.ndcg10(better, cases)
        #expect(before < 0.6 && after > 0.95)
        // So few items are all candidates: the learner's figure is that of the whole catalogue.
        #expect(abs(learned.ndcg10 - after) < 1e-6)
        let group = try #require(learned.weights.terms[.group]?.weight)
        let transitions = try #require(learned.weights.terms[.transitions]?.weight)
        #expect(transitions > group * 10)
        #expect(learned.weights.terms.values.allSatisfy { $0.weight >= 0 && $0.scale > 0 })
        #expect(learned.weights.terms[.sequence] == scorer.weights.terms[.sequence])
    }

    @Test("One ascent never ends below where it began", arguments: [1, 2, 3, 4, 5] as [UInt64])
    func neverWorse(seed: UInt64) async throws {
        var (scorer, cases) = try Self.planted()
        var random = SeededRandom(seed: seed)
        for view in ScoreView.allCases {
            scorer.weights.terms[view] = .init(weight: random.uniform() * 2, scale: 0.01 + random.uniform())
        }
        cases = cases.map { .init(user: $0.user, history: $0.history, target: random.index(below: Self.items)) }
        let learned = try await Self.learn(scorer, cases) { ($0.draws, $0.gates) = (1, false) }
        #expect(learned.ndcg10 >= (try Self.ndcg10(scorer, cases)) - 1e-6)
        scorer.weights = learned.weights
        #expect(abs(learned.ndcg10 - (try Self.ndcg10(scorer, cases))) < 1e-6)
    }

    @Test("Few cases are learned from in draws, and what is said of them is what the mean of those reaches")
    func draws() async throws {
        let (scorer, cases) = try Self.planted()
        let once = try await Self.learn(scorer, cases) { $0.draws = 1 }
        let enough = try await Self.learn(scorer, cases) { $0.fewCases = cases.count }
        #expect(once.weights == enough.weights)
        let learned = try await Self.learn(scorer, cases) { $0.draws = 5 }
        #expect(learned.weights != once.weights)
        #expect(learned.weights == (try await Self.learn(scorer, cases) { $0.draws = 5 }).weights)
        var weighed = scorer
        weighed.weights = learned.weights
        #expect(abs(learned.ndcg10 - (try Self.ndcg10(weighed, cases))) < 1e-6)
        #expect(learned.ndcg10 > 0.95)
    }

    @Test("The mean of draws ranks other cases better than one ascent on all of few cases")
    func steadier() async throws {
        // Every direct view knows a little of the answer: each is worth about the same, and few cases say otherwise.
        var random = SeededRandom(seed: 11)
        var table = CandidateTable()
        for _ in 0..<2100 {
            let target = random.index(below: 30)
            let values = ScoreView.allCases.map { view in
                Matrix(rows: 1, columns: 30) { values in
                    for item in 0..<30 { values[item] = random.uniform() }
                    values[target] += view.isGenerative ? 0 : 0.25
                }
            }
            table.append(row: 0, items: Array(0..<30), target: target, length: 3, values: values)
        }
        var weights = ScoreWeights.initial
        for view in weights.terms.keys { weights.terms[view] = .init(weight: view.isGenerative ? 0.2 : 1) }
        let others = table.part(100..<table.count)
        let ascent = WeightAscent(initial: weights, parallelism: .serial)
        let steady = WeightAscent(initial: weights, parallelism: .serial, draws: 16, seed: 1)
        func ndcg10(_ weights: ScoreWeights) -> Double {
            others.ndcg10(others.totals(weights, on: .serial), on: .serial)
        }
        var (alone, mean) = (0.0, 0.0)
        for start in stride(from: 0, to: 100, by: 25) {
            let few = table.part(start..<start + 25)
            alone += ndcg10(try await ascent.learn(few).weights) / 4
            mean += ndcg10(try await steady.learn(few).weights) / 4
        }
        #expect(mean > alone + 0.01)
    }

    @Test("A view that nobody weighs stays out, and without cases the weights stay")
    func leftAlone() async throws {
        var (scorer, cases) = try Self.planted()
        scorer.weights.terms[.content] = nil
        #expect(try await Self.learn(scorer, cases).weights.terms[.content] == nil)
        let unchanged = try await Self.learn(scorer, [])
        #expect(unchanged.weights == scorer.weights && unchanged.ndcg10 == 0)
    }

    @Test("More cases than the maximum are sampled by the seed")
    func sampling() async throws {
        let (scorer, cases) = try Self.planted()
        let first = try await Self.learn(scorer, cases, seed: 5) { $0.maximumCases = 10 }
        let again = try await Self.learn(scorer, cases, seed: 5) { $0.maximumCases = 10 }
        #expect(first.weights == again.weights && first.ndcg10 == again.ndcg10)
    }

    @Test("A cancelled task stops")
    func cancellation() async throws {
        let (scorer, cases) = try Self.planted()
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await Self.learn(scorer, cases).ndcg10
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("Ranks among candidates are ranks in the catalogue, ties against us", arguments: [1, 3])
    func candidateTable(threads: Int) throws {
        let parallelism = Parallelism(threads: threads)
        var random = SeededRandom(seed: 6)
        // Few different values, so that ties are many.
        let values = ScoreView.allCases.map { _ in
            Matrix(rows: 30, columns: 25, elements: (0..<750).map { _ in Float(random.index(below: 4)) / 4 })
        }
        let targets = (0..<30).map { _ in random.index(below: 25) }
        let excluded = targets.map { [($0 + 1) % 25, ($0 + 7) % 25] }
        var table = CandidateTable()
        for row in 0..<30 {
            let items = (0..<25).filter { !excluded[row].contains($0) }
            table.append(row: row, items: items, target: targets[row], length: 1, values: values)
        }
        var weights = RecommendationScorerTests.weights
        weights.terms[.content] = nil
        func score(_ row: Int, _ item: Int) -> Float {
            ScoreView.allCases.enumerated().reduce(0) { sum, entry in
                let value = values[entry.offset][row, item]
                guard let term = weights.terms[entry.element] else { return sum }
                return sum + term.weight * (entry.element.isGenerative ? value : log1p(value / term.scale))
            }
        }
        let ranks = (0..<30).map { row in
            let scores = (0..<25).map { score(row, $0) }
            return scores.withUnsafeBufferPointer {
                RankingMetrics.rank(of: targets[row], in: $0, excluding: excluded[row])
            }
        }
        let totals = table.totals(weights, on: parallelism)
        #expect(abs(table.ndcg10(totals, on: parallelism) - RankingMetrics.ndcg(at: 10, ranks: ranks)) < 1e-9)

        // Taking a view away is the same as never having added it.
        var others = totals
        let term = try #require(weights.terms[.transitions])
        table.add(.transitions, term, sign: -1, to: &others, on: parallelism)
        weights.terms[.transitions] = nil
        let without = table.totals(weights, on: parallelism)
        #expect(zip(others, without).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    @Test("Cases rank in a part of the table as they do in the whole", arguments: [1, 3])
    func partOfTable(threads: Int) {
        let parallelism = Parallelism(threads: threads)
        let (table, weights) = ViewGateTests.table(cases: 50)
        let gate = ViewGateTests.gate()
        let parts = [table.part(0..<17), table.part(17..<50), table.part(17..<50).part(3..<33)]
        #expect(parts.map(\.count) == [17, 33, 30])
        let plain = table.gains(table.totals(weights, on: parallelism), on: parallelism)
        let gated = table.gains(table.totals(weights, gate, on: parallelism), on: parallelism)
        #expect(plain != gated)
        for (part, range) in zip(parts, [0..<17, 17..<50, 20..<50]) {
            #expect(part.gains(part.totals(weights, on: parallelism), on: parallelism) == Array(plain[range]))
            #expect(part.gains(part.totals(weights, gate, on: parallelism), on: parallelism) == Array(gated[range]))
            #expect(part.historyLength(ofCase: 2) == table.historyLength(ofCase: range.lowerBound + 2))
            #expect(part.entryCount == range.count * 12)
        }
    }

    @Test("Scores that are no numbers are the worst, not the best")
    func notANumber() {
        var table = CandidateTable()
        let values = ScoreView.allCases.map { _ in Matrix(rows: 1, columns: 12, repeating: .nan) }
        table.append(row: 0, items: Array(0..<12), target: 3, length: 1, values: values)
        #expect(table.ndcg10(table.totals(.initial, on: .serial), on: .serial) == 0)
        #expect(CandidateTable().ndcg10([], on: .serial) == 0)
    }
}
