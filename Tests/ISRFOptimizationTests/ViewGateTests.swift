import Foundation
import ISRFCore
import ISRFKit
import Testing

@testable import ISRFOptimization

@Suite("The gate of the views")
struct ViewGateTests {
    static let views = ScoreView.allCases.count
    static let inputs = ViewGate.inputCount

    static func gate(hidden: Int = 4, seed: UInt64 = 1) -> ViewGate {
        func numbers(_ count: Int, _ stream: UInt64) -> [Float] {
            randomMatrix(1, count, seed: seed * 100 + stream).elements
        }
        return ViewGate(
            inputMeans: numbers(inputs, 1), inputDeviations: numbers(inputs, 2).map { 0.5 + abs($0) },
            hiddenWeights: numbers(inputs * hidden, 3), hiddenBias: numbers(hidden, 4),
            outputWeights: numbers(hidden * 6, 5), outputBias: numbers(6, 6), generativeFactors: [0.5, 2, 1.5])
    }

    /// The factors by their definition: inputs standardised, one hidden layer, four times the logistic function.
    static func factors(_ gate: ViewGate, _ values: [Double], logit: Double, length: Int) -> [Double] {
        let raw = [logit] + values + [log1p(Double(length))]
        let read = raw.enumerated().map {
            ($1 - Double(gate.inputMeans[$0])) / Double(gate.inputDeviations[$0])
        }
        let width = gate.hiddenBias.count
        let hidden = (0..<width).map { unit in
            let x = read.enumerated().reduce(Double(gate.hiddenBias[unit])) {
                $0 + $1.element * Double(gate.hiddenWeights[$1.offset * width + unit])
            }
            return 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
        }
        return (0..<6).map { view in
            let x = hidden.enumerated().reduce(Double(gate.outputBias[view])) {
                $0 + $1.element * Double(gate.outputWeights[$1.offset * 6 + view])
            }
            return 4 / (1 + exp(-x))
        }
    }

    @Test("Scores and parts agree with the definition, and parts add up to scores")
    func definition() throws {
        var weights = RecommendationScorerTests.weights
        weights.gate = Self.gate()
        try weights.validate()
        let plain = try RecommendationScorerTests.scorer()
        let gated = try RecommendationScorerTests.scorer(weights)
        let (histories, groups) = (DirectViewsTests.histories, DirectViewsTests.groups)
        let scores = try gated.scores(histories: histories, groups: groups)
        for row in 0..<histories.count {
            let parts = try gated.parts(history: histories[row], group: groups[row], items: Array(0..<8))
            #expect(Set(parts.keys) == Set(ScoreView.allCases))
            for item in 0..<8 {
                let before = try ScoreView.allCases.map {
                    try RecommendationScorerTests.part(plain, $0, row: row, item: item)
                }
                let values = zip(ScoreView.allCases, before).map { view, part in
                    part / Double(weights.terms[view]?.weight ?? 1)
                }
                let factors = Self.factors(
                    Self.gate(), values, logit: before.prefix(3).reduce(0, +), length: histories[row].count)
                let expected = before.enumerated().map { index, part in
                    part * (index < 3 ? [0.5, 2, 1.5][index] : factors[index - 3])
                }
                for (index, view) in ScoreView.allCases.enumerated() {
                    let part = try #require(parts[view]?[item])
                    #expect(abs(Double(part) - expected[index]) < 1e-4, "\(view)")
                }
                #expect(abs(Double(scores[row, item]) - expected.reduce(0, +)) < 1e-4)
            }
        }
    }

    @Test("A view that is left out or silent adds nothing, gate or not")
    func silent() throws {
        var weights = RecommendationScorerTests.weights
        weights.gate = Self.gate()
        weights.terms[.content] = nil
        weights.terms[.popularity]?.weight = 0
        let scorer = try RecommendationScorerTests.scorer(weights)
        let parts = try scorer.parts(
            history: DirectViewsTests.histories[0], group: DirectViewsTests.groups[0], items: [1, 2])
        #expect(parts[.content] == nil && parts[.popularity] == [0, 0])
        let nothing = try scorer.parts(history: [], group: [], items: [1, 2])
        #expect(nothing[.transitions] == [0, 0] && nothing[.similarUsers] == [0, 0])
    }

