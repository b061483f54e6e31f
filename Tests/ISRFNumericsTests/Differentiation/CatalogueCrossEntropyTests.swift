import ISRFCore
import ISRFNumerics
import Testing

@Suite("Cross-entropy over a large catalogue")
struct CatalogueCrossEntropyTests {
    @Test("Logits in several blocks give the closed form of loss and gradients", arguments: [1, 3])
    func blocks(threads: Int) {
        // So many candidates that 32 rows make a block, as little else as possible.
        let (choices, count) = (150_000, 70)
        let hidden = randomMatrix(count, 2, seed: 1)
        let table = randomMatrix(choices, 2, seed: 2)
        let targets = (0..<count).map { $0 * 2100 }
        let weights = (0..<count).map { Float($0 % 3) }
        let tape = Tape(parallelism: Parallelism(threads: threads))
        let (h, t) = (tape.variable(hidden), tape.variable(table))
        let loss = h.crossEntropy(over: t, targets: targets, weights: weights)
        tape.backward(from: loss)

        // d loss / d logit = weight (softmax - onehot), one row of logits at a time.
        var expected = 0.0
        var hiddenGradient = [Double](repeating: 0, count: count * 2)
        var tableGradient = [Double](repeating: 0, count: choices * 2)
        let total = Double(weights.reduce(0, +))
        for row in 0..<count where weights[row] > 0 {
            let logits = Grid(rows: 1, columns: choices) { _, choice in
                Double(hidden[row, 0]) * Double(table[choice, 0]) + Double(hidden[row, 1]) * Double(table[choice, 1])
            }
            let scale = Double(weights[row]) / total
            expected += scale * (logits.logSumExp(0) - logits[0, targets[row]])
            let normalizer = logits.logSumExp(0)
            for choice in 0..<choices {
                let slope = scale * (exponential(logits[0, choice] - normalizer) - (choice == targets[row] ? 1 : 0))
                for column in 0..<2 {
                    hiddenGradient[row * 2 + column] += slope * Double(table[choice, column])
                    tableGradient[choice * 2 + column] += slope * Double(hidden[row, column])
                }
            }
        }
        #expect(abs(Double(loss.scalar) - expected) < 1e-4)
        #expect(distance(tape.gradient(of: h).elements, hiddenGradient.map { Float($0) }) < 1e-5)
        #expect(distance(tape.gradient(of: t).elements, tableGradient.map { Float($0) }) < 1e-5)
    }

    @Test("Without rows the loss is zero")
    func empty() {
        let tape = Tape()
        let table = tape.variable(randomMatrix(4, 3, seed: 3))
        let loss = tape.variable(Matrix(rows: 0, columns: 3)).crossEntropy(over: table, targets: [])
        tape.backward(from: loss)
        #expect(loss.scalar == 0)
        #expect(tape.gradient(of: table).elements.allSatisfy { $0 == 0 })
    }
}
