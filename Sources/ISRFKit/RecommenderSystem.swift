public import ISRFCore
public import ISRFData
public import ISRFEvaluation
public import ISRFNumerics

/// A fitted recommender as a system that an `Evaluator` can measure.
public struct RecommenderSystem: RankingSystem {
    /// The name in reports.
    public let name: String
    /// The recommender that is measured.
    public let recommender: Recommender

    /// Wraps a recommender that was fitted on the split that is evaluated.
    public init(_ recommender: Recommender, name: String = "isrf") {
        self.recommender = recommender
        self.name = name
    }

    /// Scores all items for users of the log; what is read of a user is the batch's history and the group
    /// that it leads to.
    public func scores(for batch: ScoringBatch) async throws -> Matrix {
        let groups = try await recommender.groups(histories: batch.histories, owners: batch.users)
        return try recommender.scorer.scores(histories: batch.histories, groups: groups)
    }
}

extension RecommenderPipeline: TrainableSystem {
    /// The name in reports.
    public var name: String { "isrf" }

    /// Fits the recommender that the protocol measures.
    public func fitted(
        to split: LeaveOneOutSplit, catalogue: Catalogue, parallelism: Parallelism
    ) async throws -> any RankingSystem {
        RecommenderSystem(try await fit(catalogue: catalogue, split: split))
    }
}
