/// A sparse matrix in compressed-row form (CSR): for each row, the columns that are not zero and their values.
public struct SparseMatrix: Sendable, Equatable {
    /// The number of rows.
    public let rows: Int
    /// The number of columns.
    public let columns: Int
    /// Row r's entries are at `rowOffsets[r]..<rowOffsets[r + 1]`; `rows + 1` numbers.
    public let rowOffsets: [Int]
    /// The column of each entry, ascending within a row.
    public let columnIndices: [Int32]
    /// The value of each entry.
    public var values: [Float]

    /// A matrix from its compressed-row arrays; traps when they contradict each other.
    public init(rows: Int, columns: Int, rowOffsets: [Int], columnIndices: [Int32], values: [Float]) {
        precondition(rowOffsets.count == rows + 1 && rowOffsets.first == 0 && rowOffsets.last == values.count)
        precondition(columnIndices.count == values.count)
        self.rows = rows
        self.columns = columns
        self.rowOffsets = rowOffsets
        self.columnIndices = columnIndices
        self.values = values
    }
}
