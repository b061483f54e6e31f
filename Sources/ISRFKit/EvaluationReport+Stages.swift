public import ISRFEvaluation

extension EvaluationReport.EvaluationProtocol {
    /// Writes down what reasoned and encoded when a recommender was fitted.
    public mutating func add(_ training: TrainingSummary) {
        reasoner = training.reasoner
        encoder = training.encoder
        profiles = training.profiles
    }
}
