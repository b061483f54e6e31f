public import ISRFCore
public import ISRFData
internal import ISRFNumerics
internal import ISRFReasoning

/// Content kNN: items whose attributes are most like those of what the user took.
///
/// An item's score is the sum of its cosines with the `neighbours` items of the history that are most like it, by
/// TF-IDF of attributes. It learns nothing from interactions, so that new items are to it like any others.
public struct ContentNeighbourBaseline: TrainableSystem, ColdStartSystem {
    /// The name in reports.
    public let name = "content kNN"
    /// How many items of the history count for each item.
    public var neighbours: Int

    /// Creates the baseline.
    public init(neighbours: Int = 20) {
        self.neighbours = max(1, neighbours)
    }

    /// Reads the attributes of the catalogue.
    public func fitted(
        to split: LeaveOneOutSplit, catalogue: Catalogue, parallelism: Parallelism
    ) async throws -> any RankingSystem {
        Fitted(name: name, attributes: AttributeVocabulary(catalogue: catalogue).tfidf(), neighbours, parallelism)
    }

    /// Reads the attributes of all items, cold ones included.
    public func fittedForColdStart(
        to data: ColdStartData, parallelism: Parallelism
    ) async throws -> any RankingSystem {
        let all = try Catalogue(items: data.catalogue.items + data.coldItems)
        return Fitted(name: name, attributes: AttributeVocabulary(catalogue: all).tfidf(), neighbours, parallelism)
    }

    private struct Fitted: RankingSystem {
        let name: String
        let attributes: SparseMatrix
        let itemsByAttribute: SparseMatrix
        let neighbours: Int
        let parallelism: Parallelism

        init(name: String, attributes: SparseMatrix, _ neighbours: Int, _ parallelism: Parallelism) {
            self.name = name
            self.attributes = attributes
            itemsByAttribute = attributes.transposed()
            self.neighbours = neighbours
            self.parallelism = parallelism
        }

        func scores(for batch: ScoringBatch) async throws -> Matrix {
            let items = attributes.rows
            var scores = Matrix(rows: batch.users.count, columns: items)
            scores.elements.withUnsafeMutableBufferPointer { buffer in
                nonisolated(unsafe) let buffer = buffer
                parallelism.forRanges(batch.users.count) { range, _ in
                    var cosines = [Float](repeating: 0, count: items)
                    for row in range {
                        let history = Array(Set(batch.histories[row])).sorted()
                        // The greatest cosines of each item so far, in descending order.
                        let kept = min(neighbours, max(1, history.count))
                        var greatest = [Float](repeating: 0, count: items * kept)
                        for item in history {
                            addCosines(with: item, to: &cosines)
                            for other in 0..<items where cosines[other] > 0 {
                                insert(cosines[other], into: &greatest, from: other * kept, count: kept)
                                cosines[other] = 0
                            }
                        }
                        for item in 0..<items {
                            buffer[row * items + item] = greatest[item * kept..<(item + 1) * kept].reduce(0, +)
                        }
                    }
                }
            }
            return scores
        }

        private func addCosines(with item: Int, to cosines: inout [Float]) {
            for entry in attributes.entries(inRow: item) {
                let weight = attributes.values[entry]
                for other in itemsByAttribute.entries(inRow: Int(attributes.columnIndices[entry])) {
                    cosines[Int(itemsByAttribute.columnIndices[other])] += weight * itemsByAttribute.values[other]
                }
            }
        }

        private func insert(_ value: Float, into greatest: inout [Float], from start: Int, count: Int) {
            guard value > greatest[start + count - 1] else { return }
            var place = start + count - 1
            while place > start, greatest[place - 1] < value {
                greatest[place] = greatest[place - 1]
                place -= 1
            }
            greatest[place] = value
        }
    }
}
