import ISRFKit
import Synchronization
import Testing

@testable import ISRFOptimization

@Suite("Training semantic identifiers")
struct SemanticIdentifierTrainerTests {
    static func trainer(
        epochs: Int = 60, _ change: (inout SemanticIdentifierConfiguration) -> Void = { _ in }
    ) -> SemanticIdentifierTrainer {
        var configuration = SemanticIdentifierConfiguration()
        configuration.epochs = epochs
        configuration.batchSize = 16
        configuration.learningRate = 0.01
        configuration.dropout = 0.1
        change(&configuration)
        return SemanticIdentifierTrainer(configuration: configuration)
    }

    /// Items on a ring, each always followed by the next, and a vocabulary from a model's vectors.
    static func request(_ trunk: any GenerativeModel, _ ring: Ring) throws -> SemanticIdentifierRequest {
        let quantizer = try ResidualQuantizer(
            fitting: trunk.itemVectors, configuration: .init(levels: 2, codebookSize: 3))
        return SemanticIdentifierRequest(
            trunk: trunk,
            vocabulary: try SemanticIdentifierVocabulary(quantizer: quantizer, vectors: trunk.itemVectors),
            quantizer: quantizer, training: ring.request.training, userGraph: ring.request.userGraph,
            validation: ring.split.cases(.validation))
    }

