public import ISRFCore

extension Matrix {
    /// The product `op(self) op(other)`, where op transposes or not.
    /// - Parameters:
    ///   - other: The right factor; op(other) has as many rows as op(self) has columns.
    ///   - transposeSelf: Whether this matrix's transpose is the left factor. Nothing is copied.
    ///   - transposeOther: Whether the transpose of `other` is the right factor. Nothing is copied.
    ///   - parallelism: How many threads share the work.
    /// - Returns: A matrix with the rows of op(self) and the columns of op(other).
    public func multiplied(
        by other: Matrix, transposeSelf: Bool = false, transposeOther: Bool = false,
        on parallelism: Parallelism = .serial
    ) -> Matrix {
        var product = Matrix(
            rows: transposeSelf ? columns : rows, columns: transposeOther ? other.rows : other.columns)
        Matrix.multiply(
            self, other, transposeLeft: transposeSelf, transposeRight: transposeOther, into: &product, on: parallelism)
        return product
    }

    /// Computes `result = alpha op(left) op(right) + beta result` in place.
    ///
    /// With `beta == 0` the old content of `result` counts for nothing, even where it is not finite.
    /// - Parameters:
    ///   - result: Has the rows of op(left) and the columns of op(right).
    ///   - parallelism: How many threads share the work: blocks of the result's rows, or of its columns when there are
    ///     few rows.
    public static func multiply(
        _ left: Matrix, _ right: Matrix, transposeLeft: Bool = false, transposeRight: Bool = false, alpha: Float = 1,
        beta: Float = 0, into result: inout Matrix, on parallelism: Parallelism = .serial
    ) {
        let m = transposeLeft ? left.columns : left.rows
        let k = transposeLeft ? left.rows : left.columns
        let n = transposeRight ? right.rows : right.columns
        precondition((transposeRight ? right.columns : right.rows) == k, "inner dimensions differ")
        precondition(result.rows == m && result.columns == n, "the result has another shape than the product")
        left.requireShape()
        right.requireShape()
        result.requireShape()
        let (lda, ldb) = (left.columns, right.columns)
        left.elements.withUnsafeBufferPointer { a in
            right.elements.withUnsafeBufferPointer { b in
                result.elements.withUnsafeMutableBufferPointer { c in
                    guard let target = c.baseAddress, m > 0, n > 0 else { return }
                    // Blocks write disjoint parts of c and only read a and b, which outlive the call.
                    nonisolated(unsafe) let c = target
                    nonisolated(unsafe) let a = a.baseAddress ?? UnsafePointer(target)
                    nonisolated(unsafe) let b = b.baseAddress ?? UnsafePointer(target)
                    // A block should be worth a thread's start: some hundred thousand multiplications.
                    let minimum = max(8, (1 << 18) / max(1, k * min(m, n)))
                    if m >= 32 * parallelism.threads || m >= n {
                        parallelism.forRanges(m, minimum: minimum) { range, _ in
                            BLAS.gemm(
                                transposeA: transposeLeft, transposeB: transposeRight, rows: range.count, columns: n,
                                inner: k, alpha: alpha, a: a + range.lowerBound * (transposeLeft ? 1 : lda), lda: lda,
                                b: b, ldb: ldb, beta: beta, c: c + range.lowerBound * n, ldc: n)
                        }
                    } else {
                        parallelism.forRanges(n, minimum: minimum) { range, _ in
                            BLAS.gemm(
                                transposeA: transposeLeft, transposeB: transposeRight, rows: m, columns: range.count,
                                inner: k, alpha: alpha, a: a, lda: lda,
                                b: b + range.lowerBound * (transposeRight ? ldb : 1), ldb: ldb, beta: beta,
                                c: c + range.lowerBound, ldc: n)
                        }
                    }
                }
            }
        }
    }
}
