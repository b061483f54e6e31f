#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif
public import ISRFCore
public import ISRFData
internal import ISRFInteractionGraph
internal import ISRFNumerics
internal import ISRFReasoning

/// The linear floor: what stands near in training histories plus what has the same attributes, with no training.
///
/// `score(u, i) = sum over the history h of recency(h) * (T[h, i] + 0.2 * cosine(attributes of h, attributes of i))`,
/// recency `exp(-age / 3)`, T the `ItemTransitions`, attributes as TF-IDF of ASCII title words, categories and brand.
public struct LinearFloorBaseline: TrainableSystem {
    /// The name in reports.
    public let name = "linear floor"
    /// The weight of attributes beside transitions.
    public var attributeWeight: Float
    /// The age, in items, at which an item of the history counts 1/e.
    public var historyDecay: Float

    /// Creates the baseline.
    public init(attributeWeight: Float = 0.2, historyDecay: Float = 3) {
        self.attributeWeight = attributeWeight
        self.historyDecay = historyDecay
    }

    /// Counts transitions and attributes.
    public func fitted(
        to split: LeaveOneOutSplit, catalogue: Catalogue, parallelism: Parallelism
    ) async throws -> any RankingSystem {
        let attributes = AttributeVocabulary(catalogue: catalogue, options: .ascii).tfidf()
        return Fitted(
            name: name,
            transitions: ItemTransitions(training: split.training, configuration: .init(backwardWeight: 0.7)).matrix,
            attributes: attributes,
            itemsByAttribute: attributes.transposed(), weight: attributeWeight, decay: historyDecay,
            parallelism: parallelism)
    }

    private struct Fitted: RankingSystem {
        let name: String
        let transitions: SparseMatrix
        let attributes: SparseMatrix
        let itemsByAttribute: SparseMatrix
        let weight: Float
        let decay: Float
        let parallelism: Parallelism

        func scores(for batch: ScoringBatch) async throws -> Matrix {
            let items = transitions.rows
            var scores = Matrix(rows: batch.users.count, columns: items)
            scores.elements.withUnsafeMutableBufferPointer { buffer in
                nonisolated(unsafe) let buffer = buffer
                parallelism.forRanges(batch.users.count, minimum: 4) { range, _ in
                    var interest = [Float](repeating: 0, count: attributes.columns)
                    for row in range {
                        let target = UnsafeMutableBufferPointer(rebasing: buffer[row * items..<(row + 1) * items])
                        score(batch.histories[row], into: target, interest: &interest)
                    }
                }
            }
            return scores
        }

        private func score(
            _ history: [Int], into scores: UnsafeMutableBufferPointer<Float>, interest: inout [Float]
        ) {
            var touched: [Int] = []
            for (place, item) in history.enumerated() {
                let recency = exp(-Float(history.count - 1 - place) / decay)
                add(transitions, row: item, times: recency, to: scores)
                for entry in attributes.entries(inRow: item) {
                    let attribute = Int(attributes.columnIndices[entry])
                    if interest[attribute] == 0 { touched.append(attribute) }
                    interest[attribute] += recency * attributes.values[entry]
                }
            }
            for attribute in touched.sorted() where interest[attribute] != 0 {
                add(itemsByAttribute, row: attribute, times: weight * interest[attribute], to: scores)
                interest[attribute] = 0
            }
        }

        private func add(
            _ matrix: SparseMatrix, row: Int, times factor: Float, to scores: UnsafeMutableBufferPointer<Float>
        ) {
            matrix.columnIndices.withUnsafeBufferPointer { columns in
                matrix.values.withUnsafeBufferPointer { values in
                    for entry in matrix.entries(inRow: row) { scores[Int(columns[entry])] += factor * values[entry] }
                }
            }
        }
    }
}
