import ISRFKit
import Testing

@Suite("How items follow each other")
struct ItemTransitionsTests {
    /// Every pair of places of every history, as the documentation says.
    static func bruteForce(_ log: InteractionLog, _ configuration: ItemTransitions.Configuration) -> [[Double]] {
        var strengths = [[Double]](repeating: Array(repeating: 0, count: log.itemCount), count: log.itemCount)
        for history in log.histories {
            for i in history.indices {
                for j in history.indices where i != j {
                    let distance = abs(i - j)
                    if configuration.maximumDistance > 0, distance > configuration.maximumDistance { continue }
                    let direction = j > i ? 1 : Double(configuration.backwardWeight)
                    strengths[history[i]][history[j]] += direction / Double(distance)
                }
            }
        }
        let counts = (0..<log.itemCount).map { item in log.histories.joined().count { $0 == item } }
        for first in 0..<log.itemCount {
            for second in 0..<log.itemCount where strengths[first][second] > 0 {
                strengths[first][second] /= Double(counts[first] * counts[second]).squareRoot()
            }
        }
        return strengths
    }

    @Test("Strengths agree with brute force", arguments: [0, 0.7, 1, 2] as [Float], [0, 1, 2, 5, 1000, .max])
    func agreement(backwardWeight: Float, maximumDistance: Int) throws {
        var configuration = ItemTransitions.Configuration()
        configuration.backwardWeight = backwardWeight
        configuration.maximumDistance = maximumDistance
        for seed in BipartiteInteractionsTests.seeds {
            let log = try randomLog(seed: seed)
            let transitions = ItemTransitions(training: log, configuration: configuration)
            let expected = ItemTransitionsTests.bruteForce(log, configuration)
            for first in 0..<10 {
                for second in 0..<10 {
                    let strength = Double(transitions.strength(from: first, to: second))
                    #expect(abs(strength - expected[first][second]) < 1e-5)
                }
                #expect(transitions.matrix.entries(inRow: first).count == expected[first].count { $0 > 0 })
            }
        }
    }

    @Test("A hand-computed case")
    func known() throws {
        var configuration = ItemTransitions.Configuration()
        configuration.backwardWeight = 0.5
        let transitions = ItemTransitions(
            training: try log([[0, 1, 2], [0, 1]], itemCount: 4), configuration: configuration)
        // Twice at distance 1 forwards, of two and two interactions.
        #expect(transitions.strength(from: 0, to: 1) == 1)
        #expect(transitions.strength(from: 1, to: 0) == 0.5)
        #expect(abs(transitions.strength(from: 0, to: 2) - 0.35355339) < 1e-6)
        #expect(transitions.strength(from: 3, to: 0) == 0)
        #expect(ItemTransitions(matrix: transitions.matrix) == transitions)
    }

    @Test("The strongest come first, ties by the smaller index")
    func strongest() throws {
        let transitions = ItemTransitions(training: try randomLog(users: 40, seed: 9))
        for item in 0..<10 {
            let expected = (0..<10).map { (item: $0, strength: transitions.strength(from: item, to: $0)) }
                .filter { $0.strength > 0 }
                .sorted { (-$0.strength, $0.item) < (-$1.strength, $1.item) }
            for limit in [0, 1, 4, 50] {
                let found = transitions.strongest(from: item, limit: limit)
                #expect(found.map(\.item) == expected.prefix(limit).map(\.item))
                #expect(found.map(\.strength) == expected.prefix(limit).map(\.strength))
            }
            #expect(transitions.strongest(from: item, limit: -1).isEmpty)
        }
        let even = ItemTransitions(
            matrix: SparseMatrix(rows: 1, columns: 4, entries: [(0, 3, 0.5), (0, 1, 0.5), (0, 0, 0.25)]))
        #expect(even.strongest(from: 0, limit: 3).map(\.item) == [1, 3, 0])
    }
}
