public import ISRFCore

extension Matrix {
    /// For each row its greatest `count` elements and their columns: greatest first, ties by smaller column, never
    /// not-a-number.
    public func greatestColumns(
        _ count: Int, on parallelism: Parallelism = .serial
    ) -> [[(index: Int, value: Float)]] {
        var result = [[(index: Int, value: Float)]](repeating: [], count: rows)
        let (rows, columns) = (rows, columns)
        result.withUnsafeMutableBufferPointer { result in
            elements.withUnsafeBufferPointer { elements in
                nonisolated(unsafe) let (result, elements) = (result, elements)
                parallelism.forRanges(rows, minimum: 4) { range, _ in
                    for row in range {
                        result[row] = TopK.greatest(
                            count, of: UnsafeBufferPointer(rebasing: elements[row * columns..<(row + 1) * columns]))
                    }
                }
            }
        }
        return result
    }
}
