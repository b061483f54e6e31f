internal import ISRFCore
internal import ISRFData
internal import ISRFInteractionGraph
internal import ISRFNumerics
internal import ISRFReasoning
internal import ISRFUserGraph

/// The moving state of one training run: parameters, random numbers, and the steps of each task.
struct TrainingSession {
    let request: OptimizationRequest
    let model: GenerativeConfiguration
    let configuration: OptimizerConfiguration
    let trainsViewsTogether: Bool
    /// Each user's group as it was found before the last training item, where that is known.
    var groups: [[UserGraph.Neighbour]]
    private(set) var parameters: ParameterStore
    private var random: SeededRandom
    private let assembler: BatchAssembler
    private let trainable: [Int]
    let segments: TrainingSegments
    private let propagation: any GraphPropagation
    private var step = 0
    private static let smallestBatch = 32
    private let batchSize: Int
    private let passes: Int
    private let totalSteps: Int
    private var pairQueue: [Int] = []

    init(
        request: OptimizationRequest, model: GenerativeConfiguration, configuration: OptimizerConfiguration,
        trainsViewsTogether: Bool = true
    ) {
        self.request = request
        self.model = model
        self.configuration = configuration
        self.trainsViewsTogether = trainsViewsTogether
        groups = (request.earlierUserGraph ?? request.userGraph).neighbours
        parameters = GenerativeNetwork.parameters(
            model, users: request.training.userCount, items: request.training.itemCount,
            textWidth: request.itemVectors.columns,
            attributes: configuration.explanationEvery > 0 ? request.statistics.vocabulary.attributes.count : 0,
            seed: request.seed)
        random = SeededRandom(seed: request.seed, stream: 2)
        assembler = BatchAssembler(training: request.training)
        trainable = request.training.histories.indices.filter { request.training.histories[$0].count >= 2 }
        propagation = request.interactionGraph.propagation
        let segments = TrainingSegments(of: request.training.histories, length: model.historyLength)
        self.segments = segments
        let segmentCount = trainable.reduce(0) { $0 + segments.count(ofUser: $1) }
        batchSize = min(
            configuration.batchSize, max(Self.smallestBatch, segmentCount / configuration.minimumBatchesPerEpoch))
        let ofPass = max(1, (segmentCount + batchSize - 1) / batchSize)
        passes = (configuration.minimumBatchesPerEpoch + ofPass - 1) / ofPass
        let sequential = ofPass * passes
        var perEpoch = sequential
        if configuration.directEvery > 0 { perEpoch += sequential / configuration.directEvery }
        if configuration.explanationEvery > 0 { perEpoch += sequential / configuration.explanationEvery }
        totalSteps = max(1, perEpoch * configuration.epochs)
    }

    /// Passes over all histories, with batches of the other tasks in between; the mean loss of each task.
    mutating func runEpoch(_ epoch: Int) async throws -> [String: Double] {
        var batches: [[TrainingSegment]] = []
        for _ in 0..<passes {
            let cut = segments.cut(trainable, using: &random).shuffled(using: &random)
            for start in stride(from: 0, to: cut.count, by: batchSize) {
                batches.append(
                    cut[start..<min(start + batchSize, cut.count)]
                        .sorted { ($0.user, $0.places.lowerBound) < ($1.user, $1.places.lowerBound) })
            }
        }
        var sums: [String: (total: Double, count: Int)] = [:]
        func note(_ losses: StepLosses, _ task: String) {
            sums[task, default: (0, 0)].total += losses.task
            sums[task, default: (0, 0)].count += 1
            sums["alignment", default: (0, 0)].total += losses.alignment
            sums["alignment", default: (0, 0)].count += 1
        }
        for (batch, members) in batches.enumerated() {
            try Task.checkCancellation()
            await Task.yield()
            note(try sequentialStep(members), "sequential")
            if configuration.directEvery > 0, (batch + 1) % configuration.directEvery == 0 {
                try Task.checkCancellation()
                note(try directStep(nextPairUsers()), "direct")
            }
            if configuration.explanationEvery > 0, (batch + 1) % configuration.explanationEvery == 0 {
                try Task.checkCancellation()
                note(try explanationStep(nextPairUsers()), "explanation")
            }
            if let progress = request.progress {
                let loss = sums["sequential"].map { $0.total / Double($0.count) } ?? 0
                progress(
                    ProgressReport(
                        activity: "Training, epoch \(epoch) of \(request.epochs ?? configuration.epochs)",
                        completed: batch + 1, total: batches.count, unit: "batches",
                        detail: "loss " + decimal(loss, digits: 3)))
            }
        }
        return sums.mapValues { $0.total / Double($0.count) }
    }

