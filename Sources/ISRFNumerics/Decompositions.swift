internal import CLinearAlgebra
internal import ISRFCore

/// The eigenvalues and eigenvectors of a symmetric matrix: `matrix = vectors diag(values) vectorsᵀ`.
public struct SymmetricEigen: Sendable, Equatable {
    /// The eigenvalues, greatest first.
    public var values: [Float]
    /// The orthonormal eigenvectors in columns; column i belongs to `values[i]`, and its entry of greatest magnitude is
    /// positive.
    public var vectors: Matrix
}

/// Singular values and vectors, all or the leading ones: `matrix ≈ left diag(values) rightᵀ`.
public struct TruncatedSVD: Sendable, Equatable {
    /// The left singular vectors in orthonormal columns: rows of the matrix x `values.count`.
    public var left: Matrix
    /// The singular values, greatest first, none negative.
    public var values: [Float]
    /// The right singular vectors in orthonormal columns: columns of the matrix x `values.count`. The entry of greatest
    /// magnitude in each is positive, which settles the signs.
    public var right: Matrix

    /// Creates a decomposition from its parts.
    public init(left: Matrix, values: [Float], right: Matrix) {
        self.left = left
        self.values = values
        self.right = right
    }

    /// The leading `rank` singular values and vectors, or all when there are fewer.
    public func truncated(to rank: Int) -> TruncatedSVD {
        let rank = max(0, min(rank, values.count))
        return TruncatedSVD(
            left: left.leadingColumns(rank), values: Array(values[..<rank]), right: right.leadingColumns(rank))
    }

    /// The product of the parts: the matrix itself, or its best approximation of this rank.
    public func reconstructed() -> Matrix {
        var scaled = left
        for row in 0..<scaled.rows { for column in 0..<scaled.columns { scaled[row, column] *= values[column] } }
        return scaled.multiplied(by: right, transposeOther: true)
    }
}

extension Matrix {
    /// The eigenvalues and eigenvectors of this symmetric matrix.
    ///
    /// Only the lower triangle is read; a matrix that is not square is a programming error and traps.
    /// - Throws: `ISRFError` (`numericalFailure`) when an element is not finite or LAPACK does not converge.
    public func symmetricEigen() throws -> SymmetricEigen {
        precondition(rows == columns, "a symmetric matrix is square")
        try requireFinite("the eigenvalue decomposition")
        guard rows > 0 else { return SymmetricEigen(values: [], vectors: self) }
        var vectors = elements
        var values = [Float](repeating: 0, count: rows)
        let status = ila_symmetric_eigen(Int32(rows), &vectors, &values)
        try checkStatus(status, of: "eigenvalue decomposition", rows: rows, columns: columns)
        // LAPACK leaves ascending values and eigenvectors in rows.
        var columnVectors = Matrix(
            rows: rows, columns: rows,
            elements: (0..<rows).reversed().flatMap { vectors[$0 * rows..<($0 + 1) * rows] }
        ).transposed()
        columnVectors.negateColumns(columnVectors.columnsWithNegativePeak())
        return SymmetricEigen(values: values.reversed(), vectors: columnVectors)
    }

    /// All `min(rows, columns)` singular values and vectors.
    /// - Throws: `ISRFError` (`numericalFailure`) when an element is not finite or LAPACK does not converge.
    public func singularValueDecomposition() throws -> TruncatedSVD {
        try requireFinite("the singular value decomposition")
        let rank = min(rows, columns)
        var left = Matrix(rows: rows, columns: rank)
        var right = Matrix(rows: rank, columns: columns)
        var values = [Float](repeating: 0, count: rank)
        if rank > 0 {
            var work = elements
            let status = ila_singular_values(
                Int32(rows), Int32(columns), &work, &values, &left.elements, &right.elements)
            try checkStatus(status, of: "singular value decomposition", rows: rows, columns: columns)
        }
        return TruncatedSVD(left: left, values: values, right: right.transposed()).withSettledSigns()
    }

    /// Orthonormal columns that span what this matrix's columns span (Q of its QR decomposition).
    ///
    /// Where columns depend on each other, further orthonormal ones take their places. A matrix with more columns than
    /// rows is a programming error and traps.
    /// - Throws: `ISRFError` (`numericalFailure`) when an element is not finite.
    public func leftOrthonormal() throws -> Matrix {
        precondition(rows >= columns, "there cannot be more orthonormal columns than rows")
        try requireFinite("the QR decomposition")
        guard columns > 0 else { return self }
        var result = self
        let status = ila_orthonormal_columns(Int32(rows), Int32(columns), &result.elements)
        try checkStatus(status, of: "QR decomposition", rows: rows, columns: columns)
        return result
    }

    /// The first `count` columns.
    public func leadingColumns(_ count: Int) -> Matrix {
        precondition(count >= 0 && count <= columns, "no such columns")
        if count == columns { return self }
        var leading: [Float] = []
        leading.reserveCapacity(rows * count)
        for row in 0..<rows { leading.append(contentsOf: elements[row * columns..<row * columns + count]) }
        return Matrix(rows: rows, columns: count, elements: leading)
    }

    fileprivate func requireFinite(_ purpose: String) throws {
        requireShape()
        guard isFinite else {
            throw ISRFError(
                .numericalFailure,
                "The \(rows) x \(columns) matrix given to \(purpose) holds numbers that are not finite. "
                    + "Look for divisions by zero or overflow in what computed it.")
        }
    }

    /// Whether the entry of greatest magnitude in each column, the first of equals, is negative.
    fileprivate func columnsWithNegativePeak() -> [Bool] {
        var peaks = [Float](repeating: 0, count: columns)
        for row in 0..<rows {
            for column in 0..<columns where abs(self[row, column]) > abs(peaks[column]) {
                peaks[column] = self[row, column]
            }
        }
        return peaks.map { $0 < 0 }
    }

    fileprivate mutating func negateColumns(_ negated: [Bool]) {
        let (rows, columns) = (rows, columns)
        elements.withUnsafeMutableBufferPointer { values in
            for row in 0..<rows {
                for column in 0..<columns where negated[column] {
                    values[row * columns + column] = -values[row * columns + column]
                }
            }
        }
    }
}

extension TruncatedSVD {
    /// The same decomposition with the signs that `right` documents.
    func withSettledSigns() -> TruncatedSVD {
        let negated = right.columnsWithNegativePeak()
        var result = self
        result.left.negateColumns(negated)
        result.right.negateColumns(negated)
        return result
    }
}

/// Turns LAPACK's status into an error.
private func checkStatus(_ status: Int32, of routine: String, rows: Int, columns: Int) throws {
    switch status {
    case 0: return
    case -1000:
        throw ISRFError(
            .numericalFailure, "There is not enough memory for the \(routine) of a \(rows) x \(columns) matrix.")
    case ..<0:
        throw ISRFError(
            .numericalFailure,
            "LAPACK refused argument \(-status) of the \(routine) of a \(rows) x \(columns) matrix. "
                + "The matrix is probably too large for it.")
    default:
        throw ISRFError(
            .numericalFailure,
            "The \(routine) of a \(rows) x \(columns) matrix did not converge (LAPACK status \(status)). "
                + "Check the matrix for extreme values.")
    }
}
