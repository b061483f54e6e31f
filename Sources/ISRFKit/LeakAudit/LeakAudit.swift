public import ISRFCore
public import ISRFData
internal import ISRFEvaluation

/// Measures whether something about the held-out items reaches a recommender by a way that it should not.
///
/// Three ways are known to have done so in published results: identifiers that count up in the order of first
/// appearance, user profiles written from the whole history, and graphs that hold test pairs. The audit measures each on
/// a data set and on a pipeline, and what it would be worth; and whether metrics move when identifiers and order are
/// drawn anew.
///
/// ```swift
/// let report = try await LeakAudit().report(catalogue: catalogue, log: log)
/// print(report.text())
/// ```
public struct LeakAudit: Sendable {
    /// Makes the pipeline that is audited. Given is the whole log with the held-out items, which a pipeline has no use
    /// for: a stage of the host's own that is made from it is what the audit looks for.
    public var pipeline: @Sendable (InteractionLog) -> RecommenderPipeline
    /// Whether the whole pipeline is fitted twice to see whether its metrics move with the identifiers; otherwise the
    /// linear floor stands in for it, which takes seconds.
    public var fitsPipeline: Bool
    /// The seed of permutations and of what held-out items are replaced by.
    public var seed: UInt64
    /// How many permutations the identifier rule is measured on.
    public var permutations: Int
    /// How heavy work is divided over threads.
    public var parallelism: Parallelism
    /// Receives progress.
    public var progress: ProgressHandler?

    /// Creates an audit; by default of the default pipeline, without fitting it.
    public init(
        fitsPipeline: Bool = false, seed: UInt64 = 1, permutations: Int = 5, parallelism: Parallelism = .serial,
        progress: ProgressHandler? = nil,
        pipeline: @escaping @Sendable (InteractionLog) -> RecommenderPipeline = { _ in RecommenderPipeline() }
    ) {
        self.pipeline = pipeline
        self.fitsPipeline = fitsPipeline
        self.seed = seed
        self.permutations = max(1, permutations)
        self.parallelism = parallelism
        self.progress = progress
    }

    /// Measures everything.
    /// - Throws: `ISRFError` (`invalidData`) when no user has three interactions or the log belongs to another catalogue;
    ///   what the pipeline's stages throw; `CancellationError`.
    public func report(catalogue: Catalogue, log: InteractionLog) async throws -> LeakAuditReport {
        try check(catalogue, log)
        let reasoning = try await reasoning(catalogue, log)
        return LeakAuditReport(
            dataset: EvaluationReport(split: LeaveOneOutSplit(log), seed: seed, threads: parallelism.threads).dataset,
            seed: seed, identifiers: try identifierLeak(catalogue: catalogue, log: log),
            profiles: try await profileLeak(catalogue, log, reasoning),
            graph: try await graphLeak(catalogue, log, reasoning),
            invariance: try await invariance(catalogue, log) { log in
                if fitsPipeline { return auditedPipeline(log) }
                return LinearFloorBaseline()
            })
    }

    /// Whether user profiles and vectors depend on held-out items, and what those would be worth.
    /// - Throws: Like `report(catalogue:log:)`.
    public func profileLeak(catalogue: Catalogue, log: InteractionLog) async throws -> ProfileLeak {
        try check(catalogue, log)
        return try await profileLeak(catalogue, log, try await reasoning(catalogue, log))
    }

    /// Whether the interaction graph holds held-out pairs or depends on them, and what those would be worth.
    /// - Throws: Like `report(catalogue:log:)`.
    public func graphLeak(catalogue: Catalogue, log: InteractionLog) async throws -> GraphLeak {
        try check(catalogue, log)
        return try await graphLeak(catalogue, log, try await reasoning(catalogue, log))
    }

    /// What the first stage makes of the log, and of the log with other held-out items.
    struct Reasoning {
        var original: RecommenderPipeline.Reasoned
        var changed: RecommenderPipeline.Reasoned
        var changedLog: InteractionLog
    }

    private func reasoning(_ catalogue: Catalogue, _ log: InteractionLog) async throws -> Reasoning {
        let changedLog = try replacingHeldOutItems(of: log)
        return Reasoning(
            original: try await auditedPipeline(log).reasoned(catalogue, LeaveOneOutSplit(log).training),
            changed: try await auditedPipeline(changedLog).reasoned(catalogue, LeaveOneOutSplit(changedLog).training),
            changedLog: changedLog)
    }

    func auditedPipeline(_ log: InteractionLog) -> RecommenderPipeline {
        var pipeline = pipeline(log)
        pipeline.progress = progress
        return pipeline
    }

    func check(_ catalogue: Catalogue, _ log: InteractionLog) throws {
        guard catalogue.count == log.itemCount else {
            throw ISRFError(
                .invalidData,
                "The log was made for \(log.itemCount) items but the catalogue has \(catalogue.count). "
                    + "Make the log from the same catalogue.")
        }
        guard log.histories.contains(where: { $0.count >= 3 }) else {
            throw ISRFError(.invalidData, "No user has three or more interactions, so nothing is held out to leak.")
        }
    }

    /// The same log with other items in the places of validation and test.
    private func replacingHeldOutItems(of log: InteractionLog) throws -> InteractionLog {
        var random = SeededRandom(seed: seed, stream: 11)
        let histories = log.histories.map { history -> [Int] in
            guard history.count >= 3, log.itemCount > 1 else { return history }
            let others = history.suffix(2).map { ($0 + 1 + random.index(below: log.itemCount - 1)) % log.itemCount }
            return history.dropLast(2) + others
        }
        return try InteractionLog(users: log.users, histories: histories, itemCount: log.itemCount)
    }
}

/// Hit rates on test items.
public struct LeakRates: Sendable, Codable, Hashable {
    /// HR@5.
    public var hitRate5: Double
    /// HR@10.
    public var hitRate10: Double

    /// Creates rates.
    public init(hitRate5: Double, hitRate10: Double) {
        self.hitRate5 = hitRate5
        self.hitRate10 = hitRate10
    }

    init(_ result: EvaluationResult) {
        self.init(hitRate5: result.hitRate(at: 5), hitRate10: result.hitRate(at: 10))
    }

    var text: String { "HR@5 \(decimal(hitRate5, digits: 4)) HR@10 \(decimal(hitRate10, digits: 4))" }
}
