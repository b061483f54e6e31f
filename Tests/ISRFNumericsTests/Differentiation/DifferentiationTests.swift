import ISRFCore
import ISRFNumerics
import Testing

@Suite("Reverse-mode differentiation")
struct DifferentiationTests {
    @Test("Values agree with the definition", arguments: DifferentiableOperation.all)
    func values(operation: DifferentiableOperation) {
        let expected = operation.definition(operation.inputs.map(Grid.init)).matrix
        for threads in [1, 3] {
            #expect(relativeDistance(operation.run(threads: threads).value, expected) < 1e-5)
        }
    }

    @Test("Gradients agree with differences of the definition", arguments: DifferentiableOperation.all)
    func gradients(operation: DifferentiableOperation) {
        let expected = operation.differences()
        for threads in [1, 3] {
            for (actual, expected) in zip(operation.run(threads: threads).gradients, expected) {
                #expect(relativeDistance(actual, expected) < 2e-5)
            }
        }
    }

    @Test("A constant input gets no gradient, and the others' stay the same", arguments: DifferentiableOperation.all)
    func constants(operation: DifferentiableOperation) {
        let expected = operation.run().gradients
        for constant in operation.inputs.indices {
            let gradients = operation.run(constants: [constant]).gradients
            for input in operation.inputs.indices {
                if input == constant {
                    #expect(gradients[input].elements.allSatisfy { $0 == 0 })
                } else {
                    #expect(relativeDistance(gradients[input], expected[input]) < 1e-6)
                }
            }
        }
    }

    @Test("A loss is its own starting point", arguments: DifferentiableOperation.losses)
    func losses(operation: DifferentiableOperation) {
        let tape = Tape()
        let variables = operation.inputs.map { tape.variable($0) }
        let loss = operation.record(variables)
        guard loss.rows == 1, loss.columns == 1 else { return }
        tape.backward(from: loss)
        // The other tests take the loss times a number.
        let factor = randomMatrix(1, 1, seed: 77)[0, 0]
        for (variable, expected) in zip(variables, operation.run().gradients) {
            #expect(relativeDistance(tape.gradient(of: variable).scaled(by: factor), expected) < 1e-6)
        }
    }

    @Test("Gradients flow through a chain and add up where a value is used twice")
    func chain() {
        let tape = Tape()
        let x = tape.variable(randomMatrix(3, 4, seed: 30))
        let w = tape.variable(randomMatrix(4, 4, seed: 31))
        let gain = tape.variable(randomMatrix(1, 4, seed: 32))
        let chained = DifferentiableOperation(
            "chain", [x.value, w.value, gain.value],
            record: { inputs in
                let hidden = inputs[0].multiplied(by: inputs[1]).gelu()
                return (inputs[0] + hidden).rootMeanSquareNormalized(gain: inputs[2])
                    .crossEntropy(over: hidden, targets: [2, 0, 1])
            },
            definition: { grids in
                let product = grids[0].times(grids[1])
                let gelu = DifferentiableOperation.activations[0].definition([product])
                let sum = grids[0].plus(gelu)
                let normalized = Grid(rows: 3, columns: 4) { row, column in
                    sum[row, column] * grids[2][0, column] / (sum.length(row) * sum.length(row) / 4 + 1e-6).squareRoot()
                }
                return catalogueCrossEntropy(normalized, gelu, targets: [2, 0, 1], weights: [1, 1, 1])
            })
        for (actual, expected) in zip(chained.run().gradients, chained.differences()) {
            #expect(relativeDistance(actual, expected) < 2e-5)
        }
    }

    @Test("No gradient passes a detached value, or reaches what the result does not depend on")
    func detached() {
        let tape = Tape()
        let x = tape.variable(Matrix([[3]]))
        let unused = tape.variable(Matrix([[1, 2]]))
        let y = x.scaled(by: 2)
        let result = y.multiplied(elementwise: y.detached())
        tape.backward(from: result)
        #expect(result.scalar == 36)
        // d(y c)/dx = 2 c with the constant c = 6, where d(y²)/dx would be 24.
        #expect(tape.gradient(of: x) == Matrix([[12]]))
        #expect(tape.gradient(of: unused) == Matrix([[0, 0]]))
    }

