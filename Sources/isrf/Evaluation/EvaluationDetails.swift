/// What is measured and reported beyond the metrics.
struct EvaluationDetails: OptionSet, Sendable {
    let rawValue: Int

    /// Results by length of history and popularity.
    static let breakdown = EvaluationDetails(rawValue: 1)
    /// The direct protocol.
    static let direct = EvaluationDetails(rawValue: 2)
    /// The rank of every user's held-out item.
    static let ranks = EvaluationDetails(rawValue: 4)
}
