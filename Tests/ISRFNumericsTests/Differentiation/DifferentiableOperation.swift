import ISRFCore
import ISRFNumerics
import Testing

/// An operation on variables beside its definition in double precision.
struct DifferentiableOperation: Sendable, CustomTestStringConvertible {
    let name: String
    let inputs: [Matrix]
    let record: @Sendable ([Variable]) -> Variable
    let definition: @Sendable ([Grid]) -> Grid

    init(
        _ name: String, _ inputs: [Matrix], record: @escaping @Sendable ([Variable]) -> Variable,
        definition: @escaping @Sendable ([Grid]) -> Grid
    ) {
        self.name = name
        self.inputs = inputs
        self.record = record
        self.definition = definition
    }

    var testDescription: String { name }

    /// Every operation of `Variable`.
    static let all = linear + selections + activations + attention + losses

    /// What each result counts in the number that gradients are taken of: no two the same.
    private static func upstream(_ rows: Int, _ columns: Int) -> Matrix { randomMatrix(rows, columns, seed: 77) }

    /// The result and, by reverse-mode differentiation, the gradients of a weighted sum of its elements.
    /// - Parameter constants: Inputs that no gradient is wanted for.
    func run(constants: Set<Int> = [], threads: Int = 1) -> (value: Matrix, gradients: [Matrix]) {
        let tape = Tape(parallelism: Parallelism(threads: threads))
        let variables = inputs.enumerated().map {
            constants.contains($0) ? tape.constant($1) : tape.variable($1)
        }
        let result = record(variables)
        let weights = DifferentiableOperation.upstream(result.rows, result.columns)
        tape.backward(from: result.multiplied(elementwise: tape.constant(weights)).sum())
        return (result.value, variables.map { tape.gradient(of: $0) })
    }

    /// The same gradients by central differences of the definition.
    func differences() -> [Matrix] {
        let grids = inputs.map(Grid.init)
        let result = definition(grids)
        let weights = Grid(DifferentiableOperation.upstream(result.rows, result.columns))
        func weighted(_ grids: [Grid]) -> Double {
            zip(definition(grids).elements, weights.elements).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let step = 1e-4
        return grids.indices.map { input in
            Grid(rows: grids[input].rows, columns: grids[input].columns) { row, column in
                var (above, below) = (grids, grids)
                above[input].elements[row * grids[input].columns + column] += step
                below[input].elements[row * grids[input].columns + column] -= step
                return (weighted(above) - weighted(below)) / (2 * step)
            }.matrix
        }
    }
}

/// The greatest difference of two elements as a share of the greatest element, or of 1 when all are smaller.
func relativeDistance(_ left: Matrix, _ right: Matrix) -> Float {
    distance(left, right) / right.elements.reduce(1) { max($0, abs($1)) }
}
