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
    /// The value of each entry. Their number must stay that of `columnIndices`.
    public var values: [Float]

    /// A matrix from its compressed-row arrays; traps when they contradict each other.
    public init(rows: Int, columns: Int, rowOffsets: [Int], columnIndices: [Int32], values: [Float]) {
        precondition(rows >= 0 && columns >= 0 && columns <= Int(Int32.max), "no such shape")
        precondition(
            rowOffsets.count == rows + 1 && rowOffsets.first == 0 && rowOffsets.last == values.count,
            "row offsets do not fit the rows and values")
        precondition(columnIndices.count == values.count, "columns and values differ in number")
        for row in 0..<rows {
            precondition(rowOffsets[row] <= rowOffsets[row + 1], "row offsets do not ascend")
            var previous: Int32 = -1
            for index in rowOffsets[row]..<rowOffsets[row + 1] {
                precondition(columnIndices[index] > previous, "columns do not ascend within a row")
                previous = columnIndices[index]
            }
            precondition(Int(previous) < columns, "column outside the matrix")
        }
        self.rows = rows
        self.columns = columns
        self.rowOffsets = rowOffsets
        self.columnIndices = columnIndices
        self.values = values
    }
}
