import ISRFKit

/// Recommends what was taken most in the last fifth of every training history: what is in fashion.
struct LatestItemsBaseline: TrainableSystem {
    let name = "latest items"

    func fitted(
        to split: LeaveOneOutSplit, catalogue: Catalogue, parallelism: Parallelism
    ) async throws -> any RankingSystem {
        var counts = [Float](repeating: 0, count: split.training.itemCount)
        for history in split.training.histories {
            for item in history.suffix((history.count + 4) / 5) { counts[item] += 1 }
        }
        return Fitted(name: name, counts: counts)
    }

    private struct Fitted: RankingSystem {
        let name: String
        let counts: [Float]

        func scores(for batch: ScoringBatch) async throws -> Matrix {
            Matrix(batch.histories.map { _ in counts })
        }
    }
}
