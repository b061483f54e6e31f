import ISRFKit
import Synchronization
import Testing

@Suite("The alternating batch optimiser")
struct AlternatingBatchOptimizerTests {
    /// The logits of all items for some histories.
    static func logits(_ model: any GenerativeModel, _ histories: [[Int]], _ groups: [[UserGraph.Neighbour]]) throws
        -> Matrix
    {
        let response = try model.generate(GenerationRequest(histories: histories, groups: groups))
        return response.combinedQueries.multiplied(by: model.itemVectors, transposeOther: true)
    }

    @Test("It learns what always comes next")
    func learnsStructure() async throws {
        let items = 20
        let result = try await AlternatingBatchOptimizer.tiny(epochs: 40).optimize(
            try await Ring(items: items, users: 80, epochs: 40).request)
        let histories = (0..<items).map { start in (0..<3).map { (start + $0) % items } }
        let logits = try AlternatingBatchOptimizerTests.logits(result.model, histories, histories.map { _ in [] })
        let hits = histories.indices.count { logits.row($0).greatest(1)[0].index == ($0 + 3) % items }
        #expect(hits >= items - 1)
        let losses = result.epochs.compactMap { $0.losses["sequential"] }
        #expect(losses.count == 40 && losses[39] < losses[0] / 2)
        #expect(Set(result.epochs[0].losses.keys) == ["sequential", "direct", "explanation", "alignment"])
    }

    @Test("The same seed gives the same weights to the last bit, another seed gives others")
    func determinism() async throws {
        let optimizer = AlternatingBatchOptimizer.tiny()
        let first = try await optimizer.optimize(try await Ring().request)
        let second = try await optimizer.optimize(try await Ring().request)
        #expect(first.model.state() == second.model.state())
        #expect(first.bestEpoch == second.bestEpoch)
        #expect(first.epochs.map(\.losses) == second.epochs.map(\.losses))
        let other = try await optimizer.optimize(try await Ring(seed: 2).request)
        #expect(other.model.state() != first.model.state())
    }

    @Test("The weights of the best epoch are kept, and training stops when patience ends")
    func earlyStopping() async throws {
        var ring = try await Ring()
        // Targets that the histories say nothing about, so that validation has no reason to rise for long.
        var random = SeededRandom(seed: 3)
        ring.request.validation = ring.request.validation.map {
            LeaveOneOutSplit.Case(user: $0.user, history: $0.history, target: random.index(below: 12))
        }
        let optimizer = AlternatingBatchOptimizer.tiny(epochs: 30) { $0.training.patience = 2 }
        let result = try await optimizer.optimize(ring.request)
        let scores = result.epochs.compactMap(\.validationNDCG10)
        #expect(scores.count == result.epochs.count)
        #expect(result.bestEpoch == (scores.firstIndex(of: scores.max() ?? 0) ?? -1) + 1)
        #expect(result.epochs.count == result.bestEpoch + 2 && result.epochs.count < 30)
        #expect(result.epochs.map(\.epoch) == Array(1...result.epochs.count))

        // The recorded score is that of the model that is given back.
        let logits = try AlternatingBatchOptimizerTests.logits(
            result.model, ring.request.validation.map(\.history),
            ring.request.validation.map { result.userGraph.neighbours[$0.user] })
        let ranks = ring.request.validation.enumerated().map { row, entry in
            logits.row(row).withUnsafeBufferPointer {
                RankingMetrics.rank(of: entry.target, in: $0, excluding: entry.history)
            }
        }
        #expect(abs(RankingMetrics.ndcg(at: 10, ranks: ranks) - (scores.max() ?? 0)) < 1e-6)

        // Trained for exactly as many epochs, with nothing to validate, the weights are the same.
        ring.request.validation = []
        ring.request.epochs = result.bestEpoch
        let fixed = try await optimizer.optimize(ring.request)
        #expect(fixed.model.state() == result.model.state())
        #expect(fixed.epochs.allSatisfy { $0.validationNDCG10 == nil } && fixed.bestEpoch == result.bestEpoch)
    }

    @Test("Later rounds find the user graph among the refined vectors")
    func rounds() async throws {
        let request = try await Ring().request
        let optimizer = AlternatingBatchOptimizer.tiny { $0.training.rounds = 2 }
        let result = try await optimizer.optimize(request)
        #expect(result.refinesUserGraph)
        let joined = try result.model.joinedUserVectors(
            reasoned: request.userVectors, histories: request.training.histories)
        let expected = try await request.userGraphBuilder.build(UserGraphRequest(users: joined, neighbourCount: 5))
        #expect(result.userGraph == expected && result.userGraph != request.userGraph)
        let single = try await AlternatingBatchOptimizer.tiny().optimize(request)
        #expect(!single.refinesUserGraph && single.userGraph == request.userGraph)
    }

