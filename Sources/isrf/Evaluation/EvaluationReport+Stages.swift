internal import ISRFKit

extension EvaluationReport.EvaluationProtocol {
    /// Writes down what reasoned and encoded when a recommender was fitted.
    mutating func add(_ training: TrainingSummary) {
        reasoner = training.reasoner
        encoder = training.encoder
        profiles = training.profiles
    }
}
