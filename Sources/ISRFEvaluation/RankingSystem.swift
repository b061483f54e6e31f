public import ISRFCore
public import ISRFData
public import ISRFNumerics

/// Users to score items for.
public struct ScoringBatch: Sendable {
    /// The users' indices in the log.
    public let users: [Int]
    /// What each user took so far, oldest item first: all that may be read of the user.
    public let histories: [[Int]]

    /// Creates a batch; as many users as histories.
    public init(users: [Int], histories: [[Int]]) {
        precondition(users.count == histories.count, "there is not one history for each user")
        self.users = users
        self.histories = histories
    }
}

/// A recommender that can be measured: it scores every item of the catalogue.
public protocol RankingSystem: Sendable {
    /// The name in reports.
    var name: String { get }

    /// Scores all items for some users.
    /// - Returns: One row for each user, one column for each item; greater is better, no score is not-a-number.
    func scores(for batch: ScoringBatch) async throws -> Matrix
}

/// A recommender before it has seen any data.
public protocol TrainableSystem: Sendable {
    /// The name in reports.
    var name: String { get }

    /// Learns from the training part of a split; may look at validation cases to choose, never at test cases.
    func fitted(
        to split: LeaveOneOutSplit, catalogue: Catalogue, parallelism: Parallelism
    ) async throws -> any RankingSystem
}
