import ISRFCore
import ISRFNumerics
import Testing

@Suite("Decompositions")
struct DecompositionTests {
    /// The eigenvalues of a symmetric matrix by cyclic Jacobi rotations in double precision, greatest first.
    static func jacobiEigenvalues(_ matrix: Matrix) -> [Double] {
        let n = matrix.rows
        var a = (0..<n).map { row in (0..<n).map { Double(matrix[row, $0]) } }
        for _ in 0..<60 {
            for p in 0..<n {
                for q in p + 1..<max(n, p + 1) where abs(a[p][q]) > 1e-14 {
                    let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
                    let sign: Double = theta < 0 ? -1 : 1
                    let tangent = sign / (abs(theta) + (theta * theta + 1).squareRoot())
                    let cosine = 1 / (tangent * tangent + 1).squareRoot()
                    let sine = tangent * cosine
                    for k in 0..<n {
                        let (first, second) = (a[k][p], a[k][q])
                        a[k][p] = cosine * first - sine * second
                        a[k][q] = sine * first + cosine * second
                    }
                    for k in 0..<n {
                        let (first, second) = (a[p][k], a[q][k])
                        a[p][k] = cosine * first - sine * second
                        a[q][k] = sine * first + cosine * second
                    }
                }
            }
        }
        return (0..<n).map { a[$0][$0] }.sorted(by: >)
    }

    static func identity(_ n: Int) -> Matrix {
        var result = Matrix(rows: n, columns: n)
        for index in 0..<n { result[index, index] = 1 }
        return result
    }

    static func diagonal(_ values: [Float]) -> Matrix {
        var result = Matrix(rows: values.count, columns: values.count)
        for (index, value) in values.enumerated() { result[index, index] = value }
        return result
    }

    /// A matrix of the given shape whose singular values are known.
    static func withSingularValues(_ values: [Float], rows: Int, columns: Int) throws -> Matrix {
        let left = try randomMatrix(rows, values.count, seed: 30).leftOrthonormal()
        let right = try randomMatrix(columns, values.count, seed: 31).leftOrthonormal()
        return product(product(left, diagonal(values)), right.transposed())
    }

    static func peaksArePositive(_ vectors: Matrix) -> Bool {
        let columns = vectors.transposed()
        return (0..<columns.rows).allSatisfy { row in
            (columns.row(row).max { abs($0) < abs($1) } ?? 0) >= 0
        }
    }

    static func areOrthonormal(_ vectors: Matrix) -> Bool {
        distance(product(vectors.transposed(), vectors), identity(vectors.columns)) < 1e-5
    }

    @Test("Eigenvalues agree with Jacobi rotations, vectors reconstruct the matrix", arguments: [1, 2, 5, 24])
    func symmetricEigen(n: Int) throws {
        let half = randomMatrix(n, n, seed: 1)
        let matrix = half.adding(half.transposed())
        let eigen = try matrix.symmetricEigen()
        let expected = DecompositionTests.jacobiEigenvalues(matrix).map { Float($0) }
        #expect(distance(eigen.values, expected) < 1e-4)
        let rebuilt = product(
            product(eigen.vectors, DecompositionTests.diagonal(eigen.values)), eigen.vectors.transposed())
        #expect(distance(rebuilt, matrix) < 1e-4)
        #expect(DecompositionTests.areOrthonormal(eigen.vectors))
        #expect(DecompositionTests.peaksArePositive(eigen.vectors))
    }

    @Test("A known eigenvalue problem")
    func knownEigen() throws {
        let eigen = try Matrix([[2, 1], [1, 2]]).symmetricEigen()
        #expect(distance(eigen.values, [3, 1]) < 1e-6)
        #expect(abs(eigen.vectors[0, 0] - eigen.vectors[1, 0]) < 1e-6)
        #expect(abs(eigen.vectors[0, 1] + eigen.vectors[1, 1]) < 1e-6)
        #expect(try Matrix(rows: 0, columns: 0).symmetricEigen().values.isEmpty)
    }

