internal import CKernels
public import ISRFCore

extension SparseMatrix {
    /// A matrix from its entries in any order; entries for the same place are summed in the order given.
    ///
    /// A row or column outside the shape is a programming error and traps.
    public init(rows: Int, columns: Int, entries: [(row: Int, column: Int, value: Float)]) {
        precondition(rows >= 0 && columns >= 0 && columns <= Int(Int32.max), "no such shape")
        // Two stable counting sorts, by column and then by row, bring the entries into order in linear time.
        var columnStarts = [Int](repeating: 0, count: columns + 1)
        var rowStarts = [Int](repeating: 0, count: rows + 1)
        for entry in entries {
            precondition(
                entry.row >= 0 && entry.row < rows && entry.column >= 0 && entry.column < columns,
                "entry outside the matrix")
            columnStarts[entry.column + 1] += 1
            rowStarts[entry.row + 1] += 1
        }
        for column in 0..<columns { columnStarts[column + 1] += columnStarts[column] }
        for row in 0..<rows { rowStarts[row + 1] += rowStarts[row] }
        var byColumn = [Int](repeating: 0, count: entries.count)
        for index in entries.indices {
            byColumn[columnStarts[entries[index].column]] = index
            columnStarts[entries[index].column] += 1
        }
        var sorted = [Int](repeating: 0, count: entries.count)
        for index in byColumn {
            sorted[rowStarts[entries[index].row]] = index
            rowStarts[entries[index].row] += 1
        }

        var rowOffsets = [Int](repeating: 0, count: rows + 1)
        var columnIndices: [Int32] = []
        var values: [Float] = []
        columnIndices.reserveCapacity(entries.count)
        values.reserveCapacity(entries.count)
        var previous: (row: Int, column: Int)?
        for index in sorted {
            let entry = entries[index]
            if let previous, previous == (entry.row, entry.column) {
                values[values.count - 1] += entry.value
            } else {
                columnIndices.append(Int32(entry.column))
                values.append(entry.value)
                rowOffsets[entry.row + 1] += 1
                previous = (entry.row, entry.column)
            }
        }
        for row in 0..<rows { rowOffsets[row + 1] += rowOffsets[row] }
        self.init(
            rows: rows, columns: columns, rowOffsets: rowOffsets, columnIndices: columnIndices, values: values)
    }

    /// The rows of this matrix followed by those of another; as wide as the wider of the two.
    public func appendingRows(of other: SparseMatrix) -> SparseMatrix {
        SparseMatrix(
            rows: rows + other.rows, columns: max(columns, other.columns),
            rowOffsets: rowOffsets + other.rowOffsets.dropFirst().map { $0 + entryCount },
            columnIndices: columnIndices + other.columnIndices, values: values + other.values)
    }

    /// The number of stored entries.
    public var entryCount: Int { values.count }

    /// The positions of one row's entries in `columnIndices` and `values`.
    public func entries(inRow row: Int) -> Range<Int> {
        rowOffsets[row]..<rowOffsets[row + 1]
    }

    /// The transpose: entry (r, c) becomes entry (c, r).
    public func transposed() -> SparseMatrix {
        var offsets = [Int](repeating: 0, count: columns + 1)
        for column in columnIndices { offsets[Int(column) + 1] += 1 }
        for column in 0..<columns { offsets[column + 1] += offsets[column] }
        var next = offsets
        var transposedColumns = [Int32](repeating: 0, count: values.count)
        var transposedValues = [Float](repeating: 0, count: values.count)
        for row in 0..<rows {
            for index in rowOffsets[row]..<rowOffsets[row + 1] {
                let column = Int(columnIndices[index])
                transposedColumns[next[column]] = Int32(row)
                transposedValues[next[column]] = values[index]
                next[column] += 1
            }
        }
        return SparseMatrix(
            rows: columns, columns: rows, rowOffsets: offsets, columnIndices: transposedColumns,
            values: transposedValues)
    }

