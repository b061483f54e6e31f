public import ISRFCore
public import ISRFData
public import ISRFOptimization

extension Recommender {
    /// The same recommender with weights of the views that were learned again on a split's validation cases; nothing
    /// else is trained again.
    /// - Parameters:
    ///   - initial: Where learning begins; a view without a term has no part in the score.
    ///   - learningGate: Whether a gate over the views is learned as well.
    ///   - split: The split whose training part the recommender was fitted on.
    /// - Throws: `ISRFError` (`invalidData`) when the recommender was fitted on something else, (`invalidConfiguration`)
    ///   when a weight is out of its range; `CancellationError`.
    public func relearningWeights(
        from initial: ScoreWeights = .initial, learningGate: Bool = true, split: LeaveOneOutSplit,
        progress: ProgressHandler? = nil
    ) async throws -> Recommender {
        guard log == split.training else {
            throw ISRFError(
                .invalidData,
                "The recommender was not fitted on the training part of this split, so its validation cases cannot "
                    + "weigh the views. Give the split that it was fitted on.")
        }
        try initial.validate()
        var copy = weighing(initial)
        let learned = try await configuration.weighing.learner(gates: learningGate).learn(
            copy.scorer, cases: split.cases(.validation), groups: userGraph.neighbours, seed: configuration.seed,
            progress: progress)
        copy = copy.weighing(learned.weights)
        copy.training.validationNDCG10 = learned.ndcg10
        return copy
    }
}

extension ISRFConfiguration.Weighing {
    /// Learns the weights as it is set here.
    func learner(gates: Bool) -> ScoreWeightLearner {
        var learner = ScoreWeightLearner()
        learner.gates = gates
        learner.maximumCases = maximumCases
        return learner
    }
}
