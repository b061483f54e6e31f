public import ISRFCore
public import ISRFData
internal import ISRFNumerics
public import ISRFUserGraph

/// Everything that training a token decoder needs.
public struct SemanticIdentifierRequest: Sendable {
    /// The trained model whose states the decoder learns to go on from; it stays as it is.
    public var trunk: any GenerativeModel
    /// How items are written.
    public var vocabulary: SemanticIdentifierVocabulary
    /// The quantiser of the vocabulary: its centres are the first token vectors when they are as wide as the trunk's
    /// vectors. Without one token vectors start at random.
    public var quantizer: ResidualQuantizer?
    /// The training part of the log.
    public var training: InteractionLog
    /// The group of each user of `training`, for predictions.
    public var userGraph: UserGraph
    /// The group of each user as it was found before the last training item; nil when it was found only once. Give it
    /// where it is known: a group that was found with the last item gives that item away.
    public var earlierUserGraph: UserGraph?
    /// Held-out items that decide when to stop; without any, training runs for all epochs.
    public var validation: [LeaveOneOutSplit.Case]
    /// The seed of every random choice.
    public var seed: UInt64
    /// How heavy work is divided over threads.
    public var parallelism: Parallelism
    /// Receives progress.
    public var progress: ProgressHandler?

    /// Creates a request.
    public init(
        trunk: any GenerativeModel, vocabulary: SemanticIdentifierVocabulary, quantizer: ResidualQuantizer? = nil,
        training: InteractionLog, userGraph: UserGraph, earlierUserGraph: UserGraph? = nil,
        validation: [LeaveOneOutSplit.Case] = [], seed: UInt64 = 1, parallelism: Parallelism = .serial,
        progress: ProgressHandler? = nil
    ) {
        self.trunk = trunk
        self.vocabulary = vocabulary
        self.quantizer = quantizer
        self.training = training
        self.userGraph = userGraph
        self.earlierUserGraph = earlierUserGraph
        self.validation = validation
        self.seed = seed
        self.parallelism = parallelism
        self.progress = progress
    }
}

/// A trained decoder and how it came to be.
public struct SemanticIdentifierResult: Sendable {
    /// What one pass over the examples came to.
    public struct Epoch: Sendable, Codable, Hashable {
        /// The epoch, from 1.
        public var epoch: Int
        /// The mean negative log-probability of the examples' items, in nats.
        public var loss: Double
        /// The same of the validation cases; nil when there are none.
        public var validationLoss: Double?
    }

    /// The model with its best weights.
    public var model: SemanticIdentifierModel
    /// Every epoch that ran.
    public var epochs: [Epoch]
    /// The epoch whose weights were kept, from 1.
    public var bestEpoch: Int
}

/// Trains a token decoder on the states of a trained model, which stays as it is.
///
/// Every position of a training history is an example: the state of the items before it, and the tokens of the item
/// that came next. As in the training of the model, the group may be read for a user's last item alone, because it was
/// found before that one. The states of all examples are computed once and kept: examples x width numbers. They are
/// states of histories that the trained model has seen itself, so they fit the next item better than those of
/// held-out histories will; dropout and stopping by validation hold against that.
public struct SemanticIdentifierTrainer: Sendable {
    /// The shape of the decoder and its training.
    public var configuration: SemanticIdentifierConfiguration

    /// Creates a trainer.
    public init(configuration: SemanticIdentifierConfiguration = .init()) {
        self.configuration = configuration
    }