    @Test(
        "Singular values agree with the eigenvalues of the Gram matrix, vectors reconstruct",
        arguments: [(1, 1), (7, 7), (20, 6), (6, 20), (33, 1), (1, 12)])
    func singularValues(shape: (Int, Int)) throws {
        let matrix = randomMatrix(shape.0, shape.1, seed: 2)
        let svd = try matrix.singularValueDecomposition()
        let rank = min(shape.0, shape.1)
        #expect(svd.left.rows == shape.0 && svd.left.columns == rank)
        #expect(svd.right.rows == shape.1 && svd.right.columns == rank)
        let gram = shape.0 < shape.1 ? product(matrix, matrix.transposed()) : product(matrix.transposed(), matrix)
        let expected = DecompositionTests.jacobiEigenvalues(gram).map { Float(max(0, $0).squareRoot()) }
        #expect(distance(svd.values, expected) < 1e-4)
        #expect(distance(svd.reconstructed(), matrix) < 1e-5)
        #expect(DecompositionTests.areOrthonormal(svd.left) && DecompositionTests.areOrthonormal(svd.right))
        #expect(DecompositionTests.peaksArePositive(svd.right))
    }

    @Test("Matrices without elements have an empty decomposition", arguments: [(0, 0), (0, 4), (4, 0)])
    func emptyMatrices(shape: (Int, Int)) throws {
        let svd = try Matrix(rows: shape.0, columns: shape.1).singularValueDecomposition()
        #expect(svd.values.isEmpty && svd.left.rows == shape.0 && svd.right.rows == shape.1)
        let sparse = SparseMatrix(rows: shape.0, columns: shape.1, entries: [])
        #expect(try sparse.randomizedSVD(rank: 3, seed: 1).values.isEmpty)
    }

    @Test("Orthonormal columns span the same, also for dependent columns", arguments: [(5, 5), (40, 7), (300, 40)])
    func leftOrthonormal(shape: (Int, Int)) throws {
        var matrix = randomMatrix(shape.0, shape.1, seed: 3)
        let basis = try matrix.leftOrthonormal()
        #expect(DecompositionTests.areOrthonormal(basis))
        let projected = product(basis, product(basis.transposed(), matrix))
        #expect(distance(projected, matrix) < 1e-4)
        for row in 0..<shape.0 { matrix[row, shape.1 - 1] = 2 * matrix[row, 0] }
        #expect(DecompositionTests.areOrthonormal(try matrix.leftOrthonormal()))
        #expect(try Matrix(rows: 4, columns: 0).leftOrthonormal().columns == 0)
    }

    @Test("The randomised decomposition finds the leading values and vectors", arguments: [(400, 90), (90, 400)])
    func randomized(shape: (Int, Int)) throws {
        let values: [Float] = (0..<60).map { 20 * Float(pow(0.8, Double($0))) }
        let matrix = try DecompositionTests.withSingularValues(values, rows: shape.0, columns: shape.1)
        let svd = try matrix.randomizedSVD(rank: 8, seed: 4)
        let exact = try matrix.singularValueDecomposition().truncated(to: 8)
        #expect(distance(svd.values, Array(values[..<8])) < 1e-3)
        #expect(distance(svd.right, exact.right) < 1e-3)
        #expect(distance(svd.left, exact.left) < 1e-3)
        #expect(DecompositionTests.areOrthonormal(svd.left) && DecompositionTests.areOrthonormal(svd.right))
        #expect(DecompositionTests.peaksArePositive(svd.right))
        // The best approximation of rank 8 misses exactly the ninth value.
        let missing = try svd.reconstructed().adding(matrix, scaledBy: -1).singularValueDecomposition()
        #expect(abs(missing.values[0] - values[8]) < 1e-2)
    }

