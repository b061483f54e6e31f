internal import CLinearAlgebra
internal import ISRFCore

extension Matrix {
    /// Orthonormal columns that span what this matrix's columns span, like ``leftOrthonormal()`` but by matrix products.
    ///
    /// Two rounds of Cholesky QR (Yamamoto et al. 2015): several times faster on tall matrices and shared among threads.
    /// Columns that nearly depend on each other are beyond it; Householder's reflections then do the work.
    func orthonormalized(on parallelism: Parallelism) throws -> Matrix {
        guard let once = choleskyOrthonormalized(on: parallelism),
            let twice = once.choleskyOrthonormalized(on: parallelism)
        else { return try leftOrthonormal() }
        return twice
    }

    /// One round, after which columns are orthonormal up to the square of the condition number times the rounding error;
    /// nil where that would be too much.
    private func choleskyOrthonormalized(on parallelism: Parallelism) -> Matrix? {
        guard columns > 0 else { return self }
        var gram = multiplied(by: self, transposeSelf: true, on: parallelism)
        // Unit columns, so that only their directions matter.
        let scales = (0..<columns).map { 1 / gram[$0, $0].squareRoot() }
        guard scales.allSatisfy({ $0.isFinite && $0 > 0 }) else { return nil }
        for row in 0..<columns { for column in 0..<columns { gram[row, column] *= scales[row] * scales[column] } }
        let order = Int32(columns)
        guard ila_inverse_cholesky(order, &gram.elements) == 0 else { return nil }
        // The inverse factor's diagonal is one over each column's distance from the span of those before it.
        guard (0..<columns).allSatisfy({ gram[$0, $0] < 100 }) else { return nil }
        for row in 0..<columns { for column in 0..<columns { gram[row, column] *= scales[column] } }
        return multiplied(by: gram, transposeOther: true, on: parallelism)
    }
}
