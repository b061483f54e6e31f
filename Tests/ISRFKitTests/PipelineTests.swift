import ISRFKitTesting
import Testing

@testable import ISRFKit

/// Every user is followed by the next ones.
private struct RingBuilder: UserGraphBuilder {
    func build(_ request: UserGraphRequest) async throws -> UserGraph {
        let users = request.candidates.rows
        return UserGraph(
            neighbours: request.owners.map { owner in
                guard let owner else { return [UserGraph.Neighbour(user: 0, weight: 1)] }
                return [UserGraph.Neighbour(user: (owner + 1) % users, weight: 0.5)]
            })
    }
}

/// Each item is followed by the next one of the catalogue; vectors stay where they are.
private struct CatalogueOrderGraph: InteractionGraph {
    var items: Int?

    struct Stillness: GraphPropagation {
        func propagate(_ vectors: NodeVectors, excludingUsers excludedUsers: [Int]) -> NodeVectors { vectors }
    }

    func build(_ request: InteractionGraphRequest) async throws -> SemanticInteractionGraph {
        let items = items ?? request.training.itemCount
        let entries = (0..<items - 1).map { (row: $0, column: $0 + 1, value: Float(1)) }
        return SemanticInteractionGraph(
            interactions: BipartiteInteractions(request.training),
            transitions: ItemTransitions(matrix: SparseMatrix(rows: items, columns: items, entries: entries)),
            propagation: Stillness())
    }
}

/// Says the same of everything, and of the wrong item when told to.
private struct OneSentenceReasoner: SemanticReasoner {
    var confuses = false

    func profile(for request: ItemReasoningRequest) async throws -> ItemProfile {
        let said = Reasoned(summary: "Good for \(request.item.brand ?? "anybody").", reasoning: "It says so.")
        return ItemProfile(item: confuses ? "another" : request.item.id, positive: said, negative: said, feature: said)
    }

    func profile(for request: UserReasoningRequest) async throws -> UserProfile {
        let said = Reasoned(summary: "Has \(request.recentItems.count) items.", reasoning: "Counted.")
        return UserProfile(user: confuses ? "another" : request.user, likes: said, dislikes: said, preference: said)
    }
}

@Suite("The pipeline and its stages")
struct PipelineTests {
    private func fit(_ pipeline: RecommenderPipeline, _ data: SampleData) async throws -> Recommender {
        try await pipeline.fit(catalogue: data.catalogue, split: LeaveOneOutSplit(data.log))
    }

    @Test("A host's reasoner is asked about every item and user, in few lines of code")
    func reasoner() async throws {
        let data = try SampleData()
        let recommender = try await fit(
            RecommenderPipeline(
                configuration: .small, reasoner: OneSentenceReasoner(), optimizer: PlainOptimizer()), data)
        #expect(recommender.training.failedItems == 0 && recommender.training.failedUsers == 0)
        for (item, profile) in zip(data.catalogue.items, recommender.itemProfiles) {
            #expect(profile.item == item.id)
            #expect(profile.feature.summary == "Good for \(item.brand ?? "anybody").")
        }
        for (history, profile) in zip(data.log.histories, recommender.userProfiles) {
            #expect(profile.likes.summary == "Has \(history.count - 2) items.")
        }
        let explanation = try await recommender.explain(user: data.log.users[0], item: data.catalogue[0].id)
        #expect(explanation.itemFeature == recommender.itemProfiles[0].feature.summary)
    }

    @Test("A reasoner sees training items only, the most recent first and no more than configured")
    func reasonerRequests() async throws {
        let data = try SampleData()
        let reasoner = RecordingReasoner()
        var configuration = ISRFConfiguration.small
        configuration.reasoning.recentItems = 3
        _ = try await fit(
            RecommenderPipeline(configuration: configuration, reasoner: reasoner, optimizer: PlainOptimizer()), data)
        let split = LeaveOneOutSplit(data.log)
        #expect(reasoner.preparations.map(\.training) == [split.training])
        #expect(Set(reasoner.itemRequests.map(\.item.id)) == Set(data.catalogue.items.map(\.id)))
        #expect(reasoner.itemRequests.count == data.catalogue.count)
        #expect(reasoner.userRequests.count == data.log.userCount)
        for request in reasoner.userRequests {
            let history = split.training.histories[try data.log.index(ofUser: request.user)]
            #expect(request.recentItems.map(\.item.id) == history.suffix(3).reversed().map { data.catalogue[$0].id })
        }
    }

