import ISRFCore
import ISRFNumerics

/// A matrix of standard normal numbers.
func randomMatrix(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    var random = SeededRandom(seed: seed)
    return Matrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in random.normal() })
}

/// A sparse matrix in which about `density` of the places hold a standard normal number; some rows stay empty.
func randomSparse(_ rows: Int, _ columns: Int, density: Float, seed: UInt64) -> SparseMatrix {
    var random = SeededRandom(seed: seed)
    var entries: [(row: Int, column: Int, value: Float)] = []
    for row in 0..<rows where row % 5 != 3 {
        for column in 0..<columns where random.uniform() < density { entries.append((row, column, random.normal())) }
    }
    return SparseMatrix(rows: rows, columns: columns, entries: entries)
}

/// The product by the definition, summed in double precision.
func product(_ left: Matrix, _ right: Matrix) -> Matrix {
    var result = Matrix(rows: left.rows, columns: right.columns)
    for row in 0..<left.rows {
        for column in 0..<right.columns {
            var sum = 0.0
            for inner in 0..<left.columns { sum += Double(left[row, inner]) * Double(right[inner, column]) }
            result[row, column] = Float(sum)
        }
    }
    return result
}

/// The greatest difference of two elements; infinite when shapes differ or a number is not finite.
func distance(_ left: Matrix, _ right: Matrix) -> Float {
    guard left.rows == right.rows, left.columns == right.columns else { return .infinity }
    return distance(left.elements, right.elements)
}

/// The greatest difference of two elements; infinite when counts differ or a number is not finite.
func distance(_ left: [Float], _ right: [Float]) -> Float {
    guard left.count == right.count else { return .infinity }
    var greatest: Float = 0
    for (one, other) in zip(left, right) {
        let difference = abs(one - other)
        guard difference.isFinite else { return .infinity }
        greatest = max(greatest, difference)
    }
    return greatest
}
