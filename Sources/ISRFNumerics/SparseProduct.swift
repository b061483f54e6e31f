extension SparseMatrix {
    /// The product with another sparse matrix, sparse again.
    ///
    /// Places where summands cancel keep an entry of zero. Takes time proportional to the number of multiplications, plus
    /// sorting within each row of the result.
    /// - Parameter other: Has as many rows as this matrix has columns.
    /// - Returns: A matrix of this matrix's rows and the columns of `other`.
    public func multiplied(by other: SparseMatrix) -> SparseMatrix {
        precondition(other.rows == columns, "inner dimensions differ")
        var rowOffsets = [0]
        rowOffsets.reserveCapacity(rows + 1)
        var columnIndices: [Int32] = []
        var products: [Float] = []
        // One dense row of sums, and the row that last touched each place.
        var sums = [Float](repeating: 0, count: other.columns)
        var lastRow = [Int](repeating: -1, count: other.columns)
        var touched: [Int32] = []
        for row in 0..<rows {
            touched.removeAll(keepingCapacity: true)
            for index in self.rowOffsets[row]..<self.rowOffsets[row + 1] {
                let inner = Int(self.columnIndices[index])
                for otherIndex in other.rowOffsets[inner]..<other.rowOffsets[inner + 1] {
                    let column = Int(other.columnIndices[otherIndex])
                    let summand = values[index] * other.values[otherIndex]
                    if lastRow[column] == row {
                        sums[column] += summand
                    } else {
                        lastRow[column] = row
                        sums[column] = summand
                        touched.append(Int32(column))
                    }
                }
            }
            touched.sort()
            columnIndices.append(contentsOf: touched)
            for column in touched { products.append(sums[Int(column)]) }
            rowOffsets.append(products.count)
        }
        return SparseMatrix(
            rows: rows, columns: other.columns, rowOffsets: rowOffsets, columnIndices: columnIndices, values: products)
    }
}
