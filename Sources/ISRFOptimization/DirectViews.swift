public import ISRFCore
public import ISRFData
internal import ISRFInteractionGraph
public import ISRFNumerics
public import ISRFUserGraph

/// What the interaction graph, the texts and the user graph say directly about the next item.
public struct DirectViews: Sendable {
    /// How the views are computed.
    public struct Configuration: Sendable, Codable, Hashable {
        /// The age, in items, at which an item of the history counts 1/e of the most recent one.
        public var historyDecay: Float = 3
        /// The power of an item's count that the votes of similar users are divided by.
        public var popularityDamping: Float = 0.5

        /// The default.
        public init() {}

        /// Checks every value.
        /// - Throws: `ISRFError` (`invalidConfiguration`).
        public func validate() throws {
            try require(historyDecay > 0, "views.historyDecay", "above 0", historyDecay)
            try require(
                popularityDamping >= 0 && popularityDamping.isFinite, "views.popularityDamping", "0 or more",
                popularityDamping)
        }
    }

    /// How the views are computed.
    public let configuration: Configuration
    /// From-item by to-item: how strongly the second follows the first.
    public let transitions: SparseMatrix
    /// One unit row for each item.
    public let textVectors: Matrix
    /// The training histories, whose owners can be similar users.
    public let training: InteractionLog
    private let votes: [Float]

    /// Creates the views.
    public init(
        configuration: Configuration, transitions: SparseMatrix, textVectors: Matrix, training: InteractionLog
    ) {
        self.configuration = configuration
        self.transitions = transitions
        self.textVectors = textVectors
        self.training = training
        votes = training.itemCounts().map { 1 / power(Float(max(1, $0)), configuration.popularityDamping) }
    }

    /// The same views with items that were not there at training, known by their texts alone: nothing follows them
    /// and nobody took them yet.
    public func addingItems(textVectors new: Matrix) throws -> DirectViews {
        let items = textVectors.rows + new.rows
        let padded = SparseMatrix(
            rows: items, columns: items,
            rowOffsets: transitions.rowOffsets + Array(repeating: transitions.values.count, count: new.rows),
            columnIndices: transitions.columnIndices, values: transitions.values)
        return DirectViews(
            configuration: configuration, transitions: padded, textVectors: textVectors.appendingRows(of: new),
            training: try InteractionLog(users: training.users, histories: training.histories, itemCount: items))
    }

    /// How much an item of a history counts: 1 for the most recent one, less by e for every `historyDecay` items.
    public func recency(place: Int, of count: Int) -> Float {
        exponential(-Float(count - 1 - place) / configuration.historyDecay)
    }

    /// The values of one direct view for every item.
    /// - Parameters:
    ///   - view: A view that is not generative.
    ///   - histories: One for each row of the result, oldest item first.
    ///   - groups: The similar users of each history.
    /// - Returns: One row for each history, one column for each item; 0 where the view has nothing to say.
    public func values(
        _ view: ScoreView, histories: [[Int]], groups: [[UserGraph.Neighbour]], on parallelism: Parallelism
    ) -> Matrix {
        switch view {
        case .content: contentValues(histories, parallelism)
        case .transitions:
            sparseValues(histories.count, parallelism) { row, add in
                let history = histories[row]
                for (place, item) in history.enumerated() {
                    let weight = recency(place: place, of: history.count)
                    for entry in transitions.rowOffsets[item]..<transitions.rowOffsets[item + 1] {
                        add(Int(transitions.columnIndices[entry]), weight * transitions.values[entry])
                    }
                }
            }
        case .similarUsers:
            sparseValues(histories.count, parallelism) { row, add in
                for neighbour in groups[row] {
                    let history = training.histories[neighbour.user]
                    let share = neighbour.weight / Float(max(1, history.count)).squareRoot()
                    for item in history { add(item, share * votes[item]) }
                }
            }
        case .sequence, .individual, .group: Matrix(rows: histories.count, columns: textVectors.rows)
        }
    }

    private func contentValues(_ histories: [[Int]], _ parallelism: Parallelism) -> Matrix {
        let memory = SparseRows(columns: textVectors.rows) { rows in
            for history in histories {
                rows.append(history.enumerated().map { ($1, recency(place: $0, of: history.count)) })
            }
        }.matrix
        var values = memory.multiplied(by: textVectors, on: parallelism)
            .multiplied(by: textVectors, transposeOther: true, on: parallelism)
        for index in values.elements.indices where values.elements[index] < 0 { values.elements[index] = 0 }
        return values
    }

    private func sparseValues(
        _ rows: Int, _ parallelism: Parallelism, _ body: @Sendable (Int, (Int, Float) -> Void) -> Void
    ) -> Matrix {
        let items = textVectors.rows
        var values = Matrix(rows: rows, columns: items)
        values.elements.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            nonisolated(unsafe) let start = base
            parallelism.forRanges(rows, minimum: 8) { range, _ in
                for row in range {
                    let target = start + row * items
                    body(row) { item, value in target[item] += value }
                }
            }
        }
        return values
    }
}
