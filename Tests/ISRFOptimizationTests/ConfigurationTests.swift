import ISRFKit
import Testing

@Suite("Configuration of model, training and views")
struct ConfigurationTests {
    static let model: [(field: String, change: @Sendable (inout GenerativeConfiguration) -> Void)] = [
        ("width", { $0.width = 1 }), ("blocks", { $0.blocks = -1 }), ("heads", { $0.heads = 0 }),
        ("heads", { $0.heads = $0.width + 1 }), ("expansion", { $0.expansion = 0 }),
        ("historyLength", { $0.historyLength = 0 }), ("dropout", { $0.dropout = 1 }),
        ("dropout", { $0.dropout = -0.1 }), ("dropout", { $0.dropout = .nan }),
        ("learnedVectorDropout", { $0.learnedVectorDropout = 1 }),
        ("learnedVectorDropout", { $0.learnedVectorDropout = -1 }),
        ("interestDropout", { $0.interestDropout = 1.5 }), ("interestDropout", { $0.interestDropout = -0.5 }),
        ("initialDeviation", { $0.initialDeviation = 0 }), ("initialDeviation", { $0.initialDeviation = .infinity }),
        ("initialDeviation", { $0.initialDeviation = .nan }),
    ]

    static let training: [(field: String, change: @Sendable (inout OptimizerConfiguration) -> Void)] = [
        ("epochs", { $0.epochs = 0 }), ("patience", { $0.patience = 0 }), ("batchSize", { $0.batchSize = 0 }),
        ("pairBatchSize", { $0.pairBatchSize = 0 }), ("learningRate", { $0.learningRate = 0 }),
        ("learningRate", { $0.learningRate = .infinity }), ("learningRate", { $0.learningRate = .nan }),
        ("warmUp", { $0.warmUp = 1 }), ("warmUp", { $0.warmUp = -0.1 }),
        ("finalLearningRate", { $0.finalLearningRate = 1.1 }), ("finalLearningRate", { $0.finalLearningRate = -1 }),
        ("weightDecay", { $0.weightDecay = -0.1 }), ("weightDecay", { $0.weightDecay = .infinity }),
        ("averagingDecay", { $0.averagingDecay = 1 }), ("averagingDecay", { $0.averagingDecay = -0.1 }),
        ("minimumBatchesPerEpoch", { $0.minimumBatchesPerEpoch = 0 }),
        ("directEvery", { $0.directEvery = -1 }), ("directNegatives", { $0.directNegatives = 0 }),
        ("explanationEvery", { $0.explanationEvery = -1 }), ("alignmentWeight", { $0.alignmentWeight = -1 }),
        ("alignmentWeight", { $0.alignmentWeight = .infinity }),
        ("alignmentTemperature", { $0.alignmentTemperature = 0 }),
        ("alignmentTemperature", { $0.alignmentTemperature = .infinity }), ("rounds", { $0.rounds = 0 }),
        ("rounds", { $0.rounds = $0.epochs + 1 }),
    ]

    static let views: [(field: String, change: @Sendable (inout DirectViews.Configuration) -> Void)] = [
        ("historyDecay", { $0.historyDecay = 0 }), ("historyDecay", { $0.historyDecay = -1 }),
        ("historyDecay", { $0.historyDecay = .nan }), ("popularityDamping", { $0.popularityDamping = -0.1 }),
        ("popularityDamping", { $0.popularityDamping = .infinity }),
        ("popularityDamping", { $0.popularityDamping = .nan }),
    ]

    /// Expects an error that names the key.
    static func expectRefusal(_ key: String, _ validate: () throws -> Void) {
        let error = #expect(throws: ISRFError.self, "\(key)", performing: validate)
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.location?.field == key)
        #expect(error?.message.contains(key) == true)
    }

    @Test("Defaults are in range")
    func defaults() throws {
        try GenerativeConfiguration().validate()
        try OptimizerConfiguration().validate()
        try DirectViews.Configuration().validate()
    }

    @Test("A model setting out of its range is named", arguments: model.indices)
    func modelSettings(index: Int) {
        var configuration = GenerativeConfiguration()
        Self.model[index].change(&configuration)
        Self.expectRefusal("model.\(Self.model[index].field)") { try configuration.validate() }
    }

    @Test("A training setting out of its range is named", arguments: training.indices)
    func trainingSettings(index: Int) {
        var configuration = OptimizerConfiguration()
        Self.training[index].change(&configuration)
        Self.expectRefusal("training.\(Self.training[index].field)") { try configuration.validate() }
    }

    @Test("A setting of the views out of its range is named", arguments: views.indices)
    func viewSettings(index: Int) {
        var configuration = DirectViews.Configuration()
        Self.views[index].change(&configuration)
        Self.expectRefusal("views.\(Self.views[index].field)") { try configuration.validate() }
    }

    @Test("The optimiser refuses what is out of range before it begins")
    func optimizer() async throws {
        let request = try await Ring().request
        for optimizer in [
            AlternatingBatchOptimizer.tiny { $0.model.heads = 5 },
            AlternatingBatchOptimizer.tiny { $0.training.batchSize = 0 },
        ] {
            let error = await #expect(throws: ISRFError.self) { _ = try await optimizer.optimize(request) }
            #expect(error?.code == .invalidConfiguration)
        }
    }
}

@Suite("Item vocabularies")
struct ItemVocabularyTests {
    @Test("Whole items are their own single tokens")
    func wholeItems() {
        let vocabulary = WholeItemVocabulary(itemCount: 5)
        #expect(vocabulary.tokenCount == 5 && vocabulary.tokensPerItem == 1)
        for item in 0..<5 {
            #expect(vocabulary.tokens(ofItem: item) == [item])
            #expect(vocabulary.item(of: vocabulary.tokens(ofItem: item)) == item)
        }
        for tokens in [[], [5], [-1], [0, 1]] { #expect(vocabulary.item(of: tokens) == nil) }
    }
}