    @Test("Sparse and dense matrices have the same randomised decomposition")
    func randomizedSparse() throws {
        let sparse = randomSparse(300, 120, density: 0.05, seed: 5)
        let fromSparse = try sparse.randomizedSVD(rank: 10, powerIterations: 12, seed: 6, on: Parallelism(threads: 3))
        let exact = try sparse.dense().singularValueDecomposition().truncated(to: 10)
        #expect(distance(fromSparse.values, exact.values) < 0.02)
        #expect(
            distance(fromSparse.values, try sparse.dense().randomizedSVD(rank: 10, powerIterations: 12, seed: 6).values)
                < 1e-3)
        let again = try sparse.randomizedSVD(rank: 10, powerIterations: 12, seed: 6, on: Parallelism(threads: 3))
        #expect(again == fromSparse)
        #expect(try sparse.randomizedSVD(rank: 10, powerIterations: 0, seed: 7) != fromSparse)
    }

    @Test("A rank beyond the shape gives all values, exactly")
    func clampedRank() throws {
        let sparse = randomSparse(30, 12, density: 0.4, seed: 8)
        let svd = try sparse.randomizedSVD(rank: 1000, seed: 9)
        #expect(svd.values.count == 12)
        #expect(distance(svd.reconstructed(), sparse.dense()) < 1e-5)
        #expect(try randomMatrix(9, 30, seed: 10).randomizedSVD(rank: .max, seed: 9).values.count == 9)
    }

    @Test("A matrix of lower rank than asked for has zeros after its values")
    func rankDeficient() throws {
        let matrix = try DecompositionTests.withSingularValues([5, 3], rows: 80, columns: 60)
        let svd = try matrix.randomizedSVD(rank: 6, seed: 11)
        #expect(distance(svd.values, [5, 3, 0, 0, 0, 0]) < 1e-4)
        #expect(DecompositionTests.areOrthonormal(svd.left))
        let zero = try Matrix(rows: 80, columns: 60).randomizedSVD(rank: 6, seed: 11)
        #expect(zero.values == Array(repeating: 0, count: 6) && zero.left.isFinite && zero.right.isFinite)
    }

    @Test("Numbers that are not finite are refused", arguments: [Float.nan, .infinity])
    func notFinite(value: Float) {
        var matrix = randomMatrix(40, 40, seed: 12)
        matrix[3, 2] = value
        let failing: [(Matrix) throws -> Void] = [
            { _ = try $0.symmetricEigen() }, { _ = try $0.singularValueDecomposition() },
            { _ = try $0.leftOrthonormal() }, { _ = try $0.randomizedSVD(rank: 3, seed: 1) },
            { dense in
                let entries = (0..<40).map { (row: $0, column: $0 / 2, value: dense[$0, $0 / 2]) }
                let sparse = SparseMatrix(rows: 40, columns: 40, entries: entries + [(3, 2, value)])
                _ = try sparse.randomizedSVD(rank: 3, seed: 1)
            },
        ]
        for call in failing {
            let error = #expect(throws: ISRFError.self) { try call(matrix) }
            #expect(error?.code == .numericalFailure)
        }
    }

    @Test("Impossible settings are refused")
    func settings() {
        let matrix = randomMatrix(4, 4, seed: 13)
        for (rank, oversampling, iterations) in [(0, 5, 1), (-1, 5, 1), (2, -1, 1), (2, 5, -1)] {
            let error = #expect(throws: ISRFError.self) {
                try matrix.randomizedSVD(
                    rank: rank, oversampling: oversampling, powerIterations: iterations, seed: 1)
            }
            #expect(error?.code == .invalidConfiguration)
        }
    }

    @Test("A cancelled task stops")
    func cancellation() async {
        let sparse = randomSparse(400, 300, density: 0.05, seed: 14)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try sparse.randomizedSVD(rank: 20, powerIterations: 1000, seed: 1)
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}

/// A whole power, so that no mathematics library needs importing.
private func pow(_ base: Double, _ exponent: Double) -> Double {
    (0..<Int(exponent)).reduce(1) { product, _ in product * base }
}
