internal import ISRFCore
internal import ISRFData
internal import ISRFNumerics
internal import ISRFOptimization
internal import ISRFUserGraph

extension Recommender {
    /// The items most similar to an item by their graph-aware vectors, the item itself left out.
    /// - Throws: `ISRFError` (`notFound`) when the item is not known, (`invalidConfiguration`) when the count is negative.
    public func similar(item: String, count: Int = 10) throws -> [SimilarItem] {
        try similar(items: [item], count: count)[0]
    }

    /// The same for several items at once, which is faster than one after the other.
    /// - Returns: For each item its most similar items, most similar first.
    /// - Throws: `ISRFError` (`notFound`) when an item is not known, (`invalidConfiguration`) when the count is negative.
    public func similar(items: [String], count: Int = 10) throws -> [[SimilarItem]] {
        try requireCount(count)
        let indices = try items.map { try catalogue.index(of: $0) }
        let unit = scorer.model.itemVectors.normalizedRows()
        var answers: [[SimilarItem]] = []
        // A block at a time: memory does not grow with the number of items asked about.
        for start in stride(from: 0, to: indices.count, by: 256) {
            let block = Array(indices[start..<min(start + 256, indices.count)])
            let similarities = unit.selectingRows(block)
                .multiplied(by: unit, transposeOther: true, on: scorer.parallelism)
            for (row, index) in block.enumerated() {
                var values = similarities.row(row)
                values[index] = -.infinity
                answers.append(
                    values.greatest(count).filter { $0.value > -.infinity }.map {
                        SimilarItem(
                            item: catalogue[$0.index].id, title: catalogue[$0.index].title, similarity: $0.value)
                    })
            }
        }
        return answers
    }

    /// The users most similar to a known user in the user graph; at most as many as the graph keeps.
    /// - Throws: `ISRFError` (`notFound`) when the user is not known, (`invalidConfiguration`) when the count is negative.
    public func similar(user: String, count: Int = 10) throws -> [SimilarUser] {
        try similar(users: [user], count: count)[0]
    }

    /// The same for several users at once.
    /// - Returns: For each user the most similar users, most similar first.
    /// - Throws: `ISRFError` (`notFound`) when a user is not known, (`invalidConfiguration`) when the count is negative.
    public func similar(users: [String], count: Int = 10) throws -> [[SimilarUser]] {
        try requireCount(count)
        return try users.map { user in
            userGraph.neighbours[try log.index(ofUser: user)].prefix(count).map {
                SimilarUser(user: log.users[$0.user], similarity: $0.weight)
            }
        }
    }
}
