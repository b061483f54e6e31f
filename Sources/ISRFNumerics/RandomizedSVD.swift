public import ISRFCore

extension SparseMatrix {
    /// The leading singular values and vectors, without ever forming a dense matrix of this shape.
    ///
    /// Halko, Martinsson and Tropp (2011), algorithms 4.4 and 5.1: the matrix is applied to random vectors, repeatedly
    /// with its transpose to separate leading from trailing directions, and decomposed within the subspace found. The
    /// result depends on the seed and, in the last digits, on the number of threads.
    /// - Parameters:
    ///   - rank: How many singular values are wanted, at least 1; at most `min(rows, columns)` are returned.
    ///   - oversampling: Random vectors beyond `rank`; more give more accurate trailing values.
    ///   - powerIterations: Rounds of separation; more are needed when singular values fall slowly.
    ///   - seed: Decides the random vectors.
    ///   - parallelism: How many threads share the products.
    /// - Throws: `ISRFError` (`invalidConfiguration`) when `rank` is below 1 or another count is negative, or
    ///   (`numericalFailure`) when a value is not finite or LAPACK fails; `CancellationError` when the task is cancelled.
    public func randomizedSVD(
        rank: Int, oversampling: Int = 10, powerIterations: Int = 4, seed: UInt64, on parallelism: Parallelism = .serial
    ) throws -> TruncatedSVD {
        guard values.allFinite else {
            throw ISRFError(
                .numericalFailure,
                "The \(rows) x \(columns) sparse matrix given to the singular value decomposition holds values that are "
                    + "not finite. Look for divisions by zero or overflow in what computed it.")
        }
        let sketch = RandomizedSketch(
            rows: rows, columns: columns, rank: rank, oversampling: oversampling, powerIterations: powerIterations,
            seed: seed)
        try sketch.validate()
        if sketch.coversAll { return try dense().singularValueDecomposition().truncated(to: rank) }
        let transpose = transposed()
        return try sketch.decompose(
            multiply: { multiplied(by: $0, on: parallelism) },
            multiplyTransposed: { transpose.multiplied(by: $0, on: parallelism) }, on: parallelism)
    }
}

extension Matrix {
    /// The leading singular values and vectors, for large matrices of which few are wanted.
    ///
    /// See ``SparseMatrix/randomizedSVD(rank:oversampling:powerIterations:seed:on:)`` for the method, the parameters and
    /// the errors.
    public func randomizedSVD(
        rank: Int, oversampling: Int = 10, powerIterations: Int = 4, seed: UInt64, on parallelism: Parallelism = .serial
    ) throws -> TruncatedSVD {
        let sketch = RandomizedSketch(
            rows: rows, columns: columns, rank: rank, oversampling: oversampling, powerIterations: powerIterations,
            seed: seed)
        try sketch.validate()
        if sketch.coversAll || !isFinite { return try singularValueDecomposition().truncated(to: rank) }
        return try sketch.decompose(
            multiply: { multiplied(by: $0, on: parallelism) },
            multiplyTransposed: { multiplied(by: $0, transposeSelf: true, on: parallelism) }, on: parallelism)
    }
}

/// A randomised decomposition of a matrix that is only known through its products.
private struct RandomizedSketch {
    var rows: Int
    var columns: Int
    var rank: Int
    var oversampling: Int
    var powerIterations: Int
    var seed: UInt64

    /// Whether the subspace would be the whole space, so that the plain decomposition is cheaper and exact.
    var coversAll: Bool { min(rows, columns) - oversampling <= rank }

    func validate() throws {
        guard rank >= 1, oversampling >= 0, powerIterations >= 0 else {
            throw ISRFError(
                .invalidConfiguration,
                "A randomised singular value decomposition needs a rank of at least 1 and neither a negative "
                    + "oversampling nor negative power iterations; rank \(rank), oversampling \(oversampling) and "
                    + "\(powerIterations) power iterations were given.")
        }
    }

    func decompose(
        multiply: (Matrix) -> Matrix, multiplyTransposed: (Matrix) -> Matrix, on parallelism: Parallelism
    ) throws -> TruncatedSVD {
        var basis = try multiply(randomSigns()).orthonormalized(on: parallelism)
        for _ in 0..<powerIterations {
            try Task.checkCancellation()
            // Without renewed orthogonality every column would turn into the leading direction.
            let other = try multiplyTransposed(basis).orthonormalized(on: parallelism)
            try Task.checkCancellation()
            basis = try multiply(other).orthonormalized(on: parallelism)
        }
        try Task.checkCancellation()
        // With B = basisᵀ A, Bᵀ = other C and C = left diag(values) rightᵀ:
        // A ≈ basis B = (basis right) diag(values) (other left)ᵀ.
        let projected = multiplyTransposed(basis)
        let other = try projected.orthonormalized(on: parallelism)
        try Task.checkCancellation()
        let core = try other.multiplied(by: projected, transposeSelf: true, on: parallelism)
            .singularValueDecomposition().truncated(to: rank)
        return TruncatedSVD(
            left: basis.multiplied(by: core.right, on: parallelism), values: core.values,
            right: other.multiplied(by: core.left, on: parallelism)
        ).withSettledSigns()
    }

    /// `columns` x (rank + oversampling) signs, which span as well as normal numbers at 64 for each random number.
    private func randomSigns() -> Matrix {
        var random = SeededRandom(seed: seed)
        var bits: UInt64 = 0
        let width = rank + oversampling
        let signs = (0..<columns * width).map { index -> Float in
            if index.isMultiple(of: 64) { bits = random.next() }
            defer { bits >>= 1 }
            return bits & 1 == 0 ? -1 : 1
        }
        return Matrix(rows: columns, columns: width, elements: signs)
    }
}
