public import ISRFCore
internal import ISRFNumerics

/// The default user graph: the users of greatest cosine similarity, found exactly.
///
/// Similarities are computed for a block of users at a time, so memory grows with `blockSize * users` and never with
/// the square of the users. Only positive similarities count; a user with a zero vector is similar to nobody. Ties go
/// to the smaller index.
public struct CosineUserGraphBuilder: UserGraphBuilder {
    /// Users whose similarities are computed at once.
    public var blockSize: Int
    /// How a block is divided over threads.
    public var parallelism: Parallelism

    /// Creates a builder.
    public init(blockSize: Int = 256, parallelism: Parallelism = .serial) {
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    /// Finds the most similar users.
    /// - Throws: `ISRFError` (`invalidData`) when widths differ or a value is not finite, (`invalidConfiguration`) when the
    ///   number of neighbours is negative or the block size below 1; `CancellationError` within a block of being cancelled.
    public func build(_ request: UserGraphRequest) async throws -> UserGraph {
        guard request.queries.columns == request.candidates.columns || request.queries.rows == 0 else {
            throw ISRFError(
                .invalidData,
                "User vectors differ in width: \(request.queries.columns) and \(request.candidates.columns).")
        }
        guard request.neighbourCount >= 0, blockSize > 0 else {
            throw ISRFError(
                .invalidConfiguration,
                "The number of similar users is \(request.neighbourCount) and the block size \(blockSize); "
                    + "they must be at least 0 and 1.")
        }
        guard request.queries.isFinite, request.candidates.isFinite else {
            throw ISRFError(.invalidData, "A user vector holds a number that is not finite.")
        }
        let candidates = request.candidates.normalizedRows()
        let queries = request.queries.normalizedRows()
        let count = min(request.neighbourCount, candidates.rows)
        var neighbours: [[UserGraph.Neighbour]] = []
        neighbours.reserveCapacity(queries.rows)
        for start in stride(from: 0, to: queries.rows, by: blockSize) {
            try Task.checkCancellation()
            await Task.yield()
            let rows = start..<min(start + blockSize, queries.rows)
            let block = queries.selectingRows(Array(rows))
            let similarities = block.multiplied(by: candidates, transposeOther: true, on: parallelism)
            let selected = similarities.greatestColumns(count + 1, on: parallelism)
            for (place, row) in rows.enumerated() {
                neighbours.append(
                    selected[place].lazy
                        .filter { $0.value > 0 && $0.index != request.owners[row] }
                        .prefix(count)
                        .map { UserGraph.Neighbour(user: $0.index, weight: $0.value) })
            }
        }
        return UserGraph(neighbours: neighbours)
    }
}
