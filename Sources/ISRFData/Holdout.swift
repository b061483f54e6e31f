/// What of every history is kept out of training.
public enum Holdout: String, Sendable, Codable, Hashable, CaseIterable {
    /// Nothing.
    case none
    /// Every user's last two items, as `LeaveOneOutSplit` does for evaluation.
    case lastTwo = "last-two"

    /// What is left of a log to train on.
    public func training(of log: InteractionLog) -> InteractionLog {
        switch self {
        case .none: log
        case .lastTwo: LeaveOneOutSplit(log).training
        }
    }
}
