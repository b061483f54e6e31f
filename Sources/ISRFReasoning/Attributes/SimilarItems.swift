internal import ISRFNumerics

/// The items that share the most telling attributes with an item: the largest TF-IDF cosines.
///
/// Attributes with more than `longestPosting` items do not lead to neighbours; they weigh next to nothing in a large
/// catalogue and would make the search quadratic.
struct SimilarItems: Sendable {
    static let longestPosting = 2000

    private let vocabulary: AttributeVocabulary
    private let weights: [Float]
    private let rows: SparseMatrix
    /// Each attribute's items with their weights.
    private let postingOffsets: [Int]
    private let postings: [(item: Int32, weight: Float)]

    init(vocabulary: AttributeVocabulary) {
        self.vocabulary = vocabulary
        rows = vocabulary.tfidf()
        weights = vocabulary.inverseDocumentFrequencies()
        var offsets = [0]
        for frequency in vocabulary.documentFrequencies {
            offsets.append(offsets[offsets.count - 1] + (frequency > Self.longestPosting ? 0 : frequency))
        }
        var postings = [(item: Int32, weight: Float)](repeating: (0, 0), count: offsets[offsets.count - 1])
        var next = offsets
        for item in 0..<rows.rows {
            for entry in rows.rowOffsets[item]..<rows.rowOffsets[item + 1] {
                let attribute = Int(rows.columnIndices[entry])
                guard vocabulary.documentFrequencies[attribute] <= Self.longestPosting else { continue }
                postings[next[attribute]] = (Int32(item), rows.values[entry])
                next[attribute] += 1
            }
        }
        postingOffsets = offsets
        self.postings = postings
    }

    /// The `count` items most similar to a row of attribute weights, most similar first, ties by index.
    private func nearest(
        _ columns: ArraySlice<Int32>, _ values: ArraySlice<Float>, count: Int, except own: Int?,
        scores: inout [Float]
    ) -> [Int] {
        var touched: [Int32] = []
        for (column, value) in zip(columns, values) {
            for posting in postings[postingOffsets[Int(column)]..<max(postingOffsets[Int(column)], end(of: column))] {
                let item = Int(posting.item)
                if scores[item] == 0 { touched.append(posting.item) }
                scores[item] += value * posting.weight
            }
        }
        var best: [(score: Float, item: Int32)] = []
        for item in touched {
            let score = scores[Int(item)]
            scores[Int(item)] = 0
            if let own, own == Int(item) { continue }
            if best.count == count, let worst = best.last, (worst.score, item) >= (score, worst.item) { continue }
            let place = best.firstIndex { ($0.score, item) < (score, $0.item) } ?? best.count
            best.insert((score, item), at: place)
            if best.count > count { best.removeLast() }
        }
        return best.map { Int($0.item) }
    }

    private func end(of column: Int32) -> Int {
        // An attribute that every item has carries no entries although it has a place.
        weights[Int(column)] > 0 ? postingOffsets[Int(column) + 1] : postingOffsets[Int(column)]
    }

    /// The most similar catalogue items of every catalogue item.
    /// - Throws: `CancellationError`.
    func all(count: Int) throws -> [[Int]] {
        var scores = [Float](repeating: 0, count: rows.rows)
        var result: [[Int]] = []
        result.reserveCapacity(rows.rows)
        for item in 0..<rows.rows {
            if item % 256 == 0 { try Task.checkCancellation() }
            let range = rows.rowOffsets[item]..<rows.rowOffsets[item + 1]
            result.append(
                nearest(rows.columnIndices[range], rows.values[range], count: count, except: item, scores: &scores))
        }
        return result
    }

    /// The most similar catalogue items of an item by its attributes.
    func nearest(toAttributes attributes: [Int], count: Int) -> [Int] {
        var scores = [Float](repeating: 0, count: rows.rows)
        let columns = attributes.map { Int32($0) }
        return nearest(columns[...], attributes.map { weights[$0] }[...], count: count, except: nil, scores: &scores)
    }
}