    @Test("Progress counts every batch of every epoch and tells each validation")
    func progress() async throws {
        let reports = Mutex<[ProgressReport]>([])
        var request = try await Ring(epochs: 2).request
        request.progress = { report in reports.withLock { $0.append(report) } }
        _ = try await AlternatingBatchOptimizer.tiny().optimize(request)
        let seen = reports.withLock { $0 }
        let batches = seen.filter { $0.unit == "batches" }
        #expect(batches.map(\.completed) == [1, 2, 3, 1, 2, 3])
        #expect(batches.allSatisfy { $0.total == 3 })
        let validations = seen.filter { $0.unit != "batches" }
        #expect(validations.count == 2)
        #expect(validations.allSatisfy { $0.detail?.hasPrefix("NDCG@10 0.") == true || $0.detail == "NDCG@10 1.0000" })
    }

    @Test("Cancelled, it stops long before its epochs are over", .timeLimit(.minutes(1)))
    func cancellation() async throws {
        var request = try await Ring().request
        request.validation = []
        let (started, continuation) = AsyncStream.makeStream(of: Void.self)
        request.progress = { _ in continuation.yield() }
        let optimizer = AlternatingBatchOptimizer.tiny(epochs: 1_000_000)
        let asked = request
        let task = Task { try await optimizer.optimize(asked) }
        var batches = started.makeAsyncIterator()
        _ = await batches.next()
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
    }

    @Test("Users with a short history or none do no harm")
    func shortHistories() async throws {
        var ring = try await Ring(epochs: 1)
        var histories = ring.request.training.histories
        histories[0] = []
        histories[1] = [3]
        ring.request.training = try makeLog(histories, itemCount: 12)
        ring.request.validation = []
        let result = try await AlternatingBatchOptimizer.tiny().optimize(ring.request)
        #expect(result.model.state().values.allSatisfy { $0.isFinite })
        // One user with two items is enough to learn from.
        ring.request.training = try makeLog(histories.dropLast().map { _ in [] } + [[4, 5]], itemCount: 12)
        #expect(try await AlternatingBatchOptimizer.tiny().optimize(ring.request).model.itemVectors.isFinite)
    }

    @Test("Requests whose parts do not fit are refused, and say which part")
    func refusals() async throws {
        let request = try await Ring().request
        let graph = request.userGraph.neighbours
        let stranger = UserGraph(neighbours: [[.init(user: 24, weight: 1)]] + graph.dropFirst())
        let texts = request.itemVectors
        let changes: [(field: String?, change: (inout OptimizationRequest) throws -> Void)] = [
            ("epochs", { $0.epochs = 0 }),
            ("itemVectors", { $0.itemVectors = texts.selectingRows([0]) }),
            ("itemVectors", { $0.itemVectors[2, 2] = .nan }),
            ("userVectors", { $0.userVectors = texts }),
            ("userGraph", { $0.userGraph = UserGraph(neighbours: Array(graph.dropLast())) }),
            ("userGraph", { $0.userGraph = stranger }),
            ("earlierUserGraph", { $0.earlierUserGraph = stranger }),
            ("earlierUserVectors", { $0.earlierUserVectors = texts }),
            ("validation", { $0.validation = [.init(user: 24, history: [1], target: 2)] }),
            ("validation", { $0.validation = [.init(user: 0, history: [1, 12], target: 2)] }),
            ("validation", { $0.validation = [.init(user: 0, history: [1], target: -1)] }),
            (
                "statistics",
                {
                    let catalogue = try Catalogue(items: [Item(id: "only")])
                    $0.statistics = try AttributeStatistics(
                        vocabulary: AttributeVocabulary(catalogue: catalogue),
                        training: makeLog([[0]], itemCount: 1))
                }
            ),
            (nil, { $0.training = try makeLog(graph.map { _ in [1] }, itemCount: 12) }),
        ]
        for (field, change) in changes {
            var broken = request
            try change(&broken)
            let error = await #expect(throws: ISRFError.self) {
                _ = try await AlternatingBatchOptimizer.tiny().optimize(broken)
            }
            #expect(error?.code == (field == "epochs" ? .invalidConfiguration : .invalidData))
            #expect(error?.location?.field == field)
        }
    }

    @Test("Training that diverges says so instead of giving a model of no numbers")
    func divergence() async throws {
        let optimizer = AlternatingBatchOptimizer.tiny(epochs: 10) { $0.training.learningRate = 1e25 }
        let request = try await Ring().request
        let error = await #expect(throws: ISRFError.self) { _ = try await optimizer.optimize(request) }
        #expect(error?.code == .numericalFailure)
        #expect(error?.message.contains("training.learningRate") == true)
    }
}
