import ISRFKit
import Testing

@Suite("Views trained apart")
struct SeparateViewsTests {
    /// What a fixed number of epochs come to, without other tasks and alignment.
    private func train(together: Bool, groups: Bool) async throws -> GenerationResult {
        var ring = try await Ring(epochs: 3)
        if !groups {
            ring.request.userGraph = UserGraph(neighbours: ring.request.userGraph.neighbours.map { _ in [] })
        }
        let optimizer = AlternatingBatchOptimizer.tiny(epochs: 3) {
            $0.training.directEvery = 0
            $0.training.explanationEvery = 0
            $0.training.alignmentWeight = 0
            $0.trainsViewsTogether = together
        }
        let result = try await optimizer.optimize(ring.request)
        let history = [[0, 1, 2]]
        let group = [UserGraph.Neighbour(user: 0, weight: 1), UserGraph.Neighbour(user: 3, weight: 0.5)]
        let response = try result.model.generate(GenerationRequest(histories: history, groups: [group]))
        return GenerationResult(items: result.model.itemVectors, queries: response.queries)
    }

    private struct GenerationResult {
        var items: Matrix
        var queries: [GenerationResponse.View: Matrix]

        func query(_ view: GenerationResponse.View) throws -> Matrix { try #require(queries[view]) }
    }

    @Test("What the group teaches reaches neither items nor the other views")
    func apart() async throws {
        let (with, without) = (
            try await train(together: false, groups: true), try await train(together: false, groups: false)
        )
        #expect(distance(with.items, without.items) == 0)
        #expect(distance(try with.query(.sequence), try without.query(.sequence)) == 0)
        #expect(distance(try with.query(.individual), try without.query(.individual)) == 0)
        #expect(distance(try with.query(.group), try without.query(.group)) > 1e-4)
    }

    @Test("Together the group reaches the items")
    func together() async throws {
        let (with, without) = (
            try await train(together: true, groups: true), try await train(together: true, groups: false)
        )
        #expect(distance(with.items, without.items) > 1e-4)
    }
}
