internal import ISRFCore
internal import ISRFNumerics

/// The learned matrices of a model by name, with what Adam remembers of each.
struct ParameterStore: Sendable {
    private(set) var names: [String] = []
    private(set) var values: [Matrix] = []
    private var optimizer = Adam()
    private var averages: [Matrix] = []

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
        add(
            name,
            Matrix(rows: rows, columns: columns) { target in
                for index in 0..<rows * columns { target[index] = random.normal() * deviation }
            })
    }

    /// All values by name.
    var state: [String: Matrix] { Dictionary(uniqueKeysWithValues: zip(names, values)) }

    /// Running means of all values by name; the values themselves where no means are kept.
    var averagedState: [String: Matrix] {
        Dictionary(uniqueKeysWithValues: zip(names, averages.isEmpty ? values : averages))
    }

    /// Moves the running means towards the values.
    /// - Parameter decay: The share of the means that stays, in 0..<1.
    mutating func average(decay: Float, on parallelism: Parallelism) {
        guard !averages.isEmpty else {
            averages = values
            return
        }
        for index in values.indices {
            let count = values[index].elements.count
            values[index].withElements { value in
                averages[index].elements.withUnsafeMutableBufferPointer { buffer in
                    guard let base = buffer.baseAddress else { return }
                    nonisolated(unsafe) let (value, average) = (value, base)
                    parallelism.forRanges(count, minimum: 65536) { range, _ in
                        for element in range { average[element] += (1 - decay) * (value[element] - average[element]) }
                    }
                }
            }
        }
    }

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
