internal import ISRFCore
internal import ISRFData
internal import ISRFNumerics
internal import ISRFUserGraph

/// Makes the sparse operators and index lists of training steps and predictions from histories and the user graph.
struct BatchAssembler: Sendable {
    let training: InteractionLog
    /// 1 / sqrt(degree) of each item, as in LightGCN's normalisation.
    let itemScales: [Float]
    /// What each user contributes to the groups of others: the mean of the user's items.
    let means: SparseMatrix

    init(training: InteractionLog) {
        self.training = training
        itemScales = training.itemCounts().map { 1 / Float(max(1, $0)).squareRoot() }
        means =
            SparseRows(columns: training.itemCount) { rows in
                for history in training.histories { rows.append(history.map { ($0, 1 / Float(history.count)) }) }
            }.matrix
    }

    /// One row: the weighted mean of a history's items; rare items weigh more, as in LightGCN.
    func membership(of histories: [ArraySlice<Int>]) -> SparseMatrix {
        BatchAssembler.membership(of: histories, itemScales: itemScales)
    }

    /// One row: the weighted mean of a history's items, by the items' scales.
    static func membership(of histories: [ArraySlice<Int>], itemScales: [Float]) -> SparseMatrix {
        SparseRows(columns: itemScales.count) { rows in
            for history in histories {
                var total: Float = 0
                for item in history { total += itemScales[item] }
                rows.append(history.map { ($0, itemScales[$0] / total) })
            }
        }.matrix
    }

    /// The weights of each row's similar users, summing to 1.
    static func similarUsers(_ groups: [[UserGraph.Neighbour]], userCount: Int) -> SparseMatrix {
        SparseRows(columns: userCount) { rows in
            for group in groups {
                let total = group.reduce(0) { $0 + $1.weight }
                rows.append(group.map { ($0.user, $0.weight / total) })
            }
        }.matrix
    }

    /// Puts row i at row `places[i]` of `count` rows that are zero otherwise.
    func placing(rowsAt places: [Int], of count: Int) -> SparseMatrix {
        var rows = [Int?](repeating: nil, count: count)
        for (row, place) in places.enumerated() { rows[place] = row }
        return SparseRows(columns: places.count) { sparse in
            for row in rows { sparse.append(row.map { [($0, Float(1))] } ?? []) }
        }.matrix
    }
}

/// Collects the rows of a sparse matrix; entries of one row may come in any order and more than once.
struct SparseRows {
    private var offsets = [0]
    private var indices: [Int32] = []
    private var values: [Float] = []
    private let columns: Int

    init(columns: Int, _ body: (inout SparseRows) -> Void) {
        self.columns = columns
        body(&self)
    }

    mutating func append(_ entries: [(Int, Float)]) {
        let start = indices.count
        for (column, value) in entries.sorted(by: { $0.0 < $1.0 }) {
            if indices.count > start, indices[indices.count - 1] == Int32(column) {
                values[values.count - 1] += value
            } else {
                indices.append(Int32(column))
                values.append(value)
            }
        }
        offsets.append(indices.count)
    }

    var matrix: SparseMatrix {
        SparseMatrix(
            rows: offsets.count - 1, columns: columns, rowOffsets: offsets, columnIndices: indices, values: values)
    }
}
