import ISRFKit
import Testing

@testable import isrf

@Suite struct CommunityDetectionTests {
    private func graph(_ edges: [[Int]]) -> UserGraph {
        UserGraph(neighbours: edges.map { $0.map { .init(user: $0, weight: 1) } })
    }

    /// Two triangles joined by one edge. Edges count from both ends: 7 edges, degrees 2 2 3 3 2 2; modularity of the two
    /// triangles is 6 / 7 - 2 * (7 / 14)^2 = 5 / 14, the greatest there is.
    @Test func dividesTwoTriangles() {
        let division = CommunityDetection().divide(graph([[1, 2], [2], [3], [4, 5], [5], []]))
        #expect(division.groups == [0, 0, 0, 1, 1, 1])
        #expect(abs(division.modularity - 5.0 / 14) < 1e-12)
    }

    /// A ring of five cliques of four: joined users, not the numbering, decide.
    @Test func findsTheNumberOfGroups() {
        var random = SeededRandom(seed: 4)
        let places = Array(0..<20).shuffled(using: &random)
        var edges = [[Int]](repeating: [], count: 20)
        for clique in 0..<5 {
            let members = (0..<4).map { clique * 4 + $0 }
            for one in members { edges[places[one]] = members.filter { $0 != one }.map { places[$0] } }
            edges[places[clique * 4]].append(places[(clique * 4 + 5) % 20])
        }
        let division = CommunityDetection().divide(graph(edges))
        let planted = (0..<20).map { user in (places.firstIndex(of: user) ?? 0) / 4 }
        #expect(AdjustedRandIndex(division.groups, planted).value == 1)
    }

    @Test func onlyTheStrongestNeighboursCount() {
        let weights = UserGraph(neighbours: [
            [.init(user: 1, weight: 1), .init(user: 2, weight: 0.9)], [.init(user: 0, weight: 1)],
            [.init(user: 3, weight: 1), .init(user: 0, weight: 0.9)], [.init(user: 2, weight: 1)],
        ])
        #expect(CommunityDetection(neighbourCount: 1).divide(weights).groups == [0, 0, 1, 1])
    }

    @Test func isTheSameForASeed() {
        var random = SeededRandom(seed: 9)
        let edges = (0..<60).map { user in (0..<5).map { _ in random.index(below: 60) }.filter { $0 != user } }
        let detection = CommunityDetection(seed: 3)
        #expect(detection.divide(graph(edges)) == detection.divide(graph(edges)))
    }

    @Test func usersWithoutNeighboursAreAlone() {
        #expect(CommunityDetection().divide(graph([[], [], []])).groups == [0, 1, 2])
        #expect(CommunityDetection().divide(graph([])).groups.isEmpty)
    }
}
