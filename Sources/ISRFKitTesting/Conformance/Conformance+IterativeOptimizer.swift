internal import ISRFCore
internal import ISRFData
internal import ISRFInteractionGraph
internal import ISRFKit
public import ISRFNumerics
public import ISRFOptimization
internal import ISRFReasoning
internal import ISRFUserGraph
internal import Synchronization

extension Conformance {
    /// Holds an optimiser against the contract of `IterativeOptimizer`, and the model that it gives against that of
    /// `GenerativeModel`.
    ///
    /// The optimiser is run about six times on a small generated log in which one user has no history and one a single
    /// item; keep its sizes and epochs small, but allow at least two epochs.
    /// - Parameters:
    ///   - optimizer: The optimiser as the host would give it to the pipeline.
    ///   - restoring: Makes a model from its state again; leave it out when models are not saved.
    ///   - options: How strictly it is held to its contract.
    public static func violations(
        of optimizer: any IterativeOptimizer,
        restoring: (@Sendable ([String: Matrix]) throws -> any GenerativeModel)? = nil, options: Options = .init()
    ) async -> [ContractViolation] {
        var findings = Findings(options)
        guard let request = await findings.attempt("Making a request", { try await OptimizerSuite.request(.standard) })
        else { return findings.violations }
        await OptimizerSuite(optimizer: optimizer, request: request, restoring: restoring).run(&findings)
        return findings.violations
    }
}

private struct OptimizerSuite {
    let optimizer: any IterativeOptimizer
    let request: OptimizationRequest
    let restoring: (@Sendable ([String: Matrix]) throws -> any GenerativeModel)?

    /// What the pipeline would ask for, from the default stages.
    static func request(_ sample: SampleData) async throws -> OptimizationRequest {
        let split = LeaveOneOutSplit(sample.log)
        var histories = split.training.histories
        // A user without a history, and one with a single item, must do no harm.
        histories[0] = []
        histories[1] = Array(histories[1].prefix(1))
        let training = try InteractionLog(
            users: sample.log.users, histories: histories, itemCount: sample.catalogue.count)
        let texts = sample.catalogue.items.map { ItemDocument.text(for: $0, profile: nil) }
        let encoder = try LatentSemanticEncoder(configuration: ISRFConfiguration.small.reasoning.encoder)
            .encoder(fittedTo: texts)
        let items = try await encoder.encode(texts)
        let users = try await encoder.encode(
            histories.map { $0.map { texts[$0] }.joined(separator: "\n") })
        let graph = try await LightGCNInteractionGraph().build(
            InteractionGraphRequest(training: training, itemVectors: items))
        let builder = CosineUserGraphBuilder()
        let userGraph = try await builder.build(UserGraphRequest(users: users, neighbourCount: 8))
        return OptimizationRequest(
            training: training, itemVectors: items, userVectors: users,
            statistics: try AttributeStatistics(
                vocabulary: AttributeVocabulary(catalogue: sample.catalogue), training: training),
            interactionGraph: graph, userGraph: userGraph, userGraphBuilder: builder,
            validation: split.cases(.validation).filter { $0.user > 1 }, seed: 5)
    }

    func run(_ findings: inout Findings) async {
        var early = request
        let collector = ProgressCollector()
        early.progress = { collector.append($0) }
        if let result = await findings.attempt("optimize(_:)", { try await optimizer.optimize(early) }) {
            check(result, "With validation", &findings)
            for record in result.epochs {
                guard let score = record.validationNDCG10 else { continue }
                findings.require(
                    (0...1).contains(score), .finite, "Epoch \(record.epoch) has a validation NDCG@10 of \(score).")
            }
            checkProgress(collector.reports, &findings)
        }
        await checkFixedEpochs(&findings)
        let (trainer, asked) = (optimizer, request)
        await findings.requireCancellation("optimize(_:)") { _ = try await trainer.optimize(asked) }
    }

    private func checkFixedEpochs(_ findings: inout Findings) async {
        var fixed = request
        fixed.epochs = 2
        fixed.validation = []
        guard
            let result = await findings.attempt(
                "optimize(_:) for two epochs without validation", { try await optimizer.optimize(fixed) })
        else { return }
        findings.require(
            result.epochs.count == 2 && result.bestEpoch == 2, .epochs,
            "Asked for exactly 2 epochs, it ran \(result.epochs.count) and kept the weights of epoch \(result.bestEpoch)."
        )
        guard check(result, "With two epochs", &findings) else { return }
        let groups = request.userGraph.neighbours
        findings.add(
            Conformance.violations(
                of: result.model,
                cases: zip(request.training.histories, groups).prefix(12).map {
                    .init(history: $0.0, group: $0.1)
                }, textWidth: request.itemVectors.columns, restoring: restoring, options: findings.options))
        guard findings.options.requiresDeterminism else { return }
        if let again = try? await optimizer.optimize(fixed) {
            findings.require(
                again.model.state() == result.model.state(), .determinism,
                "The same request with the same seed gave two different models.")
        }
        var validated = fixed
        validated.validation = request.validation
        if let third = try? await optimizer.optimize(validated) {
            findings.require(
                third.epochs.count == 2, .epochs,
                "Asked for exactly 2 epochs with validation cases, it ran \(third.epochs.count).")
            findings.require(
                third.model.state() == result.model.state(), .validation,
                "With the epochs fixed, validation cases changed the weights: held-out items must not be learned from.")
        }
    }

    @discardableResult
    private func check(_ result: OptimizationResult, _ what: String, _ findings: inout Findings) -> Bool {
        findings.require(
            result.epochs.map(\.epoch) == Array(1..<result.epochs.count + 1) && !result.epochs.isEmpty, .epochs,
            "\(what): epochs are numbered \(result.epochs.map(\.epoch)); they count from 1.")
        findings.require(
            result.bestEpoch >= 1 && result.bestEpoch <= result.epochs.count, .epochs,
            "\(what): the best epoch is said to be \(result.bestEpoch) of \(result.epochs.count).")
        findings.require(
            result.epochs.allSatisfy { $0.losses.values.allSatisfy(\.isFinite) && $0.seconds.isFinite }, .finite,
            "\(what): a loss is not finite.")
        let lists = result.userGraph.neighbours
        findings.require(
            lists.count == request.training.userCount, .shape,
            "\(what): the user graph has \(lists.count) users; the log has \(request.training.userCount).")
        findings.require(
            lists.allSatisfy { $0.allSatisfy { (0..<request.training.userCount).contains($0.user) } }, .range,
            "\(what): the user graph names a user who does not exist.")
        let vectors = result.model.itemVectors
        findings.require(
            vectors.isFinite, .finite, "\(what): an item vector of the model holds a number that is not finite.")
        return findings.require(
            vectors.rows == request.training.itemCount, .shape,
            "\(what): the model has \(vectors.rows) items; the log has \(request.training.itemCount).")
    }

    private func checkProgress(_ reports: [ProgressReport], _ findings: inout Findings) {
        let wrong = reports.first { $0.completed < 0 || $0.completed > $0.total }
        findings.require(
            wrong == nil, .progress,
            "Progress said that \(wrong?.completed ?? 0) of \(wrong?.total ?? 0) \(wrong?.unit ?? "") were done.")
    }
}

/// Keeps the progress reports of several tasks.
private final class ProgressCollector: Sendable {
    private let state = Mutex([ProgressReport]())

    var reports: [ProgressReport] { state.withLock { $0 } }

    func append(_ report: ProgressReport) { state.withLock { $0.append(report) } }
}
