import ISRFKit
import Synchronization
import Testing

@testable import ISRFOptimization

@Suite("Steps of training")
struct TrainingStepTests {
    static let individual = ["individual.gain", "individual.output"]
    static let group = ["group.gain", "group.output"]

    /// The names of the parameters that some steps move.
    static func moved(
        alignmentWeight: Float = 1, _ steps: (inout TrainingSession, [Int]) throws -> Void
    ) async throws -> Set<String> {
        let optimizer = AlternatingBatchOptimizer.tiny { $0.training.alignmentWeight = alignmentWeight }
        var session = TrainingSession(
            request: try await Ring().request, model: optimizer.model, configuration: optimizer.training)
        let before = session.parameters.state
        try steps(&session, Array(0..<8))
        let after = session.parameters.state
        return Set(before.keys.filter { before[$0] != after[$0] })
    }

    @Test("A sequential batch moves individual and group vectors")
    func sequential() async throws {
        let moved = try await TrainingStepTests.moved { _ = try $0.sequentialStep(users: $1) }
        #expect(moved.isSuperset(of: TrainingStepTests.individual + TrainingStepTests.group))
        #expect(moved.isSuperset(of: ["item.learned", "item.text", "position", "output.gain"]))
        #expect(!moved.contains("attribute.output"))
    }

    @Test("In a sequential batch alignment reaches the individual side")
    func sequentialAlignment() async throws {
        let request = try await Ring().request
        let outputs = try ([0, 5] as [Float]).map { weight in
            let optimizer = AlternatingBatchOptimizer.tiny { $0.training.alignmentWeight = weight }
            var session = TrainingSession(
                request: request, model: optimizer.model, configuration: optimizer.training)
            // More than one step, since the first of Adam only shows signs.
            for _ in 0..<3 { _ = try session.sequentialStep(users: Array(0..<8)) }
            return TrainingStepTests.individual.map { session.parameters[$0] }
        }
        for (without, with) in zip(outputs[0], outputs[1]) { #expect(distance(without, with) > 1e-4) }
    }

    @Test("Direct and explanation batches leave the individual side constant and move the group")
    func constantIndividual() async throws {
        let steps: [(name: String, step: (inout TrainingSession, [Int]) throws -> Void)] = [
            ("direct", { for _ in 0..<3 { _ = try $0.directStep($1) } }),
            ("explanation", { for _ in 0..<3 { _ = try $0.explanationStep($1) } }),
        ]
        for (name, step) in steps {
            let moved = try await TrainingStepTests.moved(step)
            #expect(moved.isDisjoint(with: TrainingStepTests.individual), "\(name)")
            #expect(moved.isSuperset(of: TrainingStepTests.group), "\(name)")
            #expect(moved.contains("attribute.output") == (name == "explanation"))
        }
    }

    @Test("Alignment is reported, and left out when it weighs nothing")
    func reportedAlignment() async throws {
        _ = try await TrainingStepTests.moved { session, users in
            let losses = try session.directStep(users)
            #expect(losses.alignment > 0 && losses.task > 0)
        }
        _ = try await TrainingStepTests.moved(alignmentWeight: 0) { session, users in
            let losses = try session.directStep(users)
            #expect(losses.alignment == 0)
        }
    }

    /// Remembers whose edges were left out in each call.
    struct WatchedPropagation: GraphPropagation {
        final class Memory: Sendable {
            let calls = Mutex<[[Int]]>([])
        }

        let base: any GraphPropagation
        let memory = Memory()

        /// The calls that are not those of a snapshot.
        var batches: [[Int]] { memory.calls.withLock { $0 }.filter { !$0.isEmpty } }

        /// Puts itself in the place of a request's propagation.
        static func watching(_ request: inout OptimizationRequest) -> WatchedPropagation {
            let watched = WatchedPropagation(base: request.interactionGraph.propagation)
            request.interactionGraph = SemanticInteractionGraph(
                interactions: request.interactionGraph.interactions, transitions: request.interactionGraph.transitions,
                propagation: watched)
            return watched
        }

        func propagate(_ vectors: NodeVectors, excludingUsers excludedUsers: [Int]) throws -> NodeVectors {
            memory.calls.withLock { $0.append(excludedUsers) }
            return try base.propagate(vectors, excludingUsers: excludedUsers)
        }
    }

    @Test("A batch's own users are left out of the graph that it reads")
    func hiddenTargets() async throws {
        var request = try await Ring().request
        let watched = WatchedPropagation.watching(&request)
        let optimizer = AlternatingBatchOptimizer.tiny()
        var session = TrainingSession(request: request, model: optimizer.model, configuration: optimizer.training)
        _ = try session.sequentialStep(users: [1, 4, 7])
        _ = try session.directStep([0, 2])
        _ = try session.explanationStep([3, 9, 10])
        _ = try session.snapshot()
        #expect(watched.memory.calls.withLock { $0 } == [[1, 4, 7], [0, 2], [3, 9, 10], []])

        // Through the whole of an epoch every user is left out once by a sequential batch.
        request.validation = []
        request.epochs = 1
        watched.memory.calls.withLock { $0 = [] }
        _ = try await AlternatingBatchOptimizer.tiny {
            $0.training.directEvery = 0
            $0.training.explanationEvery = 0
        }.optimize(request)
        let calls = watched.memory.calls.withLock { $0 }
        #expect(calls.flatMap { $0 }.sorted() == Array(0..<request.training.userCount))
        #expect(calls.filter { !$0.isEmpty }.allSatisfy { $0.count <= 8 && $0 == $0.sorted() })

    }

    @Test(
        "Where users are few, an epoch has smaller batches and then more passes",
        arguments: [(80, 2), (24, 3), (24, 64)])
    func fewUsers(users: Int, minimum: Int) async throws {
        var request = try await Ring(users: users).request
        let watched = WatchedPropagation.watching(&request)
        request.validation = []
        request.epochs = 1
        let optimizer = AlternatingBatchOptimizer.tiny {
            $0.training.directEvery = 0
            $0.training.explanationEvery = 0
            $0.training.batchSize = 256
            $0.training.minimumBatchesPerEpoch = minimum
        }
        _ = try await optimizer.optimize(request)
        let batches = watched.batches
        #expect(batches.count >= minimum && batches.allSatisfy { $0.count >= 1 && $0.count <= 40 })
        let passes = batches.count * (users == 80 ? 40 : 24) / users
        #expect(
            batches.flatMap { $0 }.sorted() == (0..<users).flatMap { Array(repeating: $0, count: passes) })
    }

