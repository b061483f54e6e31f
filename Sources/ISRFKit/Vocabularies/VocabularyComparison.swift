internal import ISRFCore
public import ISRFData
internal import ISRFEvaluation
public import ISRFOptimization
internal import ISRFUserGraph

/// Measures semantic identifiers beside whole items: the pipeline is fitted, its trained model is taken as the trunk of a
/// token decoder, and all are evaluated under one protocol.
///
/// Vocabulary and decoder are fitted on the training part; validation decides when the decoder's training stops. Beside
/// them stand the trained model alone, which asks the same of whole items, and the whole pipeline. A held-out item that
/// beam search did not find comes after all others.
///
/// ```swift
/// let comparison = VocabularyComparison(pipeline: RecommenderPipeline())
/// let report = try await comparison.run(catalogue: catalogue, split: LeaveOneOutSplit(log))
/// ```
public struct VocabularyComparison: Sendable {
    /// The pipeline whose model is the trunk; its seed and threads are those of the decoder, and it receives progress.
    public var pipeline: RecommenderPipeline
    /// How items' vectors are quantised.
    public var quantizer = ResidualQuantizer.Configuration()
    /// The shape of the decoder and its training.
    public var decoder = SemanticIdentifierConfiguration()
    /// How many prefixes beam search keeps at each level, at least 1.
    public var beamWidth = 50

    /// Creates a comparison with the default quantiser, decoder and beam.
    public init(pipeline: RecommenderPipeline) {
        self.pipeline = pipeline
    }

    /// Fits and measures.
    /// - Throws: `ISRFError` when a setting is out of its range or nothing can be held out; what a stage throws;
    ///   `CancellationError`.
    public func run(catalogue: Catalogue, split: LeaveOneOutSplit) async throws -> VocabularyReport {
        try check(split)
        var start = ContinuousClock.now
        let recommender = try await pipeline.fit(catalogue: catalogue, split: split)
        let fitting = seconds(since: start)
        start = ContinuousClock.now
        let result = try await identifiers(recommender, split)
        let decoding = seconds(since: start)

        let model = result.model
        let width = min(beamWidth, model.vocabulary.itemCount)
        // The sum of the trained model's queries is what identifiers are decoded from.
        let alone = recommender.weighing(
            ScoreWeights(terms: [.sequence: .init(weight: 1), .individual: .init(weight: 1), .group: .init(weight: 1)]))
        let scorers = [recommender.scorer, alone.scorer]
        let configuration = pipeline.configuration
        var report = EvaluationReport(
            split: split, seed: configuration.seed, threads: configuration.parallelism.threads)
        report.protocol.add(recommender.training)
        var groups: [LeaveOneOutSplit.Part: [[UserGraph.Neighbour]]] = [:]
        for part in [LeaveOneOutSplit.Part.test, .validation] {
            groups[part] = try await self.groups(split.cases(part), recommender, "Finding groups on \(part.rawValue)")
        }
        let evaluator = Evaluator(parallelism: configuration.parallelism, progress: pipeline.progress)
        for (place, name) in VocabularyReport.systemNames.enumerated() {
            for part in [LeaveOneOutSplit.Part.test, .validation] {
                let system = GroupedSystem(name: name, groups: groups[part] ?? []) { histories, groups in
                    place < 2
                        ? try scorers[place].scores(histories: histories, groups: groups)
                        : try model.scores(histories: histories, groups: groups, beamWidth: width)
                }
                report.add(
                    try await evaluator.evaluate(system, on: split, part: part),
                    fittingSeconds: place < 2 ? fitting : fitting + decoding)
            }
        }

        let speed = RankingSpeed(
            cases: split.cases(.test), groups: groups[.test] ?? [], progress: pipeline.progress)
        var costs: [VocabularyReport.Cost] = []
        for (place, name) in VocabularyReport.systemNames.enumerated() {
            let isDecoded = place == 2
            let ranking = try await speed.secondsForThousand(name) { histories, groups in
                isDecoded
                    ? try model.lists(histories: histories, groups: groups, count: speed.count, beamWidth: width).count
                    : try scorers[place].lists(histories: histories, groups: groups, count: speed.count).count
            }
            costs.append(
                VocabularyReport.Cost(
                    name: name, fittingSeconds: isDecoded ? decoding : fitting, rankingSeconds: ranking,
                    modelBytes: model.trunk.state().values.reduce(0) { $0 + 4 * $1.elements.count },
                    decoderBytes: isDecoded ? model.decoderByteCount : 0,
                    vocabularyBytes: isDecoded ? model.vocabulary.byteCount : 0,
                    trieBytes: isDecoded ? model.trie.byteCount : 0))
        }
        return VocabularyReport(
            dataset: report.dataset, protocol: report.protocol, systems: report.systems,
            identifiers: VocabularyReport.Identifiers(
                placeSizes: model.vocabulary.placeSizes, hasDisambiguation: model.vocabulary.hasDisambiguation,
                beamWidth: width, epochs: result.epochs, bestEpoch: result.bestEpoch),
            costs: costs, timing: speed.timing)
    }

