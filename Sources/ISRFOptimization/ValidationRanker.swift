internal import ISRFCore
internal import ISRFData
package import ISRFNumerics
internal import ISRFUserGraph

/// Ranks held-out items by the generative model alone, under the protocol: the whole catalogue without the user's own
/// history, a tie counts against us.
struct ValidationRanker {
    let model: TransformerGenerativeModel
    /// The group of each user of the log.
    let groups: [[UserGraph.Neighbour]]
    let parallelism: Parallelism

    /// The mean NDCG@10 over the cases.
    func ndcg10(_ cases: [LeaveOneOutSplit.Case]) async throws -> Double {
        var total = 0.0
        for start in stride(from: 0, to: cases.count, by: 1024) {
            try Task.checkCancellation()
            await Task.yield()
            let block = Array(cases[start..<min(start + 1024, cases.count)])
            let response = try model.generate(
                GenerationRequest(histories: block.map(\.history), groups: block.map { groups[$0.user] }))
            let logits = response.combinedQueries.multiplied(
                by: model.itemVectors, transposeOther: true, on: parallelism)
            var gains = [Double](repeating: 0, count: block.count)
            gains.withUnsafeMutableBufferPointer { buffer in
                nonisolated(unsafe) let gains = buffer
                parallelism.forRanges(block.count) { range, _ in
                    for row in range {
                        let rank = rank(of: block[row], in: logits, row: row)
                        if rank < 10 { gains[row] = 1 / logarithm2(Double(rank) + 2) }
                    }
                }
            }
            for gain in gains { total += gain }
        }
        return total / Double(max(1, cases.count))
    }

    private func rank(of entry: LeaveOneOutSplit.Case, in logits: Matrix, row: Int) -> Int {
        logits.withElements { base in
            let scores = base + row * logits.columns
            let own = scores[entry.target]
            var rank = 0
            // Written so that a score that is not a number takes the last place, not the first.
            for item in 0..<logits.columns where !(scores[item] < own) { rank += 1 }
            for item in Set(entry.history).union([entry.target]) where !(scores[item] < own) { rank -= 1 }
            return rank
        }
    }
}

extension GenerationResponse {
    /// The sum over the views: one row for each history.
    package var combinedQueries: Matrix {
        var sum: Matrix?
        for view in View.allCases {
            guard let query = queries[view] else { continue }
            guard var total = sum else {
                sum = query
                continue
            }
            for index in total.elements.indices { total.elements[index] += query.elements[index] }
            sum = total
        }
        return sum ?? Matrix(rows: 0, columns: 0)
    }
}