    @Test("A long history has several segments in an epoch, and its group speaks at its end alone")
    func longHistories() async throws {
        var request = try await Ring().request
        let watched = WatchedPropagation.watching(&request)
        request.validation = []
        request.epochs = 1
        let optimizer = AlternatingBatchOptimizer.tiny {
            $0.model.historyLength = 2
            $0.training.directEvery = 0
            $0.training.explanationEvery = 0
        }
        _ = try await optimizer.optimize(request)
        let segments = TrainingSegments(of: request.training.histories, length: 2)
        let count = request.training.histories.indices.reduce(0) { $0 + segments.count(ofUser: $1) }
        let batches = watched.batches
        #expect(count > request.training.userCount && batches.count == (count + 7) / 8)
        #expect(Set(batches.flatMap { $0 }) == Set(0..<request.training.userCount))
        // A user with two segments in a batch is left out of the graph once.
        #expect(batches.allSatisfy { Set($0).sorted() == $0 })

        let last = request.training.histories[0].count - 1
        for (place, moves) in [(0, false), (last - 1, true)] {
            let moved = try await TrainingStepTests.moved { session, _ in
                // More than one step, since the group is hidden from half of them.
                for _ in 0..<8 {
                    _ = try session.sequentialStep([TrainingSegment(user: 0, places: place..<place + 1)])
                }
            }
            #expect(moved.isSuperset(of: TrainingStepTests.group) == moves, "place \(place)")
            #expect(moves || moved.isDisjoint(with: TrainingStepTests.group), "place \(place)")
        }
    }

