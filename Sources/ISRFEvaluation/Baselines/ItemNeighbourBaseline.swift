public import ISRFCore
public import ISRFData
internal import ISRFNumerics

/// Item-kNN: items that the same users took, by cosine with shrinkage.
///
/// `similarity(i, j) = users of both / (sqrt(users of i * users of j) + shrinkage)`; an item's score is the sum over
/// the history of its similarity to each item, of which each keeps its `neighbours` strongest.
public struct ItemNeighbourBaseline: TrainableSystem {
    /// The name in reports.
    public let name = "item-kNN"
    /// How many similar items each item keeps.
    public var neighbours: Int
    /// Added to the denominator: distrust of items that few users took.
    public var shrinkage: Float

    /// Creates the baseline.
    public init(neighbours: Int = 200, shrinkage: Float = 5) {
        self.neighbours = neighbours
        self.shrinkage = shrinkage
    }

    /// Counts who took what together.
    public func fitted(
        to split: LeaveOneOutSplit, catalogue: Catalogue, parallelism: Parallelism
    ) async throws -> any RankingSystem {
        let items = split.log.itemCount
        let sets = split.training.histories.map { Set($0).sorted() }
        var users = [[Int]](repeating: [], count: items)
        for (user, taken) in sets.enumerated() {
            for item in taken { users[item].append(user) }
        }
        var entries: [(row: Int, column: Int, value: Float)] = []
        var together = [Int](repeating: 0, count: items)
        for item in 0..<items {
            try Task.checkCancellation()
            var touched: [Int] = []
            for user in users[item] {
                for other in sets[user] where other != item {
                    if together[other] == 0 { touched.append(other) }
                    together[other] += 1
                }
            }
            touched.sort()
            let similarities = touched.map { other in
                Float(together[other]) / (Float(users[item].count * users[other].count).squareRoot() + shrinkage)
            }
            for (place, value) in similarities.greatest(neighbours) { entries.append((item, touched[place], value)) }
            for other in touched { together[other] = 0 }
        }
        return Fitted(name: name, similarity: SparseMatrix(rows: items, columns: items, entries: entries))
    }

    private struct Fitted: RankingSystem {
        let name: String
        let similarity: SparseMatrix

        func scores(for batch: ScoringBatch) async throws -> Matrix {
            var scores = Matrix(rows: batch.users.count, columns: similarity.columns)
            for (row, history) in batch.histories.enumerated() {
                for item in history {
                    for entry in similarity.entries(inRow: item) {
                        scores[row, Int(similarity.columnIndices[entry])] += similarity.values[entry]
                    }
                }
            }
            return scores
        }
    }
}
