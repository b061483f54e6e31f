public import Foundation
public import ISRFCore
public import ISRFData
public import ISRFEvaluation
internal import ISRFOptimization

/// Fits the whole pipeline and every ablation of it, with each of some seeds, and measures what was left out.
///
/// Every fit chooses its epochs and learns the weights of its views anew. Systems that train alike share one fit.
///
/// ```swift
/// var study = AblationStudy(configuration: configuration)
/// study.seeds = [1, 2, 3]
/// let report = try await study.run(catalogue: catalogue, split: LeaveOneOutSplit(log))
/// ```
public struct AblationStudy: Sendable {
    /// The settings that ablations change; the seed is each of `seeds` in turn.
    public var configuration: ISRFConfiguration
    /// What is left out; the whole pipeline is measured first in any case.
    public var ablations: [Ablation]
    /// The seeds that every system is fitted with.
    public var seeds: [UInt64]
    /// The directory that the report of each system and seed is written to as soon as it is there; nil for none.
    ///
    /// A system whose report is there already is not fitted again, provided that data, settings and stages are the same.
    public var directory: URL?
    /// How users are drawn anew.
    public var bootstrap: PairedBootstrap
    /// Receives progress; each activity says which system and seed it belongs to.
    public var progress: ProgressHandler?
    /// Makes the pipeline for some settings, with the host's own stages where there are any.
    public var makePipeline: @Sendable (ISRFConfiguration) -> RecommenderPipeline

    /// Creates a study with the configuration's seed.
    public init(
        configuration: ISRFConfiguration = .init(), ablations: [Ablation] = Ablation.standard,
        makePipeline: @escaping @Sendable (ISRFConfiguration) -> RecommenderPipeline = {
            RecommenderPipeline(configuration: $0)
        }
    ) {
        self.configuration = configuration
        self.ablations = ablations
        self.makePipeline = makePipeline
        seeds = [configuration.seed]
        bootstrap = PairedBootstrap(parallelism: configuration.parallelism)
    }

    /// One system and seed.
    private struct Plan {
        var ablation: Ablation
        var pipeline: RecommenderPipeline
        var settings: AblationSettings
    }

    /// Fits and measures whatever has no report yet, and compares.
    /// - Throws: `ISRFError` when a setting, a name or a seed is not as it should be, nothing can be held out, or a report
    ///   cannot be read or written; what a stage throws; `CancellationError`, reports that were written being kept.
    public func run(catalogue: Catalogue, split: LeaveOneOutSplit) async throws -> AblationReport {
        try check(split)
        let records = AblationRecords(directory: directory)
        try records.prepare()
        let data = AblationSettings.digest(of: catalogue, split.log)
        let systems = [Ablation.full] + ablations
        var fits: [[Plan]] = []
        for seed in seeds {
            var plans: [[Plan]] = []
            for ablation in systems {
                let pipeline = try pipeline(ablation, seed: seed)
                let plan = Plan(
                    ablation: ablation, pipeline: pipeline,
                    settings: AblationSettings(ablation, pipeline: pipeline, data: data))
                if let place = plans.firstIndex(where: { $0[0].settings.fit == plan.settings.fit }) {
                    plans[place].append(plan)
                } else {
                    plans.append([plan])
                }
            }
            fits += plans
        }
        var reports: [String: [EvaluationReport]] = [:]
        for (number, plans) in fits.enumerated() {
            let found = try plans.map { try records.report($0.settings) }
            let missing = zip(plans, found).filter { $1 == nil }.map(\.0)
            let measured = try await measure(missing, catalogue, split, records, "\(number + 1) of \(fits.count)")
            for (plan, report) in zip(plans, found) {
                guard let report = report ?? measured[plan.ablation.name] else { continue }
                reports[plan.ablation.name, default: []].append(report)
            }
        }
        let results = try SeedComparison(
            systems.map { SeedComparison.System(name: $0.name, reports: reports[$0.name] ?? []) },
            bootstrap: bootstrap)
        guard let first = reports[Ablation.full.name]?.first else {
            preconditionFailure("the whole pipeline was measured")
        }
        return AblationReport(
            dataset: first.dataset, protocol: first.protocol, seeds: seeds,
            systems: systems.map(AblationReport.System.init), results: results)
    }