    @Test("A batch learns the same whatever its users' edges are")
    func independentOfOwnEdges() async throws {
        // Users 0 and 1 have exchanged the ends of their histories in the graph: degrees are the same.
        var request = try await Ring().request
        var histories = request.training.histories
        let ends = (histories[0].removeLast(), histories[1].removeLast())
        histories[0].append(ends.1)
        histories[1].append(ends.0)
        let other = try await LightGCNInteractionGraph().build(
            InteractionGraphRequest(
                training: try makeLog(histories, itemCount: request.training.itemCount),
                itemVectors: request.itemVectors))
        #expect(Set(histories[0]) != Set(request.training.histories[0]))
        let optimizer = AlternatingBatchOptimizer.tiny()
        var states: [[String: Matrix]] = []
        for graph in [request.interactionGraph, other] {
            request.interactionGraph = graph
            var session = TrainingSession(request: request, model: optimizer.model, configuration: optimizer.training)
            for _ in 0..<2 {
                _ = try session.sequentialStep(users: [0, 1, 2])
                _ = try session.directStep([0, 1])
                _ = try session.explanationStep([0, 1, 3])
            }
            states.append(session.parameters.state)
        }
        #expect(states[0] == states[1])
    }

    @Test("Training reads the groups found before the last item, where they are known")
    func earlierGroups() async throws {
        var request = try await Ring(epochs: 1).request
        request.validation = []
        let full = request.userGraph
        let other = UserGraph(neighbours: full.neighbours.indices.map { [.init(user: ($0 + 1) % 24, weight: 1)] })
        var states: [[String: Matrix]] = []
        for (graph, earlier) in [(full, nil), (full, full), (other, full), (full, other)] as [(UserGraph, UserGraph?)] {
            (request.userGraph, request.earlierUserGraph) = (graph, earlier)
            let result = try await AlternatingBatchOptimizer.tiny().optimize(request)
            #expect(result.userGraph == graph)
            states.append(result.model.state())
        }
        #expect(states[0] == states[1] && states[1] == states[2] && states[2] != states[3])
    }

    @Test("A model of no numbers ranks last on validation cases, not first")
    func notANumber() async throws {
        let ring = try await Ring(epochs: 1)
        let optimizer = AlternatingBatchOptimizer.tiny()
        var state = try await optimizer.optimize(ring.request).model.state()
        state["vectors.items"] = Matrix(rows: 12, columns: 16, repeating: .nan)
        let ranker = ValidationRanker(
            model: try TransformerGenerativeModel(configuration: optimizer.model, state: state),
            groups: ring.request.userGraph.neighbours, parallelism: .serial)
        // Twelve items less a history of three are nine: the last place is still within ten.
        let cases = (0..<4).map { LeaveOneOutSplit.Case(user: $0, history: [0, 1, 2], target: 5) }
        #expect(try await abs(ranker.ndcg10(cases) - 0.30103) < 1e-5)
    }

    @Test("Running means of weights follow the weights")
    func averaging() {
        var store = ParameterStore()
        store.add("w", Matrix([[1, 2]]))
        #expect(store.averagedState == ["w": Matrix([[1, 2]])])
        store.average(decay: 0.5, on: .serial)
        store.update(gradients: [Matrix([[1, -1]])], rate: 0.25, weightDecay: 0, on: .serial)
        #expect(distance(store["w"], Matrix([[0.75, 2.25]])) < 1e-6)
        store.average(decay: 0.5, on: .serial)
        let mean = store.averagedState["w"] ?? Matrix([[]])
        #expect(distance(mean, Matrix([[0.875, 2.125]])) < 1e-6)
        store.average(decay: 0, on: .serial)
        #expect(distance(store.averagedState["w"] ?? mean, store["w"]) < 1e-6)
    }
}

extension TrainingSession {
    /// A sequential step over whole histories, which must fit into a segment.
    fileprivate mutating func sequentialStep(users: [Int]) throws -> StepLosses {
        var random = SeededRandom(seed: 1)
        return try sequentialStep(segments.cut(users, using: &random))
    }
}
