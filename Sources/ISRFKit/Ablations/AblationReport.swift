public import ISRFEvaluation
public import ISRFOptimization

/// What a study came to: every system's metrics as the mean over the seeds, beside the whole pipeline.
public struct AblationReport: Sendable, Codable, Hashable {
    /// What a system was.
    public struct System: Sendable, Codable, Hashable {
        /// The name.
        public var name: String
        /// What is left out.
        public var summary: String
        /// The views that have no part in the score.
        public var removedViews: [ScoreView]

        init(_ ablation: Ablation) {
            name = ablation.name
            summary = ablation.summary
            removedViews = ScoreView.allCases.filter { ablation.removedViews.contains($0) }
        }
    }

    /// The data set.
    public var dataset: EvaluationReport.DataSet
    /// How was measured; its seed is the first.
    public var `protocol`: EvaluationReport.EvaluationProtocol
    /// The seeds that every system was fitted with.
    public var seeds: [UInt64]
    /// The systems, the whole pipeline first.
    public var systems: [System]
    /// The figures: a row for each system on the test part, then on validation. Differences are the ablation's less the
    /// whole pipeline's, so what is below 0 was worth having.
    public var results: SeedComparison
}
