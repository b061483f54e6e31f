public import ISRFEvaluation

/// What a search came to, all on validation.
public struct TuningReport: Sendable, Codable, Hashable {
    /// The data set.
    public var dataset: EvaluationReport.DataSet
    /// How was measured; its seed is also the one that trials were drawn by.
    public var `protocol`: EvaluationReport.EvaluationProtocol
    /// How trials were chosen and how far they were taken.
    public var method: TuningSearch.Method
    /// The metric that decides.
    public var metric: String
    /// What was searched.
    public var space: TuningSpace
    /// Every trial once, as far as it was taken: those with all epochs first, the best of them before the others, failed
    /// ones last.
    public var trials: [TuningTrial]
    /// The same trials with fewer epochs, where they went on to more.
    public var earlier: [TuningTrial]
    /// What each setting had to do with the metric, the strongest first.
    public var importance: [TuningImportance]
    /// The budget of the trials that importance was computed from.
    public var importanceBudget: TuningTrial.Budget

    /// The base configuration's trial.
    public var base: TuningTrial? { trials.first { $0.number == 0 } }

    /// The best trial with all epochs; nil when there is none yet.
    public var best: TuningTrial? { trials.first { $0.budget == .full && $0.failure == nil } }

    /// The trials that importance was computed from, by number: those with a result of their own.
    public var compared: [TuningTrial] {
        (trials + earlier).filter { $0.budget == importanceBudget && $0.failure == nil && $0.repeats == nil }
            .sorted { $0.number < $1.number }
    }

    /// How much better than the base a trial is, with the same budget; nil when either has no result.
    public func difference(of trial: TuningTrial) -> Double? {
        let base = (trials + earlier).first { $0.number == 0 && $0.budget == trial.budget }
        guard let own = trial.metrics[metric], let other = base?.metrics[metric] else { return nil }
        return own - other
    }

    init(_ search: TuningSearch, split header: EvaluationReport, trials all: [TuningTrial]) {
        dataset = header.dataset
        self.protocol = header.protocol
        method = search.method
        metric = search.metric
        space = search.space
        let metric = search.metric
        var last: [Int: TuningTrial] = [:]
        for trial in all where last[trial.number].map({ $0.budget < trial.budget }) ?? true {
            last[trial.number] = trial
        }
        trials = last.values.sorted { TuningReport.isBefore($0, $1, metric) }
        earlier = all.filter { $0 != last[$0.number] }
            .sorted { $0.budget == $1.budget ? TuningReport.isBefore($0, $1, metric) : $0.budget > $1.budget }
        // Where most can be compared; of equally many, where they were taken furthest.
        let counts = TuningTrial.Budget.allCases.map { budget in
            (budget, all.count { $0.budget == budget && $0.failure == nil && $0.repeats == nil })
        }
        importanceBudget = counts.max { $0.1 == $1.1 ? $0.0 < $1.0 : $0.1 < $1.1 }?.0 ?? .full
        importance = []
        importance = TuningImportance.ranked(space, compared, metric: metric)
    }

    /// Whether a trial stands before another: results before failures, further before less far, better before worse.
    static func isBefore(_ first: TuningTrial, _ second: TuningTrial, _ metric: String) -> Bool {
        if (first.failure == nil) != (second.failure == nil) { return first.failure == nil }
        if first.budget != second.budget { return first.budget > second.budget }
        let (left, right) = (first.metrics[metric] ?? 0, second.metrics[metric] ?? 0)
        return left == right ? first.number < second.number : left > right
    }
}