    /// The model as it is now, for prediction: the whole graph, no dropout.
    func snapshot() throws -> TransformerGenerativeModel {
        let tape = Tape(parallelism: request.parallelism)
        let network = GenerativeNetwork(
            configuration: model, parameters: parameters.averagedState.mapValues { tape.constant($0) }, tape: tape)
        var none: SeededRandom?
        let items = network.itemVectors(text: tape.constant(request.itemVectors), hidingWith: &none)
        let vectors = try network.graphAwareVectors(items: items, propagation: propagation, excludingUsers: [])
        return TransformerGenerativeModel(
            configuration: model, parallelism: request.parallelism, itemVectors: vectors.value,
            groupTable: assembler.means.multiplied(by: vectors.value, on: request.parallelism),
            itemScales: Matrix(rows: 1, columns: assembler.itemScales.count, elements: assembler.itemScales),
            textVectors: request.itemVectors, parameters: parameters.averagedState)
    }
}

// MARK: - Steps

extension TrainingSession {
    struct StepLosses {
        var task: Double
        var alignment: Double
    }

    /// The next item at every place of some segments.
    mutating func sequentialStep(_ segments: [TrainingSegment]) throws -> StepLosses {
        let tape = Tape(parallelism: request.parallelism)
        let (network, vectors) = try prepare(tape, Set(segments.map(\.user)).sorted())
        var prefixes: [ArraySlice<Int>] = []
        var targets: [Int] = []
        // Of the segments at the end of their histories.
        var (users, lastPlaces): ([Int], [Int]) = ([], [])
        for segment in segments {
            let history = request.training.histories[segment.user]
            for place in segment.places {
                prefixes.append(history[0...place])
                targets.append(history[place + 1])
            }
            if segment.places.upperBound == history.count - 1 {
                users.append(segment.user)
                lastPlaces.append(targets.count - 1)
            }
        }
        var dropping: SeededRandom? = random
        let states = network.sequenceVectors(
            histories: segments.map { request.training.histories[$0.user][$0.places] }, vectors: vectors,
            droppingWith: &dropping)
        random = dropping ?? random
        let individual = network.individualVectors(
            membership: assembler.membership(of: prefixes), vectors: vectors.detached())
        // The group was found before the last item, so it may be read for that item alone.
        let group = users.isEmpty ? nil : groupVectors(network, users, vectors)
        let loss: Variable
        if trainsViewsTogether {
            var queries = states + individual.dropout(model.interestDropout, wholeRows: true, using: &random)
            if let group {
                queries =
                    queries
                    + group.dropout(model.interestDropout, wholeRows: true, using: &random)
                    .multiplied(byLeft: assembler.placing(rowsAt: lastPlaces, of: targets.count))
            }
            loss = catalogueLoss(queries, over: vectors, targets)
        } else {
            loss = separateLoss(states, individual, group, vectors, targets: targets, lastPlaces: lastPlaces)
        }
        let alignment = group.flatMap { self.alignment(of: $0, with: individual.gathered(rows: lastPlaces)) }
        return try finish(tape, network, loss, alignment)
    }

    /// The sum of the views' own losses; only the sequence moves items' vectors.
    private func separateLoss(
        _ states: Variable, _ individual: Variable, _ group: Variable?, _ vectors: Variable, targets: [Int],
        lastPlaces: [Int]
    ) -> Variable {
        let constant = vectors.detached()
        let loss = catalogueLoss(states, over: vectors, targets) + catalogueLoss(individual, over: constant, targets)
        return group.map { loss + catalogueLoss($0, over: constant, lastPlaces.map { targets[$0] }) } ?? loss
    }

    private func catalogueLoss(_ queries: Variable, over vectors: Variable, _ targets: [Int]) -> Variable {
        queries.crossEntropy(over: vectors, targets: targets, reducedPrecision: configuration.reducedPrecision)
    }

    /// The positive among sampled negatives, from individual (constant) and group vectors alone.
    ///
    /// Item vectors are constant too: sampled negatives would undo some of what the whole catalogue teaches them.
    mutating func directStep(_ users: [Int]) throws -> StepLosses {
        let tape = Tape(parallelism: request.parallelism)
        let (network, vectors) = try prepare(tape, users)
        let pairs = drawPairs(users)
        var candidates: [[Int]] = []
        for (user, pair) in zip(users, pairs) {
            let own = Set(request.training.histories[user])
            var row = [pair.item]
            while row.count <= configuration.directNegatives {
                let item = random.index(below: request.training.itemCount)
                if own.contains(item), own.count < request.training.itemCount { continue }
                row.append(item)
            }
            candidates.append(row)
        }
        let individual = network.individualVectors(
            membership: assembler.membership(of: pairs.map { $0.others[...] }), vectors: vectors.detached()
        ).detached()
        let group = groupVectors(network, users, vectors)
        var right = Matrix(rows: users.count, columns: configuration.directNegatives + 1)
        for row in 0..<users.count { right[row, 0] = 1 }
        let loss = (individual + group).scores(of: candidates, in: vectors.detached()).crossEntropy(against: right)
        return try finish(tape, network, loss, alignment(of: group, with: individual))
    }

