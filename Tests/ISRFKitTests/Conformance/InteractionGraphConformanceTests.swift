import ISRFKit
import ISRFKitTesting
import Synchronization
import Testing

@Suite("Conformance suite of interaction graphs")
struct InteractionGraphConformanceTests {
    @Test("The default graph keeps the contract with any number of layers", arguments: [0, 1, 3])
    func defaultConforms(_ layers: Int) async throws {
        try await Conformance.violations(of: LightGCNInteractionGraph(layers: layers), options: .patient).requireNone()
    }

    static let brokenGraphs: [(name: String, graph: BrokenGraph, point: ContractPoint)] = [
        (
            "forgets an edge",
            BrokenGraph { request, graph in
                var histories = request.training.histories
                histories[0].removeLast()
                let log = try InteractionLog(
                    users: request.training.users, histories: histories, itemCount: request.training.itemCount)
                return SemanticInteractionGraph(
                    interactions: BipartiteInteractions(log), transitions: graph.transitions,
                    propagation: graph.propagation)
            }, .edges
        ),
        (
            "forgets a user",
            BrokenGraph { request, graph in
                let log = try InteractionLog(
                    users: IdentifierMap(request.training.users.identifiers.dropLast()),
                    histories: request.training.histories.dropLast(), itemCount: request.training.itemCount)
                return SemanticInteractionGraph(
                    interactions: BipartiteInteractions(log), transitions: graph.transitions,
                    propagation: graph.propagation)
            }, .edges
        ),
        ("has strengths for no item", BrokenGraph(transitions: { _ in nil }), .transitions),
        ("has negative strengths", BrokenGraph(transitions: { $0.mapped { -$0 } }), .transitions),
        ("has endless strengths", BrokenGraph(transitions: { $0.mapped { _ in .infinity } }), .transitions),
        ("draws strengths", BrokenGraph(transitions: { $0.mapped { $0 * .random(in: 1..<2) } }), .determinism),
        ("fails", BrokenGraph { _, _ in throw Refusal() }, .failure),
        (
            "does not hear of cancellation",
            BrokenGraph { _, graph in
                await stubbornly()
                return graph
            }, .cancellation
        ),
        ("has a broken propagation", BrokenGraph(propagation: { $0.users = $0.items }), .shape),
    ]

    @Test("A graph that breaks a point is caught", arguments: brokenGraphs.indices)
    func brokenGraphsAreCaught(_ index: Int) async {
        let (name, graph, point) = Self.brokenGraphs[index]
        let options = point == .cancellation ? Conformance.Options.strict : .patient
        let violations = await Conformance.violations(of: graph, options: options)
        #expect(violations.points == [point], "\(name): \(violations)")
    }

    static let brokenPropagations: [(name: String, propagation: BrokenPropagation, point: ContractPoint)] = [
        ("loses a row", BrokenPropagation { $0.items = $0.items.rows(0..<1) }, .shape),
        ("is not finite", BrokenPropagation { $0.items = $0.items.scaled(by: .infinity) }, .finite),
        ("lets gradients end", BrokenPropagation { $0.users = $0.users.detached() }, .differentiability),
        ("lets item gradients end", BrokenPropagation { $0.items = $0.items.detached() }, .differentiability),
        (
            "works on another tape",
            BrokenPropagation {
                let tape = Tape()
                ($0.users, $0.items) = (tape.variable($0.users.value), tape.variable($0.items.value))
            }, .differentiability
        ),
        (
            "has half a gradient",
            BrokenPropagation { $0.users = $0.users.scaled(by: 0.5) + $0.users.detached().scaled(by: 0.5) },
            .differentiability
        ),
        ("excludes nobody", BrokenPropagation(exclusion: { _, _ in [] }), .exclusion),
        (
            "never lets anybody in again",
            BrokenPropagation(exclusion: { excluded, seen in
                seen.withLock { users in
                    users.formUnion(excluded)
                    return users.sorted()
                }
            }), .exclusion
        ),
        ("draws at random", BrokenPropagation { $0.users = $0.users.scaled(by: .random(in: 1..<2)) }, .determinism),
        ("fails", BrokenPropagation { _ in throw Refusal() }, .failure),
    ]

