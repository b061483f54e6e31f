import ISRFCore
import ISRFNumerics
import Testing

@Suite("Dense matrices")
struct MatrixTests {
    @Test("Rows, elements and subscripts agree")
    func layout() {
        var matrix = Matrix([[1, 2, 3], [4, 5, 6]])
        #expect(matrix.elements == [1, 2, 3, 4, 5, 6])
        #expect(matrix[1, 0] == 4)
        matrix[1, 0] = 9
        #expect(matrix.row(1) == [9, 5, 6])
        #expect(Matrix([]).rows == 0)
        #expect(matrix.selectingRows([1, 0, 1]) == Matrix([[9, 5, 6], [1, 2, 3], [9, 5, 6]]))
        #expect(matrix.leadingColumns(2) == Matrix([[1, 2], [9, 5]]))
    }

    @Test("Transposing moves every element", arguments: [(0, 3), (1, 5), (17, 40), (64, 16)])
    func transposing(shape: (Int, Int)) {
        let matrix = randomMatrix(shape.0, shape.1, seed: 1)
        let transposed = matrix.transposed()
        #expect(transposed.rows == shape.1 && transposed.columns == shape.0)
        let agree = (0..<shape.0).allSatisfy { row in
            (0..<shape.1).allSatisfy { transposed[$0, row] == matrix[row, $0] }
        }
        #expect(agree)
    }

    @Test("Normalised rows have length 1, zero rows stay, extreme rows neither overflow nor vanish")
    func normalizedRows() {
        let matrix = Matrix([[3, 4], [0, 0], [1e30, 1e30], [-1e-30, 0], [.leastNonzeroMagnitude, 0]])
        let normalized = matrix.normalizedRows()
        #expect(distance(normalized.row(0), [0.6, 0.8]) < 1e-6)
        #expect(normalized.row(1) == [0, 0])
        #expect(distance(normalized.row(2), [0.70710678, 0.70710678]) < 1e-6)
        #expect(normalized.row(3) == [-1, 0])
        #expect(normalized.row(4) == [1, 0])
        #expect(!Matrix([[.nan, 1]]).normalizedRows().isFinite)
    }

    @Test("Sums and multiples, in place and as new matrices")
    func arithmetic() {
        var matrix = Matrix([[1, 2], [3, 4]])
        let other = Matrix([[10, 20], [30, 40]])
        #expect(matrix.adding(other, scaledBy: 0.5) == Matrix([[6, 12], [18, 24]]))
        #expect(matrix.scaled(by: -2) == Matrix([[-2, -4], [-6, -8]]))
        matrix.add(other)
        #expect(matrix == Matrix([[11, 22], [33, 44]]))
        matrix.scale(by: 2)
        #expect(matrix == Matrix([[22, 44], [66, 88]]))
    }

    @Test("Finite means every element")
    func finiteness() {
        #expect(randomMatrix(9, 9, seed: 2).isFinite)
        #expect(Matrix(rows: 0, columns: 5).isFinite)
        #expect(Matrix([[.greatestFiniteMagnitude, -.greatestFiniteMagnitude]]).isFinite)
        for value in [Float.nan, .infinity, -.infinity] {
            for position in [0, 40, 80] {
                var matrix = randomMatrix(9, 9, seed: 3)
                matrix.elements[position] = value
                #expect(!matrix.isFinite)
            }
        }
    }

    @Test("A copy is independent of what it was copied from")
    func copies() {
        let original = randomMatrix(3, 3, seed: 4)
        var copy = original
        copy[0, 0] += 1
        copy.scale(by: 2)
        #expect(original == randomMatrix(3, 3, seed: 4))
    }

    @Test("A shape that elements do not fill traps")
    func wrongShape() async {
        await #expect(processExitsWith: .failure) {
            var matrix = Matrix(rows: 2, columns: 2)
            matrix.elements.removeLast()
            _ = matrix.multiplied(by: matrix)
        }
        await #expect(processExitsWith: .failure) {
            print(Matrix(rows: 2, columns: 2)[0, 2])
        }
        await #expect(processExitsWith: .failure) {
            print(Matrix(rows: 2, columns: 2).multiplied(by: Matrix(rows: 3, columns: 2)))
        }
    }
}