    @Test("A host's text encoder is fitted to the items once and makes all vectors")
    func encoder() async throws {
        let data = try SampleData()
        let encoder = RecordingEncoder(EchoingEncoder())
        let recommender = try await fit(
            RecommenderPipeline(configuration: .small, encoder: encoder, optimizer: PlainOptimizer()), data)
        #expect(encoder.fittedTexts.count == 1)
        #expect(encoder.fittedTexts.first?.count == data.catalogue.count)
        let expected = try await EchoingEncoder().encode(
            zip(data.catalogue.items, recommender.itemProfiles).map { ItemDocument.text(for: $0, profile: $1) })
        #expect(recommender.scorer.views.textVectors == expected)
    }

    @Test("A host's interaction graph decides what follows what")
    func interactionGraph() async throws {
        let data = try SampleData()
        let recommender = try await fit(
            RecommenderPipeline(configuration: .small, interactionGraph: CatalogueOrderGraph()), data
        ).weighing(ScoreWeights(terms: [.transitions: .init(weight: 1, scale: 0.04)]))
        #expect(recommender.transitions.strength(from: 4, to: 5) == 1)
        let answer = try await recommender.recommend(history: [data.catalogue[4].id], options: .init(count: 1))
        #expect(answer.map(\.item) == [data.catalogue[5].id])
    }

    @Test("A host's user graph builder decides who is similar, at fitting and for bare histories")
    func userGraphBuilder() async throws {
        let data = try SampleData()
        let recommender = try await fit(
            RecommenderPipeline(configuration: .small, userGraphBuilder: RingBuilder()), data)
        for user in 0..<data.log.userCount {
            let similar = try recommender.similar(user: data.log.users[user])
            #expect(similar.map(\.user) == [data.log.users[(user + 1) % data.log.userCount]])
        }
        let group = try await recommender.groups(histories: [[3]], owners: [nil])
        #expect(group == [[UserGraph.Neighbour(user: 0, weight: 1)]])
    }

    @Test("A host's optimiser brings the model")
    func optimizer() async throws {
        let data = try SampleData()
        let recommender = try await RecommenderPipeline(configuration: .small, optimizer: PlainOptimizer())
            .fit(catalogue: data.catalogue, log: data.log)
        #expect(recommender.scorer.model is PlainModel)
        #expect(recommender.training.bestEpoch == 2)
        #expect(try await recommender.recommend(user: data.log.users[0]).count == 10)
    }

    @Test("Where a reasoner fails or confuses its answers, attributes are reasoned from and every failure is counted")
    func fallback() async throws {
        let data = try SampleData()
        let expected = try await fit(
            RecommenderPipeline(configuration: .small, optimizer: PlainOptimizer()), data)
        let asked = data.catalogue.count + data.log.userCount
        for concurrency in [1, 8] {
            var configuration = ISRFConfiguration.small
            configuration.reasoning.concurrency = concurrency
            let sometimes = try await fit(
                RecommenderPipeline(
                    configuration: configuration, reasoner: FailingReasoner(.init(failingEvery: 3)),
                    optimizer: PlainOptimizer()), data)
            #expect(sometimes.training.failedItems + sometimes.training.failedUsers == asked / 3)
            #expect(sometimes.itemProfiles.map(\.item) == data.catalogue.items.map(\.id))
            #expect(sometimes.userProfiles.map(\.user) == data.log.users.identifiers)
        }
        let never: [any SemanticReasoner] = [
            FailingReasoner(.init(failingEvery: 1)), OneSentenceReasoner(confuses: true),
        ]
        for reasoner in never {
            let recommender = try await fit(
                RecommenderPipeline(configuration: .small, reasoner: reasoner, optimizer: PlainOptimizer()), data)
            #expect(recommender.training.failedItems == data.catalogue.count)
            #expect(recommender.training.failedUsers == data.log.userCount)
            #expect(recommender.itemProfiles == expected.itemProfiles)
            #expect(recommender.userProfiles == expected.userProfiles)
        }
    }

    @Test("Fitting for use counts the failures of the fit that is kept")
    func failuresOfTheFinalFit() async throws {
        let data = try SampleData()
        let recommender = try await RecommenderPipeline(
            configuration: .small, reasoner: FailingReasoner(.init(failingEvery: 1)), optimizer: PlainOptimizer()
        ).fit(catalogue: data.catalogue, log: data.log)
        #expect(recommender.training.failedItems == data.catalogue.count)
        #expect(recommender.training.failedUsers == data.log.userCount)
        #expect(recommender.log == data.log)
        #expect(recommender.training.validationNDCG10 != nil)
    }