    @Test("A tape is freed with its last variable")
    func lifetime() {
        weak var freed: Tape?
        do {
            let tape = Tape()
            freed = tape
            let x = tape.variable(randomMatrix(2, 6, seed: 33))
            let loss = x.causalSelfAttention(heads: 1, sequences: [0, 2]).gelu().sum()
            #expect(loss.scalar.isFinite)
        }
        #expect(freed == nil)
    }

    @Test("GELU over many elements is the same on three threads")
    func parallelGelu() {
        let operation = DifferentiableOperation(
            "GELU", [randomMatrix(60, 1111, seed: 34)], record: { $0[0].gelu() }, definition: { $0[0] })
        let (one, three) = (operation.run(), operation.run(threads: 3))
        #expect(one.value == three.value && one.gradients == three.gradients)
    }

    @Test("Dropout keeps about its share and the expectation", arguments: [false, true])
    func dropout(wholeRows: Bool) {
        let mask = dropoutMask(0.3, rows: 4000, columns: 5, wholeRows: wholeRows, seed: 35)
        #expect(Set(mask.elements) == [0, 1 / (1 - 0.3 as Float)])
        let rows = (0..<4000).map { mask.row($0) }
        if wholeRows { #expect(rows.allSatisfy { Set($0).count == 1 }) }
        // 4,000 independent draws of probability 0.3: the share's standard deviation is 0.007.
        for column in 0..<5 {
            let dropped = rows.count { $0[column] == 0 }
            #expect(abs(Double(dropped) / 4000 - 0.3) < 0.03)
        }
        var random = SeededRandom(seed: 36)
        let before = random
        let x = Tape().variable(randomMatrix(3, 3, seed: 37))
        #expect(x.dropout(0, wholeRows: wholeRows, using: &random).value == x.value)
        // Nothing is drawn when nothing can be dropped.
        var copy = before
        #expect(random.next() == copy.next())
    }

    @Test("Softmax rows are distributions, in the order of the logits")
    func softmaxRows() {
        let logits = randomMatrix(5, 9, seed: 38).scaled(by: 5)
        #expect(distance(logits.softmaxRows(), Grid(logits).softmax.matrix) < 1e-6)
        #expect(Matrix(rows: 0, columns: 3).softmaxRows().rows == 0)
    }

    @Test("Shapes and indices that do not fit trap before memory is read through them")
    func contradictions() async {
        await #expect(processExitsWith: .failure) {
            _ = Tape().variable(Matrix(rows: 2, columns: 3)) + Tape().variable(Matrix(rows: 3, columns: 2))
        }
        await #expect(processExitsWith: .failure) {
            _ = Tape().variable(Matrix(rows: 2, columns: 3)).gathered(rows: [2])
        }
        await #expect(processExitsWith: .failure) {
            let tape = Tape()
            let table = tape.variable(Matrix(rows: 2, columns: 3))
            _ = tape.variable(Matrix(rows: 1, columns: 3)).crossEntropy(over: table, targets: [2])
        }
        await #expect(processExitsWith: .failure) {
            let tape = Tape()
            let table = tape.variable(Matrix(rows: 2, columns: 3))
            _ = tape.variable(Matrix(rows: 1, columns: 3)).scores(of: [[-1]], in: table)
        }
        await #expect(processExitsWith: .failure) {
            _ = Tape().variable(Matrix(rows: 4, columns: 3)).causalSelfAttention(heads: 1, sequences: [0, 5, 4])
        }
        await #expect(processExitsWith: .failure) {
            let tape = Tape()
            tape.backward(from: tape.variable(Matrix(rows: 2, columns: 1)))
        }
        await #expect(processExitsWith: .failure) {
            let tape = Tape()
            let loss = tape.variable(Matrix(rows: 2, columns: 1)).sum()
            tape.backward(from: loss)
            tape.backward(from: loss)
        }
    }
}