    /// Which attributes of an item tie a user to it, from individual (constant) and group vectors and the item.
    mutating func explanationStep(_ users: [Int]) throws -> StepLosses {
        let tape = Tape(parallelism: request.parallelism)
        let (network, vectors) = try prepare(tape, users)
        let pairs = drawPairs(users)
        let individual = network.individualVectors(
            membership: assembler.membership(of: pairs.map { $0.others[...] }), vectors: vectors.detached()
        ).detached()
        let group = groupVectors(network, users, vectors)
        var targets = Matrix(rows: users.count, columns: request.statistics.vocabulary.attributes.count)
        for (row, pair) in pairs.enumerated() {
            let ties = request.statistics.ties(history: pair.others, item: pair.item)
            let total = ties.reduce(0) { $0 + $1.strength }
            for tie in ties where total > 0 { targets[row, tie.attribute] = tie.strength / total }
        }
        let queries = individual + group + vectors.detached().gathered(rows: pairs.map(\.item))
        let loss = queries.multiplied(by: network["attribute.output"], transposeOther: true)
            .crossEntropy(against: targets)
        return try finish(tape, network, loss, alignment(of: group, with: individual))
    }

    /// Parameters on the tape and graph-aware vectors that the batch's own users had no part in.
    private mutating func prepare(_ tape: Tape, _ users: [Int]) throws -> (GenerativeNetwork, Variable) {
        let network = GenerativeNetwork(
            configuration: model, parameters: parameters.variables(on: tape), tape: tape)
        var hiding: SeededRandom? = random
        let items = network.itemVectors(text: tape.constant(request.itemVectors), hidingWith: &hiding)
        random = hiding ?? random
        return (
            network, try network.graphAwareVectors(items: items, propagation: propagation, excludingUsers: users)
        )
    }

    private func groupVectors(_ network: GenerativeNetwork, _ users: [Int], _ vectors: Variable) -> Variable {
        network.groupVectors(
            similarUsers: BatchAssembler.similarUsers(
                users.map { groups[$0] }, userCount: request.training.userCount),
            members: vectors.detached().multiplied(byLeft: assembler.means))
    }

    /// The soft contrastive alignment of group vectors with individual vectors, row by row (method, step 3).
    private func alignment(of group: Variable, with individual: Variable) -> Variable? {
        guard configuration.alignmentWeight > 0 else { return nil }
        return group.softContrastiveAlignment(with: individual, temperature: configuration.alignmentTemperature)
    }

    private mutating func finish(
        _ tape: Tape, _ network: GenerativeNetwork, _ loss: Variable, _ alignment: Variable?
    ) throws -> StepLosses {
        let total = alignment.map { loss + $0.scaled(by: configuration.alignmentWeight) } ?? loss
        guard total.scalar.isFinite else {
            throw ISRFError(
                .numericalFailure,
                "Training diverged: the loss of step \(step + 1) is \(total.scalar). "
                    + "Lower training.learningRate, which is \(configuration.learningRate).")
        }
        tape.backward(from: total)
        let gradients = parameters.names.map { name in tape.takeGradient(of: network[name]) }
        step += 1
        parameters.update(
            gradients: gradients, rate: learningRate, weightDecay: configuration.weightDecay, on: request.parallelism)
        if configuration.averagingDecay > 0 {
            parameters.average(
                decay: min(configuration.averagingDecay, Float(step) / Float(step + 10)), on: request.parallelism)
        }
        return StepLosses(task: Double(loss.scalar), alignment: Double(alignment?.scalar ?? 0))
    }

    /// Rises linearly, then falls along a half cosine.
    private var learningRate: Float {
        let progress = Float(step) / Float(totalSteps)
        if progress < configuration.warmUp { return configuration.learningRate * progress / configuration.warmUp }
        let share = min(1, (progress - configuration.warmUp) / (1 - configuration.warmUp))
        let low = configuration.finalLearningRate
        return configuration.learningRate * (low + (1 - low) * halfCosine(share))
    }

    /// Users of the next direct or explanation batch; every user's turn comes before anybody's second.
    private mutating func nextPairUsers() -> [Int] {
        let size = min(configuration.pairBatchSize, trainable.count)
        if pairQueue.count < size { pairQueue = trainable.shuffled(using: &random) }
        let users = pairQueue.suffix(size).sorted()
        pairQueue.removeLast(size)
        return users
    }

    /// The last item of each user's history, and the items that stood before it.
    private func drawPairs(_ users: [Int]) -> [(item: Int, others: [Int])] {
        users.map { user in
            let history = request.training.histories[user]
            return (history[history.count - 1], Array(history.dropLast()))
        }
    }
}
