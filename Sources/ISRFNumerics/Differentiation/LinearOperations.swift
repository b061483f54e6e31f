extension Variable {
    /// The matrix product `self · other`, with `other` transposed first when asked.
    public func multiplied(by other: Variable, transposeOther: Bool = false) -> Variable {
        let left = value
        let right = other.value
        let parallelism = tape.parallelism
        let product = left.multiplied(by: right, transposeOther: transposeOther, on: parallelism)
        let (own, second) = (place, other.place)
        return tape.record(product, from: [self, other]) { tape, gradient in
            if tape.needsGradient(own) {
                tape.accumulate(
                    own, adding: gradient.multiplied(by: right, transposeOther: !transposeOther, on: parallelism))
            }
            if tape.needsGradient(second) {
                let share =
                    transposeOther
                    ? gradient.multiplied(by: left, transposeSelf: true, on: parallelism)
                    : left.multiplied(by: gradient, transposeSelf: true, on: parallelism)
                tape.accumulate(second, adding: share)
            }
        }
    }

    /// The sum of two matrices of the same shape.
    public static func + (left: Variable, right: Variable) -> Variable {
        precondition(left.rows == right.rows && left.columns == right.columns, "shapes differ")
        var sum = left.value
        let addend = right.value
        sum.elements.withUnsafeMutableBufferPointer { target in
            guard let target = target.baseAddress else { return }
            addend.withElements { Elementwise.add($0, into: target, count: addend.elements.count) }
        }
        let (first, second) = (left.place, right.place)
        return left.tape.record(sum, from: [left, right]) { tape, gradient in
            tape.accumulate(first, adding: gradient)
            tape.accumulate(second, adding: gradient)
        }
    }

    /// The matrix times a fixed number.
    public func scaled(by factor: Float) -> Variable {
        let input = value
        let scaled = Matrix(rows: input.rows, columns: input.columns) { target in
            input.withElements { source in
                for index in 0..<input.elements.count { target[index] = source[index] * factor }
            }
        }
        let own = place
        return tape.record(scaled, from: [self]) { tape, gradient in
            tape.accumulate(own) { target in
                gradient.withElements {
                    Elementwise.addScaled($0, by: factor, into: target, count: gradient.elements.count)
                }
            }
        }
    }

    /// Every row plus the same vector: `vector` has one row and as many columns as the matrix.
    public func adding(row vector: Variable) -> Variable {
        precondition(vector.rows == 1 && vector.columns == columns, "the vector is not as wide as the matrix")
        var sum = value
        let addend = vector.value
        let (rows, columns) = (sum.rows, sum.columns)
        sum.elements.withUnsafeMutableBufferPointer { target in
            guard let target = target.baseAddress else { return }
            addend.withElements { source in
                for row in 0..<rows { Elementwise.add(source, into: target + row * columns, count: columns) }
            }
        }
        let (own, second) = (place, vector.place)
        return tape.record(sum, from: [self, vector]) { tape, gradient in
            tape.accumulate(own, adding: gradient)
            tape.accumulate(second) { target in
                gradient.withElements { source in
                    for row in 0..<rows { Elementwise.add(source + row * columns, into: target, count: columns) }
                }
            }
        }
    }

    /// The element-by-element product with a matrix of the same shape, or with a single row that meets every row.
    public func multiplied(elementwise other: Variable) -> Variable {
        let repeated = other.rows == 1 && rows != 1
        precondition(other.columns == columns && (repeated || other.rows == rows), "shapes differ")
        let left = value
        let right = other.value
        let (rows, columns) = (left.rows, left.columns)
        let product = Matrix(rows: rows, columns: columns) { target in
            left.withElements { a in
                right.withElements { b in
                    for row in 0..<rows {
                        let factor = repeated ? b : b + row * columns
                        let start = row * columns
                        for column in 0..<columns { target[start + column] = a[start + column] * factor[column] }
                    }
                }
            }
        }
        let (own, second) = (place, other.place)
        return tape.record(product, from: [self, other]) { tape, gradient in
            gradient.withElements { upstream in
                tape.accumulate(own) { target in
                    right.withElements { b in
                        for row in 0..<rows {
                            let factor = repeated ? b : b + row * columns
                            let start = row * columns
                            for column in 0..<columns {
                                target[start + column] += upstream[start + column] * factor[column]
                            }
                        }
                    }
                }
                tape.accumulate(second) { target in
                    left.withElements { a in
                        for row in 0..<rows {
                            let share = repeated ? target : target + row * columns
                            let start = row * columns
                            for column in 0..<columns {
                                share[column] += upstream[start + column] * a[start + column]
                            }
                        }
                    }
                }
            }
        }
    }

    /// The matrix times a learned number, a 1 x 1 variable.
    public func scaled(by factor: Variable) -> Variable {
        precondition(factor.rows == 1 && factor.columns == 1, "the factor is not a single number")
        let input = value
        let scale = factor.scalar
        let scaled = Matrix(rows: input.rows, columns: input.columns) { target in
            input.withElements { source in
                for index in 0..<input.elements.count { target[index] = source[index] * scale }
            }
        }
        let (own, second) = (place, factor.place)
        return tape.record(scaled, from: [self, factor]) { tape, gradient in
            gradient.withElements { upstream in
                tape.accumulate(own) { target in
                    Elementwise.addScaled(upstream, by: scale, into: target, count: gradient.elements.count)
                }
                tape.accumulate(second) { target in
                    input.withElements { target[0] += Elementwise.dot($0, upstream, count: input.elements.count) }
                }
            }
        }
    }

    /// Some rows of a matrix, in the given order; a row may be taken more than once.
    public func gathered(rows indices: [Int]) -> Variable {
        let source = value
        let columns = source.columns
        precondition(indices.allSatisfy { $0 >= 0 && $0 < source.rows }, "a row index is out of range")
        let gathered = Matrix(rows: indices.count, columns: columns) { target in
            source.withElements { base in
                for (place, row) in indices.enumerated() {
                    (target + place * columns).initialize(from: base + row * columns, count: columns)
                }
            }
        }
        let own = place
        return tape.record(gathered, from: [self]) { tape, gradient in
            tape.accumulate(own) { target in
                gradient.withElements { upstream in
                    for (place, row) in indices.enumerated() {
                        Elementwise.add(upstream + place * columns, into: target + row * columns, count: columns)
                    }
                }
            }
        }
    }

    /// The rows of this matrix followed by those of another of the same width.
    public func stacked(above other: Variable) -> Variable {
        precondition(columns == other.columns, "widths differ")
        let upper = value
        let lower = other.value
        let stacked = upper.appendingRows(of: lower)
        let boundary = upper.elements.count
        let (own, second) = (place, other.place)
        return tape.record(stacked, from: [self, other]) { tape, gradient in
            gradient.withElements { upstream in
                tape.accumulate(own) { Elementwise.add(upstream, into: $0, count: boundary) }
                tape.accumulate(second) {
                    Elementwise.add(upstream + boundary, into: $0, count: lower.elements.count)
                }
            }
        }
    }

    /// The same elements, row after row, in another shape.
    public func reshaped(rows newRows: Int, columns newColumns: Int) -> Variable {
        precondition(newRows * newColumns == rows * columns, "shapes hold different numbers of elements")
        let (own, oldRows, oldColumns) = (place, rows, columns)
        return tape.record(
            Matrix(rows: newRows, columns: newColumns, elements: value.elements), from: [self]
        ) { tape, gradient in
            tape.accumulate(own, adding: Matrix(rows: oldRows, columns: oldColumns, elements: gradient.elements))
        }
    }

    /// A run of consecutive rows.
    public func rows(_ range: Range<Int>) -> Variable {
        let source = value
        precondition(range.lowerBound >= 0 && range.upperBound <= source.rows, "the rows are out of range")
        let columns = source.columns
        let slice = Matrix(
            rows: range.count, columns: columns,
            elements: Array(source.elements[range.lowerBound * columns..<range.upperBound * columns]))
        let own = place
        return tape.record(slice, from: [self]) { tape, gradient in
            tape.accumulate(own) { target in
                gradient.withElements {
                    Elementwise.add($0, into: target + range.lowerBound * columns, count: gradient.elements.count)
                }
            }
        }
    }

    /// The product of a fixed sparse matrix with this one: graph propagation, means over neighbours or prefixes.
    /// - Parameters:
    ///   - matrix: The sparse matrix; as many columns as this variable has rows.
    ///   - transpose: Its transpose, for the way back; pass it when it is known (a symmetric matrix is its own).
    public func multiplied(byLeft matrix: SparseMatrix, transpose: SparseMatrix? = nil) -> Variable {
        precondition(matrix.columns == rows, "the sparse matrix does not fit")
        let parallelism = tape.parallelism
        let product = matrix.multiplied(by: value, on: parallelism)
        let own = place
        return tape.record(product, from: [self]) { tape, gradient in
            let backwards = transpose ?? matrix.transposed()
            tape.accumulate(own, adding: backwards.multiplied(by: gradient, on: parallelism))
        }
    }

    /// The sum of all elements, a 1 x 1 variable.
    public func sum() -> Variable {
        let input = value
        let total = input.elements.reduce(into: Double(0)) { $0 += Double($1) }
        let own = place
        return tape.record(Matrix(rows: 1, columns: 1, repeating: Float(total)), from: [self]) { tape, gradient in
            let share = gradient.elements[0]
            tape.accumulate(own) { target in
                for index in 0..<input.elements.count { target[index] += share }
            }
        }
    }
}
