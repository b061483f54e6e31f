internal import CLinearAlgebra

/// Matrix products on memory that the caller manages, on the calling thread alone.
package enum BLAS {
    /// `c = alpha op(a) op(b) + beta c`, all row-major; with `beta == 0` the old content of `c` is not read.
    /// - Parameters:
    ///   - transposeA: Whether op(a) is a's transpose; `a` is then stored as `inner x rows`.
    ///   - transposeB: Whether op(b) is b's transpose; `b` is then stored as `columns x inner`.
    ///   - m: The rows of op(a) and of `c`.
    ///   - n: The columns of op(b) and of `c`.
    ///   - k: The columns of op(a), which are the rows of op(b).
    ///   - lda: The distance between the beginnings of consecutive stored rows of `a`; `ldb` and `ldc` alike.
    package static func gemm(
        transposeA: Bool = false, transposeB: Bool = false, rows m: Int, columns n: Int, inner k: Int, alpha: Float = 1,
        a: UnsafePointer<Float>, lda: Int, b: UnsafePointer<Float>, ldb: Int, beta: Float = 0,
        c: UnsafeMutablePointer<Float>, ldc: Int
    ) {
        guard m > 0, n > 0 else { return }
        // BLAS refuses leading dimensions of zero, which empty operands have.
        ila_sgemm(
            transposeA ? 1 : 0, transposeB ? 1 : 0, Int32(m), Int32(n), Int32(k), alpha, a, Int32(max(1, lda)), b,
            Int32(max(1, ldb)), beta, c, Int32(max(1, ldc)))
    }
}