    /// Quantises the trained model's item vectors and trains a decoder on the training part.
    private func identifiers(
        _ recommender: Recommender, _ split: LeaveOneOutSplit
    ) async throws -> SemanticIdentifierResult {
        let trunk = recommender.scorer.model
        let (seed, parallelism) = (pipeline.configuration.seed, pipeline.configuration.parallelism)
        report("Quantising item vectors", 0, 1, "catalogue")
        let quantizer = try ResidualQuantizer(
            fitting: trunk.itemVectors, configuration: quantizer, seed: seed, on: parallelism)
        let vocabulary = try SemanticIdentifierVocabulary(
            quantizer: quantizer, vectors: trunk.itemVectors, on: parallelism)
        report("Quantising item vectors", 1, 1, "catalogue")
        // A group that was found with the last training item would give that item away.
        let earlier = split.training.histories.enumerated().map { user, history in
            LeaveOneOutSplit.Case(user: user, history: history.dropLast(), target: history.last ?? 0)
        }
        return try await SemanticIdentifierTrainer(configuration: decoder).train(
            SemanticIdentifierRequest(
                trunk: trunk, vocabulary: vocabulary, quantizer: quantizer, training: split.training,
                userGraph: recommender.userGraph,
                earlierUserGraph: UserGraph(
                    neighbours: try await groups(earlier, recommender, "Finding groups before the last training item")),
                validation: split.cases(.validation), seed: seed, parallelism: parallelism,
                progress: pipeline.progress))
    }

    /// For each user of the log the group that the user's case leads to; none for a user without a case.
    private func groups(
        _ cases: [LeaveOneOutSplit.Case], _ recommender: Recommender, _ activity: String
    ) async throws -> [[UserGraph.Neighbour]] {
        var groups = [[UserGraph.Neighbour]](repeating: [], count: recommender.log.userCount)
        for start in stride(from: 0, to: cases.count, by: 2048) {
            try Task.checkCancellation()
            let block = cases[start..<min(start + 2048, cases.count)]
            let found = try await recommender.groups(histories: block.map(\.history), owners: block.map(\.user))
            for (entry, group) in zip(block, found) { groups[entry.user] = group }
            report(activity, start + block.count, cases.count, "users")
        }
        return groups
    }

    private func report(_ activity: String, _ completed: Int, _ total: Int, _ unit: String) {
        pipeline.progress?(ProgressReport(activity: activity, completed: completed, total: total, unit: unit))
    }

    private func seconds(since start: ContinuousClock.Instant) -> Double {
        Double((ContinuousClock.now - start) / .seconds(1))
    }

    private func check(_ split: LeaveOneOutSplit) throws {
        try pipeline.configuration.validate()
        try quantizer.validate()
        try decoder.validate(width: pipeline.configuration.model.width)
        try require(beamWidth >= 1, "beamWidth", "at least 1", beamWidth)
        guard split.log.histories.contains(where: { $0.count >= 3 }) else {
            throw ISRFError(
                .invalidData,
                "No user has three or more interactions, so nothing can be held out. Give longer histories.")
        }
    }
}