    @Test("The loss that a gate learns from has the gradient that finite differences give")
    func gradient() throws {
        let (table, weights) = Self.table(cases: 12)
        let lists = (0..<12).map { index in
            let (range, target) = table.entries(ofCase: index)
            let kept = Array(range.prefix(index == 3 ? 2 : 5))
            return GateBatch.List(
                entries: kept, target: kept.firstIndex(of: target) ?? 0, historyLength: index + 1)
        }
        let batch = GateBatch(
            lists, table, weights, means: Array(repeating: 0.1, count: Self.inputs),
            deviations: Array(repeating: 1.5, count: Self.inputs))
        var parameters: [String: Matrix] = [
            "hidden": randomMatrix(Self.inputs, 3, seed: 1), "hidden.bias": randomMatrix(1, 3, seed: 2),
            "output": randomMatrix(3, 6, seed: 3), "output.bias": randomMatrix(1, 6, seed: 4),
            "generative": randomMatrix(1, 3, seed: 5),
        ]
        func loss() -> Double {
            let tape = Tape()
            return Double(batch.loss(on: tape, parameters: parameters.mapValues { tape.variable($0) }).scalar)
        }
        let tape = Tape()
        let variables = parameters.mapValues { tape.variable($0) }
        tape.backward(from: batch.loss(on: tape, parameters: variables))
        for (name, variable) in variables.sorted(by: { $0.key < $1.key }) {
            let gradient = tape.gradient(of: variable)
            for index in stride(from: 0, to: gradient.elements.count, by: 2) {
                let kept = parameters[name]?.elements[index] ?? 0
                parameters[name]?.elements[index] = kept + 0.01
                let above = loss()
                parameters[name]?.elements[index] = kept - 0.01
                let below = loss()
                parameters[name]?.elements[index] = kept
                #expect(
                    abs((above - below) / 0.02 - Double(gradient.elements[index])) < 2e-3, "\(name) at \(index)")
            }
        }
    }

    /// Cases whose right item is what the transitions say when many took it, and what the texts say otherwise.
    static func table(cases: Int, planted: Bool = true) -> (CandidateTable, ScoreWeights) {
        var random = SeededRandom(seed: 7, stream: 1)
        var table = CandidateTable()
        let items = 12
        for index in 0..<cases {
            let popular = index % 2 == 0
            let (followed, alike) = (random.index(below: items), random.index(below: items))
            let target = planted ? (popular ? followed : alike) : random.index(below: items)
            let matrices = ScoreView.allCases.map { view in
                Matrix(rows: 1, columns: items) { values in
                    for item in 0..<items {
                        values[item] =
                            switch view {
                            case .transitions: item == followed ? 0.2 : 0
                            case .content: item == alike ? 0.9 : 0.1
                            case .popularity: popular ? 50 : 1
                            default: random.normal() * 0.1
                            }
                    }
                }
            }
            table.append(row: 0, items: Array(0..<items), target: target, length: 1 + index % 5, values: matrices)
        }
        return (table, .initial)
    }

    @Test("Where it depends on the item which view is right, a gate is learned and ranks cases it has not seen better")
    func learned() async throws {
        let (table, weights) = Self.table(cases: 1200)
        let plain = table.ndcg10(table.totals(weights, on: .serial), on: .serial)
        let learned = try #require(try await Self.learn(table, weights, on: Parallelism(threads: 2)))
        #expect(learned.ndcg10 > plain + 0.05)
        try learned.gate.validate()
        let again = try await Self.learn(table, weights, on: Parallelism(threads: 2))
        #expect(again?.gate == learned.gate)
    }

    @Test("A gate is judged on each half of the cases beside weights that the other half taught")
    func halves() async throws {
        let (table, weights) = Self.table(cases: 301)
        var seen: [Int] = []
        var deaf = weights
        for view in [ScoreView.transitions, .content] { deaf.terms[view]?.weight = 0 }
        let judged = try await ViewGateLearner().learn(table, weights, seed: 1, on: .serial) {
            seen.append($0.count)
            return deaf
        }
        #expect(seen == [151, 150])
        // The weights of all cases would rank far better, but they know the answers.
        let knowing = try #require(try await Self.learn(table, weights, on: .serial))
        #expect((judged?.ndcg10 ?? 0) < knowing.ndcg10 - 0.1)
    }

    static func learn(
        _ table: CandidateTable, _ weights: ScoreWeights, on parallelism: Parallelism
    ) async throws -> (gate: ViewGate, ndcg10: Double)? {
        try await ViewGateLearner().learn(table, weights, seed: 1, on: parallelism) { _ in weights }
    }

    @Test("Where nothing can be learned, there is no gate")
    func refused() async throws {
        let (table, weights) = Self.table(cases: 300, planted: false)
        #expect(try await Self.learn(table, weights, on: .serial) == nil)
    }

    @Test("A gate survives being written down, and one that does not fit is refused by name")
    func written() throws {
        var weights = ScoreWeights.initial
        weights.gate = Self.gate()
        let read = try JSONDecoder().decode(ScoreWeights.self, from: JSONEncoder().encode(weights))
        #expect(read == weights)
        weights.gate?.outputBias.removeLast()
        let failure = #expect(throws: ISRFError.self) { try weights.validate() }
        #expect(failure?.description.contains("weights.gate") == true)
        weights.gate = Self.gate()
        weights.gate?.inputDeviations[2] = 0
        #expect(throws: ISRFError.self) { try weights.validate() }
    }
}
