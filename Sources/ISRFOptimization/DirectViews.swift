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
        /// The same for what follows: the next item depends on the latest ones.
        public var transitionDecay: Float = 1
        /// The power of an item's count that the votes of similar users are divided by.
        public var popularityDamping: Float = 0.5

        /// The default.
        public init() {}

        /// Checks every value.
        /// - Throws: `ISRFError` (`invalidConfiguration`).
        public func validate() throws {
            try require(historyDecay > 0, "views.historyDecay", "above 0", historyDecay)
            try require(transitionDecay > 0, "views.transitionDecay", "above 0", transitionDecay)
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
    /// The items' attributes, weighted and of unit length: one row for each item (`AttributeVocabulary.tfidf()`).
    public let attributes: SparseMatrix
    /// The training histories, whose owners can be similar users.
    public let training: InteractionLog
    private let precedents: SparseMatrix
    private let itemsByAttribute: SparseMatrix
    private let counts: [Int]
    private let votes: [Float]
    private let lenders: ItemLenders

    /// Creates the views.
    /// - Parameters:
    ///   - configuration: How they are computed.
    ///   - transitions: Items by items.
    ///   - textVectors: One unit row for each item.
    ///   - attributes: One row of unit length for each item, or an empty one.
    ///   - training: The training histories, of as many items.
    ///   - knownItemCount: How many items, the first ones, were there at training: no more than there are; nil for all.
    ///     The others have what interactions say from the known items that are most like them in text and attributes.
    public init(
        configuration: Configuration, transitions: SparseMatrix, textVectors: Matrix, attributes: SparseMatrix,
        training: InteractionLog, knownItemCount: Int? = nil
    ) {
        self.configuration = configuration
        self.transitions = transitions
        self.textVectors = textVectors
        self.attributes = attributes
        self.training = training
        precedents = transitions.transposed()
        itemsByAttribute = attributes.transposed()
        counts = training.itemCounts()
        votes = counts.map { 1 / power(Float(max(1, $0)), configuration.popularityDamping) }
        lenders = ItemLenders(
            knownItems: knownItemCount ?? textVectors.rows, textVectors: textVectors, attributes: attributes,
            itemsByAttribute: itemsByAttribute)
    }

    /// The same views with items that were not there at training, known by their texts and attributes alone.
    ///
    /// Nothing follows them and nobody took them yet: what transitions, companions and similar users say of a new item is
    /// the mean, by likeness of text and attributes, of what they say of the ten known items that are most like it. Its
    /// popularity is 0.
    /// - Parameters:
    ///   - textVectors: One unit row for each new item.
    ///   - attributes: One row for each new item, with columns as in `attributes`; further ones may follow.
    /// - Throws: `ISRFError` (`invalidData`) when the training log does not fit.
    public func addingItems(textVectors new: Matrix, attributes newAttributes: SparseMatrix) throws -> DirectViews {
        let items = textVectors.rows + new.rows
        let padded = SparseMatrix(
            rows: items, columns: items,
            rowOffsets: transitions.rowOffsets + Array(repeating: transitions.values.count, count: new.rows),
            columnIndices: transitions.columnIndices, values: transitions.values)
        return DirectViews(
            configuration: configuration, transitions: padded, textVectors: textVectors.appendingRows(of: new),
            attributes: attributes.appendingRows(of: newAttributes),
            training: try InteractionLog(users: training.users, histories: training.histories, itemCount: items),
            knownItemCount: lenders.knownItems)
    }

    /// How much an item of a history counts: 1 for the most recent one, less by e for every `decay` items.
    public func recency(place: Int, of count: Int, decay: Float) -> Float {
        exponential(-Float(count - 1 - place) / decay)
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
        var values = ownValues(view, histories, groups, parallelism)
        switch view {
        case .transitions, .companions, .similarUsers: lenders.lend(&values)
        case .content, .attributes, .popularity, .sequence, .individual, .group: break
        }
        return values
    }

    /// What is said of every item by its own interactions, text and attributes.
    private func ownValues(
        _ view: ScoreView, _ histories: [[Int]], _ groups: [[UserGraph.Neighbour]], _ parallelism: Parallelism
    ) -> Matrix {
        switch view {
        case .content: contentValues(histories, parallelism)
        case .transitions:
            sparseValues(histories.count, parallelism) { row, add in
                let history = histories[row]
                for (place, item) in history.enumerated() {
                    let weight = recency(place: place, of: history.count, decay: configuration.transitionDecay)
                    forEachEntry(of: transitions, row: item) { add($0, weight * $1) }
                }
            }
        case .attributes: attributeValues(histories, parallelism)
        case .companions:
            sparseValues(histories.count, parallelism) { row, add in
                let history = histories[row]
                for (place, item) in history.enumerated() {
                    let weight = recency(place: place, of: history.count, decay: configuration.historyDecay)
                    forEachEntry(of: transitions, row: item) { add($0, weight * $1) }
                    forEachEntry(of: precedents, row: item) { add($0, weight * $1) }
                }
            }
        case .popularity:
            sparseValues(histories.count, parallelism) { _, add in
                for (item, count) in counts.enumerated() { add(item, Float(count)) }
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

    private func attributeValues(_ histories: [[Int]], _ parallelism: Parallelism) -> Matrix {
        let interests = memory(of: histories).multiplied(by: attributes)
        return sparseValues(histories.count, parallelism) { row, add in
            forEachEntry(of: interests, row: row) { attribute, interest in
                forEachEntry(of: itemsByAttribute, row: attribute) { add($0, interest * $1) }
            }
        }
    }

    /// One row for each history: how much each item counts.
    private func memory(of histories: [[Int]]) -> SparseMatrix {
        SparseRows(columns: textVectors.rows) { rows in
            for history in histories {
                rows.append(
                    history.enumerated().map {
                        ($1, recency(place: $0, of: history.count, decay: configuration.historyDecay))
                    })
            }
        }.matrix
    }

    private func contentValues(_ histories: [[Int]], _ parallelism: Parallelism) -> Matrix {
        var values = memory(of: histories).multiplied(by: textVectors, on: parallelism)
            .multiplied(by: textVectors, transposeOther: true, on: parallelism)
        for index in values.elements.indices where values.elements[index] < 0 { values.elements[index] = 0 }
        return values
    }

    private func forEachEntry(of matrix: SparseMatrix, row: Int, _ body: (Int, Float) -> Void) {
        matrix.columnIndices.withUnsafeBufferPointer { columns in
            matrix.values.withUnsafeBufferPointer { values in
                for entry in matrix.entries(inRow: row) { body(Int(columns[entry]), values[entry]) }
            }
        }
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
