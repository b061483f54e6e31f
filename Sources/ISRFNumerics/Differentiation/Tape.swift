public import ISRFCore

/// Records matrix operations and runs them backwards: reverse-mode differentiation.
///
/// A tape belongs to the task that made it. Operations are methods of `Variable`; each computes its value at once and
/// notes how gradients flow back. `backward(from:)` fills the gradients of everything that the result depends on, once.
public final class Tape {
    /// How matrix products and other heavy operations are divided over threads.
    public let parallelism: Parallelism
    private var nodes: [Node] = []
    private var ranBackwards = false

    struct Node {
        var value: Matrix
        var gradient: Matrix?
        let needsGradient: Bool
        var propagate: ((Tape, Matrix) -> Void)?
    }

    /// Where a variable stands on its tape. Backward steps hold places, not variables: a variable keeps its tape alive,
    /// and a tape that held one would never be freed.
    struct Place {
        let index: Int
    }

    /// Creates an empty tape.
    public init(parallelism: Parallelism = .serial) {
        self.parallelism = parallelism
        nodes.reserveCapacity(128)
    }

    /// A value that gradients are wanted for: a parameter or an input.
    public func variable(_ value: Matrix) -> Variable {
        append(value, needsGradient: true, propagate: nil)
    }

    /// A value that no gradient flows into.
    public func constant(_ value: Matrix) -> Variable {
        append(value, needsGradient: false, propagate: nil)
    }

    /// The gradient with respect to an input of what `backward(from:)` started from, of the same shape as its value; zero
    /// when the result does not depend on it.
    public func gradient(of variable: Variable) -> Matrix {
        nodes[variable.index].gradient
            ?? Matrix(rows: variable.rows, columns: variable.columns)
    }

    /// Takes a gradient out of the tape without copying it; nil when there is none.
    package func takeGradient(of variable: Variable) -> Matrix? {
        let gradient = nodes[variable.index].gradient
        nodes[variable.index].gradient = nil
        return gradient
    }

    /// Fills the gradients of the inputs that `result` was computed from. A tape runs backwards once: what the operations
    /// remember is let go on the way.
    /// - Parameter result: A single number (one row, one column).
    public func backward(from result: Variable) {
        precondition(result.rows == 1 && result.columns == 1, "gradients start from a single number")
        precondition(!ranBackwards, "a tape runs backwards once")
        ranBackwards = true
        nodes[result.index].gradient = Matrix(rows: 1, columns: 1, repeating: 1)
        for index in stride(from: result.index, through: 0, by: -1) {
            guard let propagate = nodes[index].propagate, let gradient = nodes[index].gradient else { continue }
            propagate(self, gradient)
            // Inner gradients are not read again; leaves keep theirs.
            nodes[index].gradient = nil
            nodes[index].propagate = nil
        }
    }

    func value(_ index: Int) -> Matrix { nodes[index].value }

    func needsGradient(_ place: Place) -> Bool { nodes[place.index].needsGradient }

    func append(_ value: Matrix, needsGradient: Bool, propagate: ((Tape, Matrix) -> Void)?) -> Variable {
        nodes.append(Node(value: value, gradient: nil, needsGradient: needsGradient, propagate: propagate))
        return Variable(tape: self, index: nodes.count - 1)
    }

    /// Records an operation; its backward step is dropped when no input needs a gradient.
    func record(_ value: Matrix, from inputs: [Variable], propagate: @escaping (Tape, Matrix) -> Void) -> Variable {
        let needed = inputs.contains { needsGradient($0.place) }
        return append(value, needsGradient: needed, propagate: needed ? propagate : nil)
    }

    /// Lets `body` add to the gradient of `variable`, which starts as zero; skipped when none is needed.
    func accumulate(_ place: Place, _ body: (UnsafeMutablePointer<Float>) -> Void) {
        guard nodes[place.index].needsGradient else { return }
        if nodes[place.index].gradient == nil {
            let shape = nodes[place.index].value
            nodes[place.index].gradient = Matrix(rows: shape.rows, columns: shape.columns)
        }
        nodes[place.index].gradient?.elements.withUnsafeMutableBufferPointer { buffer in
            if let base = buffer.baseAddress { body(base) }
        }
    }

    /// Adds a whole matrix to the gradient of `variable`; the first one is taken over as it is.
    func accumulate(_ place: Place, adding gradient: consuming Matrix) {
        guard nodes[place.index].needsGradient else { return }
        if nodes[place.index].gradient == nil {
            nodes[place.index].gradient = gradient
        } else {
            let addend = gradient
            accumulate(place) { target in
                addend.elements.withUnsafeBufferPointer { source in
                    guard let base = source.baseAddress else { return }
                    Elementwise.add(base, into: target, count: source.count)
                }
            }
        }
    }
}

/// A matrix on a `Tape`: a value with a memory of how it was computed.
public struct Variable {
    /// The tape that holds it.
    public let tape: Tape
    let index: Int

    var place: Tape.Place { Tape.Place(index: index) }

    /// The value.
    public var value: Matrix { tape.value(index) }
    /// The number of rows.
    public var rows: Int { tape.value(index).rows }
    /// The number of columns.
    public var columns: Int { tape.value(index).columns }
    /// The only element of a 1 x 1 variable.
    public var scalar: Float { tape.value(index).elements[0] }

    /// The same value as a constant: no gradient flows back through it.
    public func detached() -> Variable { tape.constant(value) }
}