    @Test("A stage that breaks its contract is named, never a crash")
    func contracts() async throws {
        let data = try SampleData()
        func refused(_ name: String, _ pipeline: RecommenderPipeline) async {
            await expectError(.contractViolation, name) { _ = try await fit(pipeline, data) }
        }
        await refused(
            "CatalogueOrderGraph",
            RecommenderPipeline(configuration: .small, interactionGraph: CatalogueOrderGraph(items: 7)))
        let broken: [@Sendable (OptimizationRequest, inout OptimizationResult) -> Void] = [
            { $1.model = PlainModel(itemVectors: $0.itemVectors.selectingRows([0, 1])) },
            { $1.userGraph = UserGraph(neighbours: []) },
            { request, result in
                result.userGraph = UserGraph(
                    neighbours: Array(
                        repeating: [.init(user: 10_000, weight: 1)], count: request.training.userCount))
            },
            { $1.bestEpoch = 0 },
            { request, result in
                var vectors = request.itemVectors
                vectors[0, 0] = .infinity
                result.model = PlainModel(itemVectors: vectors)
            },
        ]
        for change in broken {
            await refused(
                "BrokenOptimizer",
                RecommenderPipeline(configuration: .small, optimizer: BrokenOptimizer { change($0, &$1) }))
        }
        await refused(
            "BrokenModel",
            RecommenderPipeline(
                configuration: .small,
                optimizer: BrokenOptimizer { request, result in
                    result.model = BrokenModel(
                        PlainModel(itemVectors: request.itemVectors),
                        generate: { $0[.group] = Matrix(rows: 1, columns: 1) })
                }))
    }

    @Test("A stage's own error reaches the host as it is")
    func ownErrors() async throws {
        let data = try SampleData()
        let pipeline = RecommenderPipeline(
            configuration: .small, encoder: FailingEncoder(.init(failingEvery: 1)), optimizer: PlainOptimizer())
        await #expect(throws: DoubleError.self) { _ = try await fit(pipeline, data) }
    }

    @Test("A log of another catalogue and a configuration out of range are refused")
    func refusals() async throws {
        let data = try SampleData()
        let other = try Catalogue(items: [Item(id: "only")])
        await expectError(.invalidData, "catalogue") {
            _ = try await RecommenderPipeline(configuration: .small).fit(catalogue: other, log: data.log)
        }
        var configuration = ISRFConfiguration.small
        configuration.users.neighbours = -1
        await expectError(.invalidConfiguration, "users.neighbours") {
            _ = try await RecommenderPipeline(configuration: configuration)
                .fit(catalogue: data.catalogue, log: data.log)
        }
        let short = try InteractionLog(
            users: IdentifierMap(["a", "b"]), histories: [[0], [1]], itemCount: data.catalogue.count)
        await expectError(.invalidData, "longer histories") {
            _ = try await RecommenderPipeline(configuration: .small).fit(catalogue: data.catalogue, log: short)
        }
    }

    @Test("Users with short histories and users without any are taken along")
    func shortHistories() async throws {
        let data = try SampleData()
        var histories = data.log.histories
        histories[0] = []
        histories[1] = [4]
        histories[2] = [4, 5]
        let log = try InteractionLog(users: data.log.users, histories: histories, itemCount: data.catalogue.count)
        let recommender = try await RecommenderPipeline(configuration: .small)
            .fit(catalogue: data.catalogue, log: log)
        let answers = try await recommender.recommend(users: data.log.users.identifiers)
        #expect(answers.allSatisfy { $0.count == 10 && $0.allSatisfy(\.score.isFinite) })
        let counts = log.itemCounts()
        let first = try data.catalogue.index(of: answers[0][0].item)
        #expect(counts[first] == counts.max())
    }

    @Test("Without any similar users the rest works")
    func withoutGroups() async throws {
        let data = try SampleData()
        var configuration = ISRFConfiguration.small
        configuration.users.neighbours = 0
        configuration.training.epochs = 2
        let recommender = try await fit(RecommenderPipeline(configuration: configuration), data)
        #expect(try recommender.similar(user: data.log.users[0]).isEmpty)
        #expect(try await recommender.recommend(history: [data.catalogue[0].id]).count == 10)
        let explanation = try await recommender.explain(user: data.log.users[0], item: data.catalogue[0].id)
        #expect(explanation.group.isEmpty)
    }

    @Test("As a system under evaluation the recommender beats popularity on planted tastes")
    func evaluation() async throws {
        let data = try SampleData()
        let split = LeaveOneOutSplit(data.log)
        let recommender = try await fit(RecommenderPipeline(configuration: .small), data)
        let ours = try await Evaluator().evaluate(RecommenderSystem(recommender), on: split, part: .test)
        let popularity = try await Evaluator().evaluate(
            try await PopularityBaseline().fitted(to: split, catalogue: data.catalogue, parallelism: .serial),
            on: split, part: .test)
        #expect(ours.hitRate(at: 10) > popularity.hitRate(at: 10) + 0.2)
    }
}