    /// Trains the decoder; stops early when the validation loss says so and keeps the best weights.
    /// - Throws: `ISRFError` (`invalidConfiguration`, `invalidData`, `numericalFailure`), what the trunk throws, or
    ///   `CancellationError` within a batch of being cancelled.
    public func train(_ request: SemanticIdentifierRequest) async throws -> SemanticIdentifierResult {
        let width = request.trunk.itemVectors.columns
        try configuration.validate(width: width)
        try request.validate()
        let examples = try await trainingExamples(request)
        guard !examples.items.isEmpty else {
            throw ISRFError(
                .invalidData,
                "No user has two training interactions, so there is no next item to learn from. Give longer histories.")
        }
        let held = try await validationExamples(request)
        var parameters = SemanticIdentifierNetwork.parameters(
            configuration, vocabulary: request.vocabulary, width: width, codebooks: request.quantizer?.codebooks ?? [],
            seed: request.seed)
        var random = SeededRandom(seed: request.seed, stream: 12)
        let batches = (examples.items.count + configuration.batchSize - 1) / configuration.batchSize
        var step = 0
        var epochs: [SemanticIdentifierResult.Epoch] = []
        var best: (epoch: Int, loss: Double, parameters: [String: Matrix])?
        for epoch in 1...configuration.epochs {
            let order = Array(examples.items.indices).shuffled(using: &random)
            var total = 0.0
            for batch in 0..<batches {
                try Task.checkCancellation()
                await Task.yield()
                let start = batch * configuration.batchSize
                let members = order[start..<min(start + configuration.batchSize, order.count)].sorted()
                let rate = learningRate(Float(step) / Float(batches * configuration.epochs))
                step += 1
                let loss = try trainingStep(
                    examples.states.selectingRows(members), members.map { examples.items[$0] }, &parameters, rate,
                    &random, request)
                total += loss * Double(members.count)
                request.progress?(
                    ProgressReport(
                        activity: "Training the token decoder, epoch \(epoch) of \(configuration.epochs)",
                        completed: batch + 1, total: batches, unit: "batches"))
            }
            var record = SemanticIdentifierResult.Epoch(
                epoch: epoch, loss: total / Double(examples.items.count), validationLoss: nil)
            if !held.items.isEmpty {
                let loss = try meanLoss(held, parameters.state, request)
                record.validationLoss = loss
                if loss < best?.loss ?? .infinity { best = (epoch, loss, parameters.state) }
            }
            epochs.append(record)
            if let best, epoch - best.epoch >= configuration.patience { break }
        }
        return SemanticIdentifierResult(
            model: try model(best?.parameters ?? parameters.state, request), epochs: epochs,
            bestEpoch: best?.epoch ?? epochs.count)
    }

    private struct Examples {
        var states: Matrix
        var items: [Int]
    }

    private func trainingExamples(_ request: SemanticIdentifierRequest) async throws -> Examples {
        var cases: [LeaveOneOutSplit.Case] = []
        for (user, history) in request.training.histories.enumerated() where history.count >= 2 {
            for place in max(1, history.count - configuration.targetsPerUser)..<history.count {
                cases.append(.init(user: user, history: Array(history[..<place]), target: history[place]))
            }
        }
        let groups = (request.earlierUserGraph ?? request.userGraph).neighbours
        return try await examples(cases, request) { entry in
            entry.history.count == request.training.histories[entry.user].count - 1 ? groups[entry.user] : []
        }
    }

    private func validationExamples(_ request: SemanticIdentifierRequest) async throws -> Examples {
        try await examples(request.validation, request) { request.userGraph.neighbours[$0.user] }
    }

    private func examples(
        _ cases: [LeaveOneOutSplit.Case], _ request: SemanticIdentifierRequest,
        group: (LeaveOneOutSplit.Case) -> [UserGraph.Neighbour]
    ) async throws -> Examples {
        var elements: [Float] = []
        let width = request.trunk.itemVectors.columns
        elements.reserveCapacity(cases.count * width)
        for start in stride(from: 0, to: cases.count, by: 1024) {
            try Task.checkCancellation()
            await Task.yield()
            let block = cases[start..<min(start + 1024, cases.count)]
            let states = try request.trunk.generate(
                GenerationRequest(histories: block.map(\.history), groups: block.map(group))
            ).combinedQueries
            guard states.rows == block.count, states.columns == width, states.isFinite else {
                throw ISRFError(
                    .contractViolation,
                    "The trained model answers \(block.count) histories with \(states.rows) x \(states.columns) numbers; "
                        + "it must give \(block.count) x \(width) finite ones.")
            }
            elements += states.elements
        }
        return Examples(
            states: Matrix(rows: cases.count, columns: width, elements: elements), items: cases.map(\.target))
    }

