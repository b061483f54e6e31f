import ISRFKit
import Testing

@Suite("The contract of user graph builders")
struct UserGraphValidationTests {
    /// Gives a fixed answer.
    struct FixedBuilder: UserGraphBuilder {
        let graph: UserGraph

        func build(_ request: UserGraphRequest) async throws -> UserGraph { graph }
    }

    static let request = UserGraphRequest(users: Matrix(rows: 3, columns: 2, repeating: 1), neighbourCount: 2)

    @Test("An answer that keeps the contract passes")
    func valid() async throws {
        let graph = UserGraph(neighbours: [
            [.init(user: 1, weight: 0.5), .init(user: 2, weight: 0.5)], [], [.init(user: 0, weight: 2)],
        ])
        #expect(try await FixedBuilder(graph: graph).validatedGraph(for: UserGraphValidationTests.request) == graph)
    }

    static let broken: [(name: String, neighbours: [[(user: Int, weight: Float)]])] = [
        ("a list is missing", [[], []]),
        ("too long", [[(1, 1), (2, 1), (1, 1)], [], []]),
        ("nobody has this index", [[(3, 1)], [], []]),
        ("a negative index", [[(-1, 1)], [], []]),
        ("a weight of zero", [[(1, 0)], [], []]),
        ("an infinite weight", [[(1, .infinity)], [], []]),
        ("a weight that is no number", [[(1, .nan)], [], []]),
        ("ascending weights", [[(1, 0.5), (2, 0.6)], [], []]),
        ("similar to itself", [[], [(1, 1)], []]),
        ("the same user twice", [[(1, 1), (1, 0.5)], [], []]),
    ]

    @Test("A broken contract is reported as the builder's mistake", arguments: broken.indices)
    func brokenContract(index: Int) async {
        let (name, lists) = UserGraphValidationTests.broken[index]
        let graph = UserGraph(neighbours: lists.map { $0.map { .init(user: $0.user, weight: $0.weight) } })
        let error = await #expect(throws: ISRFError.self, "\(name)") {
            _ = try await FixedBuilder(graph: graph).validatedGraph(for: UserGraphValidationTests.request)
        }
        #expect(error?.code == .contractViolation)
        #expect(error?.message.contains("FixedBuilder") == true)
    }
}
