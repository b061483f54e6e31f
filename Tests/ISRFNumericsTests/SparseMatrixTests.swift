import ISRFCore
import ISRFNumerics
import Testing

@Suite("Sparse matrices")
struct SparseMatrixTests {
    @Test("Entries come in any order and duplicates are summed")
    func entries() {
        let matrix = SparseMatrix(
            rows: 3, columns: 4,
            entries: [(2, 1, 1), (0, 3, 2), (2, 0, 3), (0, 3, 0.5), (2, 1, -4), (0, 0, 7)])
        #expect(matrix.rowOffsets == [0, 2, 2, 4])
        #expect(matrix.columnIndices == [0, 3, 0, 1])
        #expect(matrix.values == [7, 2.5, 3, -3])
        #expect(matrix.entryCount == 4)
        #expect(matrix.entries(inRow: 2) == 2..<4)
        #expect(matrix.rowSums() == [9.5, 0, 0])
    }

    @Test("Rows are appended; the wider matrix gives the width")
    func appendingRows() {
        let upper = SparseMatrix(rows: 2, columns: 2, entries: [(0, 1, 3), (1, 0, 2)])
        let lower = SparseMatrix(rows: 2, columns: 4, entries: [(1, 3, 5)])
        let both = upper.appendingRows(of: lower)
        #expect(both.rows == 4 && both.columns == 4)
        #expect(both.rowOffsets == [0, 1, 2, 2, 3])
        #expect(both.columnIndices == [1, 0, 3] && both.values == [3, 2, 5])
        #expect(lower.appendingRows(of: upper).columns == 4)
    }

    @Test("A matrix without entries, rows or columns")
    func empty() {
        let matrix = SparseMatrix(rows: 2, columns: 3, entries: [])
        #expect(matrix.dense() == Matrix(rows: 2, columns: 3))
        #expect(matrix.transposed().dense() == Matrix(rows: 3, columns: 2))
        #expect(matrix.multiplied(by: randomMatrix(3, 4, seed: 1)) == Matrix(rows: 2, columns: 4))
        let none = SparseMatrix(rows: 0, columns: 0, entries: [])
        #expect(none.multiplied(by: Matrix(rows: 0, columns: 4)).rows == 0)
    }

    @Test("Transposing agrees with the dense transpose, and twice is nothing")
    func transposing() {
        let matrix = randomSparse(23, 41, density: 0.2, seed: 2)
        #expect(matrix.transposed().dense() == matrix.dense().transposed())
        #expect(matrix.transposed().transposed() == matrix)
    }

    @Test("Scaling rows and columns agrees with the dense computation")
    func scaling() {
        let matrix = randomSparse(12, 9, density: 0.3, seed: 3)
        let rowFactors = randomMatrix(1, 12, seed: 4).elements
        let columnFactors = randomMatrix(1, 9, seed: 5).elements
        var expected = matrix.dense()
        for row in 0..<12 { for column in 0..<9 { expected[row, column] *= rowFactors[row] * columnFactors[column] } }
        #expect(distance(matrix.scaled(rows: rowFactors, columns: columnFactors).dense(), expected) < 1e-6)
        #expect(matrix.scaled() == matrix)
    }

    @Test("The product with a dense matrix agrees with dense algebra", arguments: [1, 7, 8, 33, 64, 130])
    func product(width: Int) {
        let matrix = randomSparse(211, 97, density: 0.15, seed: 6)
        let dense = randomMatrix(97, width, seed: 7)
        let expected = ISRFNumericsTests.product(matrix.dense(), dense)
        for threads in [1, 2, 7] {
            #expect(distance(matrix.multiplied(by: dense, on: Parallelism(threads: threads)), expected) < 1e-4)
        }
    }

    @Test("A product large enough for several threads covers every row, empty ones too")
    func parallelProduct() {
        let matrix = randomSparse(3000, 300, density: 0.2, seed: 8)
        let dense = randomMatrix(300, 20, seed: 9)
        #expect(matrix.multiplied(by: dense, on: Parallelism(threads: 5)) == matrix.multiplied(by: dense))
    }

    @Test("The accumulating product adds to what is there")
    func accumulating() {
        let matrix = randomSparse(30, 20, density: 0.3, seed: 10)
        let dense = randomMatrix(20, 11, seed: 11)
        var result = randomMatrix(30, 11, seed: 12)
        let expected = ISRFNumericsTests.product(matrix.dense(), dense).adding(result)
        result.elements.withUnsafeMutableBufferPointer { target in
            dense.elements.withUnsafeBufferPointer { source in
                matrix.multiply(source.baseAddress!, width: 11, into: target.baseAddress!, accumulating: true)
            }
        }
        #expect(distance(result, expected) < 1e-5)
    }

    @Test("The product of two sparse matrices agrees with dense algebra")
    func sparseProduct() {
        let left = randomSparse(37, 25, density: 0.2, seed: 13)
        let right = randomSparse(25, 51, density: 0.2, seed: 14)
        let product = left.multiplied(by: right)
        #expect(distance(product.dense(), ISRFNumericsTests.product(left.dense(), right.dense())) < 1e-5)
        #expect(product.multiplied(by: SparseMatrix(rows: 51, columns: 0, entries: [])).entryCount == 0)
        // Columns ascend within rows, as the initialiser checks.
        let same = SparseMatrix(
            rows: 37, columns: 51, rowOffsets: product.rowOffsets, columnIndices: product.columnIndices,
            values: product.values)
        #expect(same == product)
    }

    @Test("Arrays that contradict each other trap before memory is read through them")
    func contradictions() async {
        await #expect(processExitsWith: .failure) {
            _ = SparseMatrix(rows: 1, columns: 3, rowOffsets: [0, 1], columnIndices: [3], values: [1])
        }
        await #expect(processExitsWith: .failure) {
            _ = SparseMatrix(rows: 2, columns: 3, rowOffsets: [0, 2, 1], columnIndices: [0], values: [1])
        }
        await #expect(processExitsWith: .failure) {
            _ = SparseMatrix(rows: 1, columns: 3, rowOffsets: [0, 2], columnIndices: [1, 1], values: [1, 1])
        }
        await #expect(processExitsWith: .failure) {
            _ = SparseMatrix(rows: 1, columns: 3, entries: [(0, -1, 1)])
        }
        await #expect(processExitsWith: .failure) {
            var matrix = SparseMatrix(rows: 1, columns: 3, entries: [(0, 1, 1)])
            matrix.values.removeAll()
            _ = matrix.multiplied(by: Matrix(rows: 3, columns: 2))
        }
    }
}
