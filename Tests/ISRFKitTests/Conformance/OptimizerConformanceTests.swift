import ISRFKit
import ISRFKitTesting
import Testing

@Suite("Conformance suite of optimisers and generative models")
struct OptimizerConformanceTests {
    @Test("The default optimiser and its model keep the contract")
    func defaultConforms() async throws {
        var configuration = ISRFConfiguration.small
        configuration.training.epochs = 2
        let model = configuration.model
        let optimizer = AlternatingBatchOptimizer(model: model, training: configuration.training)
        try await Conformance.violations(
            of: optimizer, restoring: { try TransformerGenerativeModel(configuration: model, state: $0) },
            options: .patient
        ).requireNone()
    }

    @Test("A host's own optimiser in a few lines keeps the contract")
    func ownOptimizerConforms() async throws {
        try await Conformance.violations(
            of: PlainOptimizer(), restoring: { try PlainModel(state: $0) }, options: .patient
        ).requireNone()
    }

    static let brokenOptimizers: [(name: String, optimizer: BrokenOptimizer, point: ContractPoint)] = [
        ("runs on", BrokenOptimizer { _, result in result.epochs.append(result.epochs[0]) }, .epochs),
        ("counts from zero", BrokenOptimizer { _, result in result.epochs[0].epoch = 0 }, .epochs),
        ("keeps an epoch that never was", BrokenOptimizer { _, result in result.bestEpoch = 9 }, .epochs),
        ("loses all measure", BrokenOptimizer { _, result in result.epochs[0].losses = ["sequential": .nan] }, .finite),
        (
            "scores too well",
            BrokenOptimizer { request, result in
                if !request.validation.isEmpty { result.epochs[0].validationNDCG10 = 1.5 }
            }, .finite
        ),
        ("forgets users", BrokenOptimizer { _, result in result.userGraph = UserGraph(neighbours: []) }, .shape),
        (
            "invents users",
            BrokenOptimizer { request, result in
                result.userGraph = UserGraph(
                    neighbours: Array(
                        repeating: [.init(user: 10_000, weight: 1)], count: request.training.userCount))
            }, .range
        ),
        (
            "forgets an item",
            BrokenOptimizer { request, result in
                result.model = PlainModel(itemVectors: request.itemVectors.selectingRows([0, 1]))
            }, .shape
        ),
        (
            "draws at random",
            BrokenOptimizer { request, result in
                var vectors = request.itemVectors
                vectors[0, 0] = .random(in: 0..<1)
                result.model = PlainModel(itemVectors: vectors)
            }, .determinism
        ),
        (
            "learns from validation",
            BrokenOptimizer { request, result in
                var vectors = request.itemVectors
                if let entry = request.validation.first { vectors[entry.target, 0] += 1 }
                result.model = PlainModel(itemVectors: vectors)
            }, .validation
        ),
        (
            "boasts of progress",
            BrokenOptimizer { request, _ in
                request.progress?(ProgressReport(activity: "Training", completed: 3, total: 2, unit: "batches"))
            }, .progress
        ),
        (
            "fails without validation",
            BrokenOptimizer { request, _ in if request.validation.isEmpty { throw Refusal() } }, .failure
        ),
        ("does not hear of cancellation", BrokenOptimizer { _, _ in await stubbornly() }, .cancellation),
        (
            "gives a broken model",
            BrokenOptimizer { request, result in
                result.model = BrokenModel(PlainModel(itemVectors: request.itemVectors), generate: { $0 = [:] })
            }, .shape
        ),
    ]

    @Test("An optimiser that breaks a point is caught", arguments: brokenOptimizers.indices)
    func brokenOptimizersAreCaught(_ index: Int) async {
        let (name, optimizer, point) = Self.brokenOptimizers[index]
        let options = point == .cancellation ? Conformance.Options.strict : .patient
        let violations = await Conformance.violations(of: optimizer, options: options)
        #expect(violations.points.contains(point), "\(name): \(violations)")
    }

    static let brokenModels: [(name: String, model: BrokenModel, point: ContractPoint)] = [
        ("has no view", BrokenModel(generate: { $0 = [:] }), .shape),
        (
            "is wider than its items",
            BrokenModel(generate: { $0[.group] = Matrix(rows: $0[.individual]?.rows ?? 0, columns: 9) }), .shape
        ),
        ("is not a number", BrokenModel(generate: { $0[.individual]?.fill(.nan) }), .finite),
        (
            "looks at the neighbours' histories",
            BrokenModel(generate: { queries in
                guard let query = queries[.individual] else { return }
                queries[.individual] = query.selectingRows((0..<query.rows).reversed())
            }), .order
        ),
        ("draws at random", BrokenModel(generate: { $0[.individual]?.fill(.random(in: 0..<1)) }), .determinism),
        ("is not of unit length", BrokenModel(individual: { $0.fill(1) }), .unitRows),
        ("forgets somebody", BrokenModel(individual: { $0 = $0.selectingRows([0]) }), .shape),
        ("does not take new items", BrokenModel(addItems: { model, _ in model }), .newItems),
        (
            "moves known items",
            BrokenModel(addItems: { model, new in
                var known = model.itemVectors
                known[0, 0] += 1
                return PlainModel(itemVectors: known.appendingRows(of: new))
            }), .newItems
        ),
        ("fails on new items", BrokenModel(addItems: { _, _ in throw Refusal() }), .failure),
        ("forgets its state", BrokenModel(state: { $0 = [:] }), .state),
        ("saves something else", BrokenModel(state: { $0["items"]?.elements[0] += 1 }), .state),
        ("saves what is no number", BrokenModel(state: { $0["items"]?.elements[0] = .nan }), .finite),
    ]

    @Test("A model that breaks a point is caught", arguments: brokenModels.indices)
    func brokenModelsAreCaught(_ index: Int) {
        let (name, model, point) = Self.brokenModels[index]
        let group = [UserGraph.Neighbour(user: 0, weight: 1)]
        let violations = Conformance.violations(
            of: model, cases: [.init(history: [0], group: group), .init(history: [2, 1], group: [])], textWidth: 3,
            restoring: { try PlainModel(state: $0) })
        #expect(violations.points.contains(point), "\(name): \(violations)")
    }
}
