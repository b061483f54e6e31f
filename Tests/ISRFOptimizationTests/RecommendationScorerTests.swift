import Foundation
import ISRFKit
import Testing

@Suite("The final score")
struct RecommendationScorerTests {
    static let weights = ScoreWeights(terms: [
        .sequence: .init(weight: 1), .individual: .init(weight: 0.5), .group: .init(weight: 2),
        .transitions: .init(weight: 1.5, scale: 0.04), .companions: .init(weight: 0.3, scale: 0.05),
        .content: .init(weight: 0.7, scale: 0.4), .attributes: .init(weight: 0.9, scale: 0.2),
        .similarUsers: .init(weight: 0.2, scale: 0.05), .popularity: .init(weight: 0.1),
    ])

    /// Written queries over the direct views of another test.
    static func scorer(_ weights: ScoreWeights = weights) throws -> RecommendationScorer {
        RecommendationScorer(
            model: WrittenModel(
                itemVectors: randomMatrix(8, 5, seed: 10),
                rows: [
                    .sequence: randomMatrix(8, 5, seed: 11), .individual: randomMatrix(8, 5, seed: 12),
                    .group: randomMatrix(8, 5, seed: 13),
                ]), views: try DirectViewsTests.views(), weights: weights)
    }

    /// What a view adds by its definition.
    static func part(_ scorer: RecommendationScorer, _ view: ScoreView, row: Int, item: Int) throws -> Double {
        guard let term = scorer.weights.terms[view] else { return 0 }
        if view.isGenerative {
            let model = try #require(scorer.model as? WrittenModel)
            let queries = try #require(GenerationResponse.View(rawValue: view.rawValue).flatMap { model.rows[$0] })
            let query = queries.row(DirectViewsTests.histories[row].first ?? 0)
            return Double(term.weight) * dot(query, model.itemVectors.row(item))
        }
        let value = DirectViewsTests.value(scorer.views, view, row: row, item: item)
        return Double(term.weight) * log1p(value / Double(term.scale))
    }

    @Test("Scores and parts agree with the definition, and parts add up to scores")
    func definition() throws {
        let scorer = try Self.scorer()
        let (histories, groups) = (DirectViewsTests.histories, DirectViewsTests.groups)
        let scores = try scorer.scores(histories: histories, groups: groups)
        #expect(scores.rows == 4 && scores.columns == 8)
        for row in 0..<4 {
            let items = [7, 0, 3, 4]
            let parts = try scorer.parts(history: histories[row], group: groups[row], items: items)
            #expect(Set(parts.keys) == Set(ScoreView.allCases))
            for item in 0..<8 {
                let expected = try ScoreView.allCases.reduce(0) {
                    $0 + (try Self.part(scorer, $1, row: row, item: item))
                }
                #expect(abs(Double(scores[row, item]) - expected) < 1e-4)
            }
            for (place, item) in items.enumerated() {
                for (view, values) in parts {
                    let expected = try Self.part(scorer, view, row: row, item: item)
                    #expect(abs(Double(values[place]) - expected) < 1e-4, "\(view)")
                }
                let sum = parts.values.reduce(0) { $0 + $1[place] }
                #expect(abs(sum - scores[row, item]) < 1e-4)
            }
        }
    }

    @Test("A view without a term or without weight has no part in the score", arguments: ScoreView.allCases)
    func leftOut(view: ScoreView) throws {
        var (without, zero) = (Self.weights, Self.weights)
        without.terms[view] = nil
        zero.terms[view]?.weight = 0
        let (histories, groups) = (DirectViewsTests.histories, DirectViewsTests.groups)
        let scores = try Self.scorer(without).scores(histories: histories, groups: groups)
        #expect(try scores == Self.scorer(zero).scores(histories: histories, groups: groups))
        #expect(try scores != Self.scorer().scores(histories: histories, groups: groups))
        let parts = try Self.scorer(without).parts(history: histories[0], group: groups[0], items: [1])
        #expect(parts[view] == nil && parts.count == ScoreView.allCases.count - 1)
        #expect(try Self.scorer(zero).parts(history: histories[0], group: groups[0], items: [1])[view] == [0])
    }

    @Test("The parts of a trained model add up to its scores")
    func trained() async throws {
        let request = try await Ring().request
        let result = try await AlternatingBatchOptimizer.tiny(epochs: 2).optimize(request)
        let views = DirectViews(
            configuration: .init(), transitions: request.interactionGraph.transitions.matrix,
            textVectors: request.itemVectors,
            attributes: request.statistics.vocabulary.tfidf(), training: request.training)
        let scorer = RecommendationScorer(model: result.model, views: views, weights: .initial)
        let users = [0, 5, 9]
        let histories = users.map { request.training.histories[$0] }
        let groups = users.map { result.userGraph.neighbours[$0] }
        let scores = try scorer.scores(histories: histories, groups: groups)
        for row in users.indices {
            let parts = try scorer.parts(history: histories[row], group: groups[row], items: Array(0..<12))
            for item in 0..<12 {
                #expect(abs(parts.values.reduce(0) { $0 + $1[item] } - scores[row, item]) < 1e-4)
            }
        }
    }
}