    private func pipeline(_ ablation: Ablation, seed: UInt64) throws -> RecommenderPipeline {
        var configuration = configuration
        configuration.seed = seed
        ablation.configure(&configuration)
        try configuration.validate()
        var pipeline = makePipeline(configuration)
        if !ablation.reasons { pipeline.reasoner = PlainTextReasoner() }
        if !ablation.trainsViewsTogether {
            pipeline.optimizer = AlternatingBatchOptimizer(
                model: configuration.model, training: configuration.training, trainsViewsTogether: false)
        }
        pipeline.initialWeights = ablation.initialWeights
        pipeline.learnsGate = ablation.gates
        return pipeline
    }

    /// Fits once, and weighs and measures every system that shares the fit.
    private func measure(
        _ plans: [Plan], _ catalogue: Catalogue, _ split: LeaveOneOutSplit, _ records: AblationRecords,
        _ place: String
    ) async throws -> [String: EvaluationReport] {
        guard let first = plans.first else { return [:] }
        var start = ContinuousClock.now
        var pipeline = first.pipeline
        pipeline.progress = progress(of: first, place)
        let fitted = try await pipeline.fit(catalogue: catalogue, split: split)
        let fitting = ContinuousClock.now - start
        var reports: [String: EvaluationReport] = [:]
        for (number, plan) in plans.enumerated() {
            start = ContinuousClock.now
            let progress = progress(of: plan, place)
            let recommender =
                number == 0
                ? fitted
                : try await fitted.relearningWeights(
                    from: plan.ablation.initialWeights, learningGate: plan.ablation.gates, split: split,
                    progress: progress)
            let seconds = Double((fitting + (ContinuousClock.now - start)) / .seconds(1))
            let parallelism = plan.pipeline.configuration.parallelism
            let evaluator = Evaluator(parallelism: parallelism, progress: progress)
            var report = EvaluationReport(
                split: split, seed: plan.pipeline.configuration.seed, threads: parallelism.threads)
            report.protocol.add(recommender.training)
            for part in [LeaveOneOutSplit.Part.test, .validation] {
                let result = try await evaluator.evaluate(RecommenderSystem(recommender), on: split, part: part)
                report.add(result, fittingSeconds: seconds)
                report.systems[report.systems.count - 1].breakdown = result.breakdown
                report.systems[report.systems.count - 1].ranks = result.ranks(byUserOf: split.log)
            }
            try records.write(report, plan.settings)
            reports[plan.ablation.name] = report
        }
        return reports
    }

    private func progress(of plan: Plan, _ place: String) -> ProgressHandler? {
        guard let progress else { return nil }
        let prefix = "[\(place): \(plan.ablation.name), seed \(plan.pipeline.configuration.seed)] "
        return { report in
            var report = report
            report.activity = prefix + report.activity
            progress(report)
        }
    }

    private func check(_ split: LeaveOneOutSplit) throws {
        guard split.log.histories.contains(where: { $0.count >= 3 }) else {
            throw ISRFError(
                .invalidData,
                "No user has three or more interactions, so nothing can be held out. Give longer histories.")
        }
        guard !seeds.isEmpty, Set(seeds).count == seeds.count else {
            throw ISRFError(
                .invalidConfiguration,
                "The seeds are \(seeds.map(String.init).joined(separator: ", ")); give one or more, each once.",
                at: .init(field: "seeds"))
        }
        var names: Set = [Ablation.full.name]
        for ablation in ablations {
            let isPlain = ablation.name.wholeMatch(of: /[A-Za-z0-9_-][A-Za-z0-9_.-]*/) != nil
            guard isPlain, names.insert(ablation.name).inserted else {
                throw ISRFError(
                    .invalidConfiguration,
                    "An ablation is called \"\(ablation.name)\"; names consist of letters, digits, -, _ and ., do not "
                        + "begin with a dot, and stand there once. \"\(Ablation.full.name)\" is the whole pipeline.",
                    at: .init(field: "ablations"))
            }
            guard ablation.removedViews.count < ScoreView.allCases.count else {
                throw ISRFError(
                    .invalidConfiguration,
                    "The ablation \"\(ablation.name)\" leaves out every view; one or more must be left.",
                    at: .init(field: "ablations"))
            }
        }
    }
}
