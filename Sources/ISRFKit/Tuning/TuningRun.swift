internal import ISRFCore
internal import ISRFData
internal import ISRFEvaluation

/// A search on its way.
struct TuningRun {
    let search: TuningSearch
    let catalogue: Catalogue
    let split: LeaveOneOutSplit
    var records: TuningRecords
    private var header: EvaluationReport

    init(search: TuningSearch, catalogue: Catalogue, split: LeaveOneOutSplit, records: TuningRecords) {
        self.search = search
        self.catalogue = catalogue
        self.split = split
        self.records = records
        header = EvaluationReport(
            split: split, seed: search.configuration.seed, threads: search.configuration.parallelism.threads)
        let pipeline = search.makePipeline(search.configuration)
        header.protocol.reasoner = StageName.of(pipeline.reasoner)
        header.protocol.encoder = StageName.of(pipeline.encoder)
    }

    /// What there is so far.
    var report: TuningReport { TuningReport(search, split: header, trials: records.all) }

    mutating func run() async throws {
        let numbers = Array(0..<search.trials)
        // Whatever an earlier run has finished belongs to the results, with however many epochs.
        for budget in TuningTrial.Budget.allCases {
            for number in numbers { _ = try records.trial(search.trial(number, budget)) }
        }
        switch search.method {
        case .random:
            _ = try await run(numbers, .full)
        case .halving:
            var going = numbers
            for budget in TuningTrial.Budget.allCases {
                let trials = try await run(going, budget)
                going = TuningRun.survivors(of: trials, metric: search.metric)
            }
        }
    }

    /// The best third of some trials, and the base configuration.
    static func survivors(of trials: [TuningTrial], metric: String) -> [Int] {
        let results = trials.filter { $0.failure == nil && $0.repeats == nil }
            .sorted { TuningReport.isBefore($0, $1, metric) }
        return Set(results.prefix((results.count + 2) / 3).map(\.number)).union([0]).sorted()
    }

    /// Runs those of some trials that are not finished.
    private mutating func run(_ numbers: [Int], _ budget: TuningTrial.Budget) async throws -> [TuningTrial] {
        var trials: [TuningTrial] = []
        for (place, number) in numbers.enumerated() {
            try Task.checkCancellation()
            let planned = search.trial(number, budget)
            if let finished = try records.trial(planned) {
                trials.append(finished)
                continue
            }
            let rung = search.method == .random ? "" : "\(budget.rawValue), "
            let trial = try await result(of: planned, "\(rung)\(place + 1) of \(numbers.count)")
            try records.keep(trial)
            trials.append(trial)
            try search.whenTrialEnds?(trial, report)
        }
        return trials
    }

    private func result(of planned: TuningTrial, _ place: String) async throws -> TuningTrial {
        var trial = planned
        if trial.failure != nil { return trial }
        if let twin = records.twin(of: trial) {
            trial.metrics = twin.metrics
            trial.bestEpoch = twin.bestEpoch
            trial.seconds = twin.seconds
            trial.repeats = twin.number
            return trial
        }
        let start = ContinuousClock.now
        do {
            var pipeline = search.makePipeline(trial.configuration)
            let progress = progress(of: trial, place)
            pipeline.progress = progress
            let recommender = try await pipeline.fit(catalogue: catalogue, split: split)
            let evaluator = Evaluator(parallelism: trial.configuration.parallelism, progress: progress)
            trial.metrics =
                try await evaluator
                .evaluate(RecommenderSystem(recommender), on: split, part: .validation).metrics
            trial.bestEpoch = recommender.training.bestEpoch
        } catch {
            try Task.checkCancellation()
            if error is CancellationError || trial.number == 0 { throw error }
            trial.failure = TuningTrial.Failure(error)
        }
        trial.seconds = Double((ContinuousClock.now - start) / .seconds(1))
        return trial
    }

    private func progress(of trial: TuningTrial, _ place: String) -> ProgressHandler? {
        guard let progress = search.progress else { return nil }
        let prefix = "[\(place): trial \(trial.number)] "
        return { report in
            var report = report
            report.activity = prefix + report.activity
            progress(report)
        }
    }
}