    /// A copy in which entry (r, c) is multiplied by `rowFactors[r] * columnFactors[c]`.
    /// - Parameters:
    ///   - rowFactors: `rows` numbers, or nil to leave the rows as they are.
    ///   - columnFactors: `columns` numbers, or nil to leave the columns as they are.
    public func scaled(rows rowFactors: [Float]? = nil, columns columnFactors: [Float]? = nil) -> SparseMatrix {
        precondition(rowFactors.map { $0.count == rows } ?? true, "one factor for each row is expected")
        precondition(columnFactors.map { $0.count == columns } ?? true, "one factor for each column is expected")
        var result = self
        for row in 0..<rows {
            let rowFactor = rowFactors?[row] ?? 1
            for index in rowOffsets[row]..<rowOffsets[row + 1] {
                result.values[index] *= rowFactor * (columnFactors?[Int(columnIndices[index])] ?? 1)
            }
        }
        return result
    }

    /// The sum of each row's values; `rows` numbers.
    public func rowSums() -> [Float] {
        (0..<rows).map { row in
            var sum = 0.0
            for index in rowOffsets[row]..<rowOffsets[row + 1] { sum += Double(values[index]) }
            return Float(sum)
        }
    }

    /// The same matrix in dense form; for small matrices.
    public func dense() -> Matrix {
        var result = Matrix(rows: rows, columns: columns)
        for row in 0..<rows {
            for index in rowOffsets[row]..<rowOffsets[row + 1] {
                result[row, Int(columnIndices[index])] += values[index]
            }
        }
        return result
    }

    /// The product with a dense matrix.
    /// - Parameters:
    ///   - dense: Has as many rows as this matrix has columns.
    ///   - parallelism: How many threads share the work; each takes rows with about the same number of entries.
    /// - Returns: A matrix of this matrix's rows and the columns of `dense`.
    public func multiplied(by dense: Matrix, on parallelism: Parallelism = .serial) -> Matrix {
        precondition(dense.rows == columns, "inner dimensions differ")
        dense.requireShape()
        var product = Matrix(rows: rows, columns: dense.columns)
        dense.elements.withUnsafeBufferPointer { source in
            product.elements.withUnsafeMutableBufferPointer { target in
                guard let source = source.baseAddress, let target = target.baseAddress else { return }
                multiply(source, width: dense.columns, into: target, accumulating: false, on: parallelism)
            }
        }
        return product
    }

    /// Writes or adds the product with a dense matrix to memory that the caller manages.
    /// - Parameters:
    ///   - dense: `columns x width` numbers, row after row.
    ///   - width: The columns of the dense matrix and of the result.
    ///   - result: `rows x width` numbers, row after row; must not overlap `dense`.
    ///   - accumulating: Whether the product is added to what `result` holds or replaces it.
    ///   - parallelism: How many threads share the work.
    package func multiply(
        _ dense: UnsafePointer<Float>, width: Int, into result: UnsafeMutablePointer<Float>, accumulating: Bool,
        on parallelism: Parallelism = .serial
    ) {
        precondition(values.count == columnIndices.count, "values do not fill the pattern")
        guard rows > 0, width > 0 else { return }
        rowOffsets.withUnsafeBufferPointer { offsets in
            columnIndices.withUnsafeBufferPointer { columnIndices in
                values.withUnsafeBufferPointer { values in
                    // Threads write disjoint rows of the result and only read the rest, which outlives the call.
                    nonisolated(unsafe) let (dense, result) = (dense, result)
                    nonisolated(unsafe) let (offsets, columnIndices, values) = (offsets, columnIndices, values)
                    let rows = rows
                    // A row costs its entries and one more, so cumulative cost grows strictly and finds each row once.
                    let minimum = max(1, (1 << 16) / width)
                    parallelism.forRanges(rows + values.count, minimum: minimum) { range, _ in
                        let first = SparseMatrix.firstRow(costing: range.lowerBound, offsets: offsets, rows: rows)
                        let last = SparseMatrix.firstRow(costing: range.upperBound, offsets: offsets, rows: rows)
                        isrf_spmm(
                            first, last, offsets.baseAddress, columnIndices.baseAddress, values.baseAddress, dense,
                            width, result, accumulating ? 1 : 0)
                    }
                }
            }
        }
    }

    /// The first row before which rows of at least the given cost lie.
    private static func firstRow(costing cost: Int, offsets: UnsafeBufferPointer<Int>, rows: Int) -> Int {
        var (low, high) = (0, rows)
        while low < high {
            let middle = (low + high) / 2
            if offsets[middle] + middle < cost { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