    @Test("Next items that follow by rule are learned and decoded, from the states of a trained model")
    func ring() async throws {
        let ring = try await Ring()
        let trunk = try await AlternatingBatchOptimizer.tiny().optimize(ring.request).model
        var request = try Self.request(trunk, ring)
        // The rule speaks of histories alone.
        request.userGraph = UserGraph(neighbours: request.training.histories.map { _ in [] })
        #expect(request.vocabulary.hasDisambiguation)
        let result = try await Self.trainer(epochs: 200) { $0.patience = 200 }.train(request)
        #expect(result.epochs.count == 200)
        #expect(try #require(result.epochs.last).loss < 0.3 * result.epochs[0].loss)
        let cases = ring.split.cases(.test)
        let asked = GenerationRequest(histories: cases.map(\.history), groups: cases.map { _ in [] })
        let all = try result.model.recommend(asked, count: 12, beamWidth: 12)
        let greedy = try result.model.recommend(asked, count: 1, beamWidth: 1)
        let right = zip(cases, all).filter { $0.target == $1[0].item }.count
        let rightGreedily = zip(cases, greedy).filter { $0.target == $1[0].item }.count
        #expect(right * 10 >= cases.count * 9, "\(right) of \(cases.count)")
        #expect(rightGreedily * 10 >= cases.count * 8, "\(rightGreedily) of \(cases.count)")
        // What comes out are all items, once each, with their log-probabilities.
        let scores = try result.model.logProbabilities(
            asked, items: cases.map { _ in Array(0..<12) })
        for (found, scores) in zip(all, scores) {
            #expect(found.map(\.item).sorted() == Array(0..<12))
            for candidate in found { #expect(abs(candidate.logProbability - scores[candidate.item]) < 1e-3) }
            #expect(scores.allSatisfy { $0 <= 0 })
        }
    }

    @Test("Both the history and the group of a user count")
    func conditioning() async throws {
        let model = try await Self.trainer(epochs: 1).train(Self.request(LastItemModel(), try await Ring())).model
        let neighbour = UserGraph.Neighbour(user: 0, weight: 1)
        let asked = GenerationRequest(histories: [[0, 1], [1, 0], [0, 1]], groups: [[], [], [neighbour]])
        let response = try LastItemModel().generate(asked).queries
        let sum = try #require(response[.sequence]).adding(try #require(response[.group]))
        #expect(distance(try model.states(asked), sum) < 1e-6)
        let scores = try model.logProbabilities(asked, items: [[3], [3], [3]]).map { $0[0] }
        #expect(Set(scores).count == 3)
    }

    @Test("Lists of items are honoured for each history")
    func filters() async throws {
        let ring = try await Ring()
        let model = try await Self.trainer(epochs: 1).train(Self.request(LastItemModel(), ring)).model
        let asked = GenerationRequest(histories: [[0, 1], [5], []], groups: [[], [], []])
        let found = try model.recommend(
            asked, count: 20,
            filters: [ItemFilter(denied: [0, 1]), ItemFilter(allowed: [2, 5]), ItemFilter(allowed: [])])
        #expect(found[0].map(\.item).sorted() == Array(2..<12))
        #expect(found[1].map(\.item).sorted() == [2, 5])
        #expect(found[2].isEmpty)
        #expect(try model.recommend(asked, count: 3).map(\.count) == [3, 3, 3])
        #expect(try model.recommend(GenerationRequest(histories: [], groups: []), count: 3).isEmpty)
    }

    @Test("The same seed gives the same decoder, another seed another; the model below stays as it is")
    func seeds() async throws {
        let ring = try await Ring()
        let trunk = try await AlternatingBatchOptimizer.tiny(epochs: 1).optimize(ring.request).model
        let before = trunk.state()
        var request = try Self.request(trunk, ring)
        let first = try await Self.trainer(epochs: 2).train(request)
        let again = try await Self.trainer(epochs: 2).train(request)
        #expect(first.model.state() == again.model.state())
        #expect(first.epochs == again.epochs)
        request.seed = 2
        #expect(try await Self.trainer(epochs: 2).train(request).model.state() != first.model.state())
        #expect(first.model.trunk.state() == before)
    }

    @Test("Validation decides which weights are kept")
    func earlyStopping() async throws {
        let ring = try await Ring()
        var request = try Self.request(LastItemModel(), ring)
        // Held-out items against the rule: whoever learns the rule gets worse.
        request.validation = request.validation.map {
            .init(user: $0.user, history: $0.history, target: ($0.target + 5) % 12)
        }
        let result = try await Self.trainer { $0.patience = 2 }.train(request)
        let losses = result.epochs.compactMap(\.validationLoss)
        #expect(losses.count == result.epochs.count && losses.count < 60)
        #expect(result.bestEpoch == result.epochs.count - 2)
        #expect(losses.min() == losses[result.bestEpoch - 1])
        // What was kept is what was measured.
        let groups = request.validation.map { request.userGraph.neighbours[$0.user] }
        let scores = try result.model.logProbabilities(
            GenerationRequest(histories: request.validation.map(\.history), groups: groups),
            items: request.validation.map { [$0.target] }
        ).map { Double($0[0]) }
        let kept: Double = -scores.reduce(0, +) / Double(scores.count)
        let difference: Double = abs(kept - losses[result.bestEpoch - 1])
        #expect(difference < 1e-3)
    }

    @Test("The group is read for a user's last item alone, as it was found before that one")
    func groups() async throws {
        let ring = try await Ring()
        var request = try Self.request(LastItemModel(), ring)
        request.validation = []
        let count = request.training.userCount
        func graph(_ weight: Float) -> UserGraph {
            UserGraph(neighbours: (0..<count).map { [.init(user: ($0 + 1) % count, weight: weight)] })
        }
        request.userGraph = graph(1)
        request.earlierUserGraph = graph(0.5)
        let seen = RecordedGroups()
        request.trunk = RecordingModel(seen: seen)
        _ = try await Self.trainer(epochs: 1).train(request)
        for (history, group) in seen.pairs {
            let users = request.training.histories.indices.filter {
                request.training.histories[$0].starts(with: history)
            }
            let lasts = users.filter { request.training.histories[$0].count == history.count + 1 }
            #expect(group.isEmpty || (!lasts.isEmpty && group.allSatisfy { $0.weight == 0.5 }))
        }
        #expect(seen.pairs.filter { !$0.1.isEmpty }.count == count)
    }

    @Test("Cancelled, it stops long before its epochs are over", .timeLimit(.minutes(1)))
    func cancellation() async throws {
        var request = try Self.request(LastItemModel(), try await Ring())
        request.validation = []
        let (started, continuation) = AsyncStream.makeStream(of: Void.self)
        request.progress = { _ in continuation.yield() }
        let asked = request
        let task = Task { try await Self.trainer(epochs: 1_000_000).train(asked) }
        var batches = started.makeAsyncIterator()
        _ = await batches.next()
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
    }

    @Test("Restored from its state a model answers the same to the last bit; a broken state is refused by name")
    func state() async throws {
        let request = try Self.request(LastItemModel(), try await Ring())
        let trainer = Self.trainer(epochs: 1)
        let model = try await trainer.train(request).model
        func restored(_ state: [String: Matrix]) throws -> SemanticIdentifierModel {
            try SemanticIdentifierModel(
                trunk: request.trunk, vocabulary: request.vocabulary, configuration: trainer.configuration, state: state
            )
        }
        let asked = GenerationRequest(histories: [[1, 2], [8]], groups: [[], []])
        #expect(try restored(model.state()).recommend(asked, count: 12) == model.recommend(asked, count: 12))
        for name in model.state().keys {
            for broken in [nil, Matrix(rows: 2, columns: 77)] {
                var state = model.state()
                state[name] = broken
                let error = #expect(throws: ISRFError.self) { _ = try restored(state) }
                #expect(error?.code == .invalidModel)
                #expect(error?.message.contains(name) == true)
            }
        }
    }

    @Test("Requests whose parts do not fit are refused")
    func refusals() async throws {
        let request = try Self.request(LastItemModel(), try await Ring())
        let changes: [(ISRFError.Code, (inout SemanticIdentifierRequest) throws -> Void)] = [
            (.invalidData, { $0.vocabulary = try drawnVocabulary(items: 11) }),
            (.invalidData, { $0.userGraph = UserGraph(neighbours: []) }),
            (.invalidData, { $0.earlierUserGraph = UserGraph(neighbours: []) }),
            (.invalidData, { $0.validation = [.init(user: 99, history: [], target: 0)] }),
            (.invalidData, { $0.validation = [.init(user: 0, history: [], target: 12)] }),
            (.invalidData, { $0.training = try makeLog((0..<24).map { _ in [3] }, itemCount: 12) }),
            (
                .contractViolation,
                { $0.trunk = LastItemModel(itemVectors: Matrix(rows: 12, columns: 8, repeating: .nan)) }
            ),
        ]
        for (code, change) in changes {
            var broken = request
            try change(&broken)
            let asked = broken
            let error = await #expect(throws: ISRFError.self) { _ = try await Self.trainer(epochs: 1).train(asked) }
            #expect(error?.code == code)
        }
        let wrong: [(inout SemanticIdentifierConfiguration) -> Void] = [
            { $0.heads = 3 }, { $0.epochs = 0 }, { $0.dropout = 1 }, { $0.batchSize = 0 }, { $0.learningRate = 0 },
            { $0.blocks = -1 }, { $0.expansion = 0 }, { $0.patience = 0 }, { $0.targetsPerUser = 0 }, { $0.warmUp = 1 },
            { $0.weightDecay = -1 }, { $0.initialDeviation = 0 }, { $0.heads = 0 },
        ]
        for change in wrong {
            let error = await #expect(throws: ISRFError.self) {
                _ = try await Self.trainer(epochs: 1, change).train(request)
            }
            #expect(error?.code == .invalidConfiguration)
        }
        let model = try await Self.trainer(epochs: 1).train(request).model
        let asked = GenerationRequest(histories: [[1]], groups: [[]])
        for items in [[12], [-1]] {
            let error = #expect(throws: ISRFError.self) { _ = try model.logProbabilities(asked, items: [items]) }
            #expect(error?.code == .notFound)
        }
        let error = #expect(throws: ISRFError.self) { _ = try model.recommend(asked, count: 1, beamWidth: 0) }
        #expect(error?.code == .invalidConfiguration)
    }
}

/// What a model was asked for.
private final class RecordedGroups: Sendable {
    private let recorded = Mutex<[([Int], [UserGraph.Neighbour])]>([])

    var pairs: [([Int], [UserGraph.Neighbour])] { recorded.withLock { $0 } }

    func record(_ request: GenerationRequest) {
        recorded.withLock { $0 += zip(request.histories, request.groups) }
    }
}

private struct RecordingModel: GenerativeModel {
    let seen: RecordedGroups
    let model = LastItemModel()

    var itemVectors: Matrix { model.itemVectors }

    func generate(_ request: GenerationRequest) throws -> GenerationResponse {
        seen.record(request)
        return try model.generate(request)
    }

    func addingItems(textVectors: Matrix) throws -> any GenerativeModel { self }
    func individualVectors(histories: [[Int]]) throws -> Matrix { try model.individualVectors(histories: histories) }
    func state() -> [String: Matrix] { [:] }
}