    private func trainingStep(
        _ states: Matrix, _ items: [Int], _ parameters: inout ParameterStore, _ rate: Float,
        _ random: inout SeededRandom, _ request: SemanticIdentifierRequest
    ) throws -> Double {
        let tape = Tape(parallelism: request.parallelism)
        let network = SemanticIdentifierNetwork(
            configuration: configuration, vocabulary: request.vocabulary,
            parameters: parameters.variables(on: tape), tape: tape)
        var dropping: SeededRandom? = random
        let loss = network.loss(states: tape.constant(states), items: items, droppingWith: &dropping)
        random = dropping ?? random
        guard loss.scalar.isFinite else {
            throw ISRFError(
                .numericalFailure,
                "Training the token decoder diverged: the loss is \(loss.scalar). Lower decoder.learningRate, which is "
                    + "\(configuration.learningRate).")
        }
        tape.backward(from: loss)
        parameters.update(
            gradients: parameters.names.map { tape.takeGradient(of: network[$0]) }, rate: rate,
            weightDecay: configuration.weightDecay, on: request.parallelism)
        return Double(loss.scalar)
    }

    private func meanLoss(
        _ examples: Examples, _ parameters: [String: Matrix], _ request: SemanticIdentifierRequest
    ) throws -> Double {
        var total = 0.0
        for start in stride(from: 0, to: examples.items.count, by: 4096) {
            try Task.checkCancellation()
            let rows = Array(start..<min(start + 4096, examples.items.count))
            let network = SemanticIdentifierNetwork(
                configuration: configuration, vocabulary: request.vocabulary, constants: parameters,
                parallelism: request.parallelism)
            let values = network.logProbabilities(
                of: rows.map { examples.items[$0] }, states: examples.states.selectingRows(rows))
            total -= values.reduce(0.0) { $0 + Double($1) }
        }
        return total / Double(examples.items.count)
    }

    private func model(
        _ parameters: [String: Matrix], _ request: SemanticIdentifierRequest
    ) throws -> SemanticIdentifierModel {
        try SemanticIdentifierModel(
            trunk: request.trunk, vocabulary: request.vocabulary, configuration: configuration,
            parameters: parameters, parallelism: request.parallelism)
    }

    /// Rises linearly, then falls along a half cosine to a twentieth.
    private func learningRate(_ progress: Float) -> Float {
        if progress < configuration.warmUp { return configuration.learningRate * progress / configuration.warmUp }
        let share = min(1, (progress - configuration.warmUp) / (1 - configuration.warmUp))
        return configuration.learningRate * (0.05 + 0.95 * halfCosine(share))
    }
}

extension SemanticIdentifierRequest {
    func validate() throws {
        let items = training.itemCount
        guard trunk.itemVectors.rows >= items, vocabulary.itemCount == trunk.itemVectors.rows else {
            throw ISRFError(
                .invalidData,
                "The vocabulary has \(vocabulary.itemCount) items, the trained model \(trunk.itemVectors.rows) and the "
                    + "log \(items). Make the vocabulary from the vectors of the model that the log trained.")
        }
        for graph in [userGraph, earlierUserGraph].compactMap({ $0 }) where graph.neighbours.count != training.userCount
        {
            throw ISRFError(
                .invalidData,
                "A user graph has \(graph.neighbours.count) users, the training log \(training.userCount).")
        }
        for entry in validation
        where !(0..<training.userCount).contains(entry.user) || !(0..<items).contains(entry.target) {
            throw ISRFError(
                .invalidData,
                "A validation case names user \(entry.user) and item \(entry.target), which the training log lacks.")
        }
    }
}
