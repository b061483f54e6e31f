internal import ISRFKit

/// ISRF and the systems beside it, fitted on the training part of one split and measured on its held-out items.
struct EvaluationRun: Sendable {
    /// The recommender that was fitted.
    let recommender: Recommender
    /// A row for each system and part, ISRF first and test before validation.
    let report: EvaluationReport
    /// The results of ISRF, test before validation.
    let results: [EvaluationResult]

    /// The systems that ISRF is measured beside.
    static func baselines(seed: UInt64) -> [any TrainableSystem] {
        [
            PopularityBaseline(), ItemNeighbourBaseline(), LinearFloorBaseline(),
            MatrixFactorizationBaseline(seed: seed),
        ]
    }

    /// Fits and measures.
    init(
        catalogue: Catalogue, split: LeaveOneOutSplit, configuration: ISRFConfiguration,
        stages: PipelineStages = PipelineStages(),
        baselines: [any TrainableSystem], details: EvaluationDetails = [], progress: ProgressHandler?
    ) async throws {
        guard split.log.histories.contains(where: { $0.count >= 3 }) else {
            throw ISRFError(
                .invalidData,
                "No user has three or more interactions, so nothing can be held out. Give longer histories.")
        }
        let parallelism = configuration.parallelism
        let evaluator = Evaluator(parallelism: parallelism, progress: progress)
        var report = EvaluationReport(split: split, seed: configuration.seed, threads: parallelism.threads)
        func measure(_ system: any RankingSystem, fittingSeconds: Double) async throws -> [EvaluationResult] {
            var results: [EvaluationResult] = []
            for part in [LeaveOneOutSplit.Part.test, .validation] {
                let result = try await evaluator.evaluate(system, on: split, part: part)
                results.append(result)
                report.add(result, fittingSeconds: fittingSeconds)
                let row = report.systems.count - 1
                if details.contains(.breakdown) { report.systems[row].breakdown = result.breakdown }
                if details.contains(.ranks) { report.systems[row].ranks = result.ranks(byUserOf: split.log) }
                if details.contains(.direct) {
                    report.systems[row].direct = try await DirectProtocol(progress: progress)
                        .evaluate(system, on: split, part: part)
                }
            }
            return results
        }
        var start = ContinuousClock.now
        recommender = try await stages.pipeline(configuration, progress).fit(catalogue: catalogue, split: split)
        report.protocol.add(recommender.training)
        results = try await measure(RecommenderSystem(recommender), fittingSeconds: EvaluationRun.seconds(since: start))
        for baseline in baselines {
            start = ContinuousClock.now
            let activity = "Fitting \(baseline.name)"
            progress?(ProgressReport(activity: activity, completed: 0, total: 1, unit: "system"))
            let system = try await baseline.fitted(to: split, catalogue: catalogue, parallelism: parallelism)
            progress?(ProgressReport(activity: activity, completed: 1, total: 1, unit: "system"))
            _ = try await measure(system, fittingSeconds: EvaluationRun.seconds(since: start))
        }
        self.report = report
    }

    /// Seconds on the clock since `start`.
    static func seconds(since start: ContinuousClock.Instant) -> Double {
        Double((ContinuousClock.now - start) / .seconds(1))
    }
}
