import Foundation
import ISRFNumerics

/// A matrix in double precision, for computations by their definitions.
struct Grid: Sendable {
    let rows: Int
    let columns: Int
    var elements: [Double]

    init(rows: Int, columns: Int, _ element: (_ row: Int, _ column: Int) -> Double) {
        self.rows = rows
        self.columns = columns
        elements = (0..<rows * columns).map { element($0 / columns, $0 % columns) }
    }

    init(_ matrix: Matrix) {
        rows = matrix.rows
        columns = matrix.columns
        elements = matrix.elements.map(Double.init)
    }

    /// A grid of one number.
    init(_ number: Double) {
        self.init(rows: 1, columns: 1) { _, _ in number }
    }

    subscript(row: Int, column: Int) -> Double { elements[row * columns + column] }

    func row(_ row: Int) -> [Double] { Array(elements[row * columns..<(row + 1) * columns]) }

    /// In single precision.
    var matrix: Matrix { Matrix(rows: rows, columns: columns, elements: elements.map { Float($0) }) }

    var transposed: Grid { Grid(rows: columns, columns: rows) { self[$1, $0] } }

    func times(_ other: Grid) -> Grid {
        Grid(rows: rows, columns: other.columns) { row, column in
            (0..<columns).reduce(0) { $0 + self[row, $1] * other[$1, column] }
        }
    }

    func plus(_ other: Grid) -> Grid { Grid(rows: rows, columns: columns) { self[$0, $1] + other[$0, $1] } }

    func mapped(_ transform: (Double) -> Double) -> Grid {
        Grid(rows: rows, columns: columns) { transform(self[$0, $1]) }
    }

    func selecting(_ indices: [Int]) -> Grid {
        Grid(rows: indices.count, columns: columns) { self[indices[$0], $1] }
    }

    /// The softmax of every row.
    var softmax: Grid {
        Grid(rows: rows, columns: columns) { row, column in exp(self[row, column] - logSumExp(row)) }
    }

    /// log(sum(exp(row)))
    func logSumExp(_ row: Int) -> Double {
        let greatest = self.row(row).max() ?? 0
        return greatest + log(self.row(row).reduce(0) { $0 + exp($1 - greatest) })
    }

    /// The length of a row.
    func length(_ row: Int) -> Double { self.row(row).reduce(0) { $0 + $1 * $1 }.squareRoot() }
}

/// The natural exponential.
func exponential(_ exponent: Double) -> Double { exp(exponent) }
