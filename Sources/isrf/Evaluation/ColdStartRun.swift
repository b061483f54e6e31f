internal import ISRFKit

/// ISRF and a content kNN on items that were taken out of training.
struct ColdStartRun: Sendable {
    /// What `isrf evaluate --cold-start` prints as JSON.
    struct Report: Sendable, Encodable {
        /// How was measured.
        struct ColdStart: Sendable, Encodable {
            /// The share of items that were to be taken out.
            var share: Double
            /// How many items were.
            var coldItems: Int
            /// How many items there are with them.
            var items: Int
            /// Seed of the draw and of the fit.
            var seed: UInt64
            /// A row for each system and part, ISRF first and test before validation.
            var systems: [ColdStartResult]
        }

        var dataset: EvaluationReport.DataSet
        var `protocol`: EvaluationReport.EvaluationProtocol
        var coldStart: ColdStart
    }

    let report: Report

    /// Takes items out, fits and measures.
    init(
        catalogue: Catalogue, log: InteractionLog, share: Double, configuration: ISRFConfiguration,
        stages: PipelineStages = PipelineStages(), progress: ProgressHandler?
    ) async throws {
        let cold = ColdStartProtocol(share: share, seed: configuration.seed, progress: progress)
        let data = try cold.data(catalogue: catalogue, log: log)
        let parts = [LeaveOneOutSplit.Part.test, .validation].filter { !data.cases($0).isEmpty }
        guard !parts.isEmpty else {
            throw ISRFError(
                .invalidData,
                "None of the \(Wording.count(data.coldItems.count, "cold item")) is held out of any user's history, so "
                    + "there is nothing to evaluate on. Take out a greater share or draw with another seed.")
        }
        let parallelism = configuration.parallelism
        var whole = EvaluationReport(
            split: LeaveOneOutSplit(log), seed: configuration.seed, threads: parallelism.threads)
        let pipeline = stages.pipeline(configuration, progress)
        let systems: [any ColdStartSystem] = [pipeline, ContentNeighbourBaseline()]
        var results: [ColdStartResult] = []
        for system in systems {
            let fitted = try await system.fittedForColdStart(to: data, parallelism: parallelism)
            if let training = (fitted as? RecommenderSystem)?.recommender.training { whole.protocol.add(training) }
            for part in parts { results.append(try await cold.evaluate(fitted, on: data, part: part)) }
        }
        report = Report(
            dataset: whole.dataset, protocol: whole.protocol,
            coldStart: Report.ColdStart(
                share: share, coldItems: data.coldItems.count, items: data.itemCount, seed: configuration.seed,
                systems: results))
    }
}
