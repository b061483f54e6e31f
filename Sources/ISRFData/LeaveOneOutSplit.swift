internal import ISRFCore

/// A log divided by time: each user's last item for the test, the one before for validation, the rest for training.
///
/// Users with fewer than three interactions are never evaluated; their whole history belongs to the training part.
public struct LeaveOneOutSplit: Sendable {
    /// Which held-out item is being predicted.
    public enum Part: String, Sendable, Codable, CaseIterable {
        /// The item before the last; the model's input is the training part.
        case validation
        /// The last item; the model's input is everything before it.
        case test
    }

    /// One user's held-out item with the history that a model may read to predict it.
    public struct Case: Sendable, Equatable {
        /// The user's index.
        public let user: Int
        /// The items before the target, oldest first.
        public let history: [Int]
        /// The item to be predicted.
        public let target: Int

        /// Creates a case.
        public init(user: Int, history: [Int], target: Int) {
            self.user = user
            self.history = history
            self.target = target
        }
    }

    /// The whole log.
    public let log: InteractionLog
    /// What statistics, graphs, profiles and models may be made from.
    public let training: InteractionLog

    /// Divides a log.
    public init(_ log: InteractionLog) {
        self.log = log
        let histories = log.histories.map { $0.count < 3 ? $0 : Array($0.dropLast(2)) }
        guard let training = try? InteractionLog(users: log.users, histories: histories, itemCount: log.itemCount)
        else { preconditionFailure("a part of a valid log is a valid log") }
        self.training = training
    }

    /// The cases of one part, in the order of the users.
    public func cases(_ part: Part) -> [Case] {
        log.histories.enumerated().compactMap { user, history in
            guard history.count >= 3 else { return nil }
            let place = part == .test ? history.count - 1 : history.count - 2
            return Case(user: user, history: Array(history[..<place]), target: history[place])
        }
    }
}
