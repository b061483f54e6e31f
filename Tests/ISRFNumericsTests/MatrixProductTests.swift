import ISRFCore
import ISRFNumerics
import Testing

@Suite("Matrix products")
struct MatrixProductTests {
    static let shapes: [(Int, Int, Int)] = [
        (0, 3, 2), (3, 0, 2), (3, 2, 0), (1, 1, 1), (3, 5, 7), (17, 1, 9), (1, 33, 8), (64, 40, 3), (5, 300, 21),
        (130, 70, 31),
    ]

    @Test("gemm agrees with the triple loop in all transpositions, serial and in parallel", arguments: shapes)
    func gemm(shape: (Int, Int, Int)) {
        let (m, n, k) = shape
        for transposeLeft in [false, true] {
            for transposeRight in [false, true] {
                let left = randomMatrix(transposeLeft ? k : m, transposeLeft ? m : k, seed: 1)
                let right = randomMatrix(transposeRight ? n : k, transposeRight ? k : n, seed: 2)
                let expected = product(
                    transposeLeft ? left.transposed() : left, transposeRight ? right.transposed() : right)
                for threads in [1, 3] {
                    let actual = left.multiplied(
                        by: right, transposeSelf: transposeLeft, transposeOther: transposeRight,
                        on: Parallelism(threads: threads))
                    #expect(distance(actual, expected) < 1e-4)
                }
            }
        }
    }

    @Test(
        "A product large enough for several threads is the same on one and on three", arguments: [(600, 40), (40, 600)])
    func parallel(shape: (Int, Int)) {
        let left = randomMatrix(shape.0, 64, seed: 3)
        let right = randomMatrix(64, shape.1, seed: 4)
        let one = left.multiplied(by: right)
        let three = left.multiplied(by: right, on: Parallelism(threads: 3))
        #expect(distance(one, three) < 1e-4)
        #expect(distance(one, product(left, right)) < 1e-3)
    }

    @Test("alpha and beta scale the product and the old content")
    func alphaBeta() {
        let left = randomMatrix(6, 4, seed: 5)
        let right = randomMatrix(4, 5, seed: 6)
        let old = randomMatrix(6, 5, seed: 7)
        var result = old
        Matrix.multiply(left, right, alpha: 2, beta: -0.5, into: &result)
        #expect(distance(result, product(left, right).scaled(by: 2).adding(old, scaledBy: -0.5)) < 1e-5)

        result = Matrix(rows: 6, columns: 5, repeating: .nan)
        Matrix.multiply(left, right, into: &result)
        #expect(result.isFinite)
    }

    @Test("Parts of larger matrices are multiplied in place, and nothing beside them is touched")
    func leadingDimensions() {
        let (left, right) = (randomMatrix(6, 9, seed: 8), randomMatrix(7, 8, seed: 9))
        let old = randomMatrix(5, 10, seed: 10)
        var result = old
        left.elements.withUnsafeBufferPointer { a in
            right.elements.withUnsafeBufferPointer { b in
                result.elements.withUnsafeMutableBufferPointer { c in
                    // Rows 2..<5 and columns 1..<5 of the left, rows 3..<7 and columns 2..<8 of the right.
                    BLAS.gemm(
                        rows: 3, columns: 6, inner: 4, alpha: 2, a: a.baseAddress! + 2 * 9 + 1, lda: 9,
                        b: b.baseAddress! + 3 * 8 + 2, ldb: 8, beta: 1, c: c.baseAddress! + 10 + 3, ldc: 10)
                }
            }
        }
        for row in 0..<5 {
            for column in 0..<10 {
                var expected = Double(old[row, column])
                if (1..<4).contains(row), (3..<9).contains(column) {
                    for inner in 0..<4 {
                        expected += 2 * Double(left[row + 1, inner + 1]) * Double(right[inner + 3, column - 1])
                    }
                }
                #expect(abs(result[row, column] - Float(expected)) < 1e-5)
            }
        }
    }

    @Test("An empty inner dimension gives zeros")
    func emptyInner() {
        let result = Matrix(rows: 3, columns: 0).multiplied(by: Matrix(rows: 0, columns: 2))
        #expect(result == Matrix(rows: 3, columns: 2))
    }
}
