internal import ISRFCore
public import ISRFNumerics

/// The learned matrices of a model by name, with what Adam remembers of each.
struct ParameterStore: Sendable {
    private(set) var names: [String] = []
    private(set) var values: [Matrix] = []
    private var optimizer = Adam()

    subscript(name: String) -> Matrix {
        guard let index = names.firstIndex(of: name) else { preconditionFailure("there is no parameter \(name)") }
        return values[index]
    }

    mutating func add(_ name: String, _ value: Matrix) {
        names.append(name)
        values.append(value)
    }

    mutating func addRandom(
        _ name: String, rows: Int, columns: Int, deviation: Float, using random: inout SeededRandom
    ) {
        add(name, Matrix(rows: rows, columns: columns) { target in
            for index in 0..<rows * columns { target[index] = random.normal() * deviation }
        })
    }

    /// All values by name.
    var state: [String: Matrix] { Dictionary(uniqueKeysWithValues: zip(names, values)) }

    /// Puts every parameter on a tape.
    func variables(on tape: Tape) -> [String: Variable] {
        Dictionary(uniqueKeysWithValues: zip(names, values.map { tape.variable($0) }))
    }

    /// One step of Adam on the parameters that have a gradient.
    mutating func update(
        gradients: [Matrix?], rate: Float, weightDecay: Float, on parallelism: Parallelism
    ) {
        optimizer.step(&values, gradients: gradients, rate: rate, weightDecay: weightDecay, on: parallelism)
    }
}
