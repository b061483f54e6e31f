public import ISRFCore
public import ISRFData
internal import ISRFNumerics

/// The same for everybody: items by how often they were taken in training.
public struct PopularityBaseline: TrainableSystem {
    /// The name in reports.
    public let name = "popularity"

    /// Creates the baseline.
    public init() {}

    /// Counts the training interactions.
    public func fitted(
        to split: LeaveOneOutSplit, catalogue: Catalogue, parallelism: Parallelism
    ) async throws -> any RankingSystem {
        Fitted(name: name, counts: split.training.itemCounts().map { Float($0) })
    }

    private struct Fitted: RankingSystem {
        let name: String
        let counts: [Float]

        func scores(for batch: ScoringBatch) async throws -> Matrix {
            Matrix(
                rows: batch.users.count, columns: counts.count,
                elements: Array(repeatElement(counts, count: batch.users.count).joined()))
        }
    }
}
