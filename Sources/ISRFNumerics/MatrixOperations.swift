extension Matrix {
    /// Whether every element is finite: no infinity, not-a-number.
    public var isFinite: Bool { elements.allFinite }

    /// The transpose: element (r, c) becomes element (c, r).
    public func transposed() -> Matrix {
        requireShape()
        let (rows, columns) = (rows, columns)
        let transposedElements = [Float](unsafeUninitializedCapacity: elements.count) { target, count in
            elements.withUnsafeBufferPointer { source in
                // Square blocks keep both sides within the cache.
                let block = 16
                for rowStart in stride(from: 0, to: rows, by: block) {
                    for columnStart in stride(from: 0, to: columns, by: block) {
                        for row in rowStart..<min(rowStart + block, rows) {
                            for column in columnStart..<min(columnStart + block, columns) {
                                target[column * rows + row] = source[row * columns + column]
                            }
                        }
                    }
                }
            }
            count = rows * columns
        }
        return Matrix(rows: columns, columns: rows, elements: transposedElements)
    }

    /// A copy whose rows have Euclidean length 1; rows of zeros stay zero.
    public func normalizedRows() -> Matrix {
        requireShape()
        var result = self
        result.elements.withUnsafeMutableBufferPointer { values in
            for row in 0..<rows {
                let range = row * columns..<(row + 1) * columns
                // Dividing by the greatest magnitude first keeps squares of large and tiny numbers in range.
                var greatest: Float = 0
                for index in range { greatest = max(greatest, abs(values[index])) }
                guard greatest > 0, greatest.isFinite else { continue }
                var sum = 0.0
                for index in range {
                    let value = Double(values[index] / greatest)
                    sum += value * value
                }
                let length = Float(sum.squareRoot())
                for index in range { values[index] = values[index] / greatest / length }
            }
        }
        return result
    }

    /// Adds `scale * other` element by element.
    public mutating func add(_ other: Matrix, scaledBy scale: Float = 1) {
        precondition(rows == other.rows && columns == other.columns, "shapes differ")
        requireShape()
        other.requireShape()
        elements.withUnsafeMutableBufferPointer { values in
            other.elements.withUnsafeBufferPointer { others in
                for index in 0..<values.count { values[index] += scale * others[index] }
            }
        }
    }

    /// Multiplies every element by `factor`.
    public mutating func scale(by factor: Float) {
        elements.withUnsafeMutableBufferPointer { values in
            for index in 0..<values.count { values[index] *= factor }
        }
    }

    /// The sum `self + scale * other`, element by element.
    public func adding(_ other: Matrix, scaledBy scale: Float = 1) -> Matrix {
        var result = self
        result.add(other, scaledBy: scale)
        return result
    }

    /// This matrix with every element multiplied by `factor`.
    public func scaled(by factor: Float) -> Matrix {
        var result = self
        result.scale(by: factor)
        return result
    }

    /// The rows with the given numbers, in that order; a number may occur more than once.
    public func selectingRows(_ indices: [Int]) -> Matrix {
        var selected: [Float] = []
        selected.reserveCapacity(indices.count * columns)
        for index in indices {
            precondition(index >= 0 && index < rows, "no such row")
            selected.append(contentsOf: elements[index * columns..<(index + 1) * columns])
        }
        return Matrix(rows: indices.count, columns: columns, elements: selected)
    }
}

extension [Float] {
    /// Whether every number is finite.
    package var allFinite: Bool {
        withUnsafeBufferPointer { values in
            // A finite number times zero is zero, anything else is not-a-number: one branch-free pass.
            var probe: Float = 0
            for value in values { probe += value * 0 }
            return probe == 0
        }
    }
}
