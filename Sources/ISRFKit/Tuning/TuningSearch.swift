public import Foundation
public import ISRFCore
public import ISRFData
internal import ISRFEvaluation

/// Searches for a better configuration, on validation alone.
///
/// Every trial is fitted on the training part with other values for some settings and measured on the validation items.
/// Test items are taken out of the data before anything else, so nothing can read them. Trial 0 is the base
/// configuration; the values of every other one follow from the seed and its number, so more trials extend a search.
///
/// ```swift
/// var search = TuningSearch(configuration: configuration)
/// search.trials = 40
/// search.directory = directory
/// let report = try await search.run(catalogue: catalogue, split: LeaveOneOutSplit(log))
/// ```
public struct TuningSearch: Sendable {
    /// How trials are chosen and how far they are taken.
    public enum Method: String, Sendable, Codable, CaseIterable {
        /// Every trial is drawn at random and has all its epochs.
        case random
        /// Successive halving: every trial has a quarter of its epochs; the best third of them is fitted anew with half of
        /// the epochs, and the best third of those with all. The base configuration always goes on.
        ///
        /// A fit with fewer epochs is not the beginning of one with more: its learning rate falls to the end value sooner.
        /// What only shows after many epochs can be dropped too early.
        case halving
    }

    /// The base: what is set where the space says nothing, and the seed of every fit and of the drawing.
    public var configuration: ISRFConfiguration
    /// What is searched.
    public var space: TuningSpace
    /// How many trials, the base configuration among them.
    public var trials = 20
    /// How trials are chosen and how far they are taken.
    public var method = Method.random
    /// The metric on validation that decides, one of `EvaluationReport.metricNames`.
    public var metric = "ndcg@10"
    /// The directory that every trial is written to as soon as it is finished; nil for none.
    ///
    /// A search that was stopped goes on where it was. A directory with a search of other data, space or settings is
    /// refused; metric, method, threads and the number of trials may change.
    public var directory: URL?
    /// Receives progress; each activity says which trial it belongs to.
    public var progress: ProgressHandler?
    /// Is called whenever a trial is finished that was not there before, with that trial and all results so far.
    public var whenTrialEnds: (@Sendable (TuningTrial, TuningReport) throws -> Void)?
    /// Makes the pipeline for some settings, with the host's own stages where there are any.
    public var makePipeline: @Sendable (ISRFConfiguration) -> RecommenderPipeline

    /// Creates a search.
    public init(
        configuration: ISRFConfiguration = .init(), space: TuningSpace = .standard,
        makePipeline: @escaping @Sendable (ISRFConfiguration) -> RecommenderPipeline = {
            RecommenderPipeline(configuration: $0)
        }
    ) {
        self.configuration = configuration
        self.space = space
        self.makePipeline = makePipeline
    }

    /// Runs whatever is not finished yet.
    ///
    /// A trial that fails is reported with its reason and the search goes on, unless it is the base configuration. In
    /// another run it is tried again unless its configuration was at fault.
    /// - Throws: `ISRFError` when a setting or the space is not as it should be, nothing can be held out, or a trial
    ///   cannot be read or written; what a stage throws for the base configuration; what `whenTrialEnds` throws;
    ///   `CancellationError`, finished trials being kept.
    public func run(catalogue: Catalogue, split: LeaveOneOutSplit) async throws -> TuningReport {
        try check(split)
        let split = try TuningSearch.withoutTestItems(split)
        let identity = TuningIdentity(self, data: AblationSettings.digest(of: catalogue, split.log))
        var run = TuningRun(
            search: self, catalogue: catalogue, split: split,
            records: try TuningRecords(directory: directory, identity: identity))
        try await run.run()
        return run.report
    }

    /// The configuration of a trial, or the reason why there is none.
    func trial(_ number: Int, _ budget: TuningTrial.Budget) -> TuningTrial {
        let values =
            number > 0
            ? space.values(ofTrial: number, seed: configuration.seed)
            : space.parameters.reduce(into: [:]) { $0[$1.key] = configuration.value(of: $1.key) }
        var trial = TuningTrial(
            number: number, budget: budget, values: values, configuration: configuration, metrics: [:],
            bestEpoch: nil, seconds: 0)
        do {
            // The base is taken as it is: no value of it is to change by way of its text.
            if number > 0 { trial.configuration = try configuration.replacing(values) }
            try trial.configuration.validate()
        } catch {
            trial.failure = TuningTrial.Failure(error)
        }
        let epochs = Double(trial.configuration.training.epochs) * budget.share
        trial.configuration.training.epochs = max(1, Int(epochs.rounded()))
        if trial.failure == nil {
            trial.configuration.training.rounds = min(
                trial.configuration.training.rounds, trial.configuration.training.epochs)
        }
        return trial
    }

    /// The split with every test item replaced by the user's validation item: what is not there cannot be read.
    static func withoutTestItems(_ split: LeaveOneOutSplit) throws -> LeaveOneOutSplit {
        let histories = split.log.histories.map { history in
            history.count < 3 ? history : history.dropLast() + [history[history.count - 2]]
        }
        return LeaveOneOutSplit(
            try InteractionLog(users: split.log.users, histories: histories, itemCount: split.log.itemCount))
    }

    private func check(_ split: LeaveOneOutSplit) throws {
        guard split.log.histories.contains(where: { $0.count >= 3 }) else {
            throw ISRFError(
                .invalidData,
                "No user has three or more interactions, so nothing can be held out. Give longer histories.")
        }
        guard (1...10_000).contains(trials) else {
            throw ISRFError(
                .invalidConfiguration, "The number of trials is \(trials); it must be in 1...10000.",
                at: .init(field: "trials"))
        }
        guard EvaluationReport.metricNames.contains(metric) else {
            throw ISRFError(
                .invalidConfiguration,
                "The metric is \"\(metric)\"; it must be one of "
                    + "\(EvaluationReport.metricNames.joined(separator: ", ")).", at: .init(field: "metric"))
        }
        try configuration.validate()
        try space.validate(for: configuration)
    }
}

extension TuningTrial.Failure {
    init(_ error: any Error) {
        let own = error as? ISRFError
        code = own?.code
        message = own?.description ?? "\(error)"
    }
}