    @Test("A propagation that breaks a point is caught", arguments: brokenPropagations.indices)
    func brokenPropagationsAreCaught(_ index: Int) throws {
        let (name, propagation, point) = Self.brokenPropagations[index]
        let violations = Conformance.violations(of: propagation, training: try BrokenPropagation.log())
        #expect(violations.points.contains(point), "\(name): \(violations)")
    }
}

/// The default graph with one thing broken.
struct BrokenGraph: InteractionGraph {
    let change: @Sendable (InteractionGraphRequest, SemanticInteractionGraph) async throws -> SemanticInteractionGraph

    init(
        _ change:
            @escaping @Sendable (InteractionGraphRequest, SemanticInteractionGraph) async throws ->
            SemanticInteractionGraph
    ) {
        self.change = change
    }

    init(transitions: @escaping @Sendable (SparseMatrix) -> SparseMatrix?) {
        self.init { _, graph in
            let empty = SparseMatrix(rows: 1, columns: 1, rowOffsets: [0, 0], columnIndices: [], values: [])
            return SemanticInteractionGraph(
                interactions: graph.interactions,
                transitions: ItemTransitions(matrix: transitions(graph.transitions.matrix) ?? empty),
                propagation: graph.propagation)
        }
    }

    init(propagation: @escaping @Sendable (inout NodeVectors) throws -> Void) {
        self.init { _, graph in
            SemanticInteractionGraph(
                interactions: graph.interactions, transitions: graph.transitions,
                propagation: BrokenPropagation(base: graph.propagation, propagation))
        }
    }

    func build(_ request: InteractionGraphRequest) async throws -> SemanticInteractionGraph {
        try await change(request, LightGCNInteractionGraph().build(request))
    }
}

/// LightGCN with one thing broken.
struct BrokenPropagation: GraphPropagation {
    /// Keeps the users who were ever excluded.
    final class Memory: Sendable {
        let users = Mutex(Set<Int>())
    }

    let base: any GraphPropagation
    let change: @Sendable (inout NodeVectors) throws -> Void
    let exclusion: @Sendable ([Int], borrowing Mutex<Set<Int>>) -> [Int]
    private let memory = Memory()

    init(
        base: (any GraphPropagation)? = nil, _ change: @escaping @Sendable (inout NodeVectors) throws -> Void
    ) {
        self.base = base ?? BrokenPropagation.lightGCN
        self.change = change
        exclusion = { excluded, _ in excluded }
    }

    init(exclusion: @escaping @Sendable ([Int], borrowing Mutex<Set<Int>>) -> [Int]) {
        base = BrokenPropagation.lightGCN
        change = { _ in }
        self.exclusion = exclusion
    }

    private static let lightGCN: any GraphPropagation = {
        guard let log = try? log() else { preconditionFailure("the log is valid") }
        return LightGCNPropagation(training: log, layers: 2)
    }()

    static func log() throws -> InteractionLog {
        try InteractionLog(
            users: IdentifierMap(["a", "b", "c", "d"]), histories: [[0, 1, 2], [1, 2], [], [2, 3, 4]], itemCount: 5)
    }

    func propagate(_ vectors: NodeVectors, excludingUsers excludedUsers: [Int]) throws -> NodeVectors {
        var result = try base.propagate(vectors, excludingUsers: exclusion(excludedUsers, memory.users))
        try change(&result)
        return result
    }
}

extension SparseMatrix {
    func mapped(_ transform: (Float) -> Float) -> SparseMatrix {
        var matrix = self
        matrix.values = values.map(transform)
        return matrix
    }
}
