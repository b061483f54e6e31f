import ISRFCore
import ISRFNumerics
import Testing

@Suite("Causal self-attention")
struct CausalityTests {
    static let sequences = [0, 3, 4, 4, 9]

    static func attended(_ input: Matrix) -> Matrix {
        Tape().constant(input).causalSelfAttention(heads: 2, sequences: sequences).value
    }

    @Test("A row influences its own sequence from its place on, and nothing else", arguments: 0..<9)
    func influence(changed: Int) {
        let input = randomMatrix(9, 12, seed: 1)
        var other = input
        for column in 0..<12 { other[changed, column] += 1 + Float(column) }
        let (before, after) = (CausalityTests.attended(input), CausalityTests.attended(other))
        let end = CausalityTests.sequences.first { $0 > changed } ?? 9
        for row in 0..<9 {
            #expect((before.row(row) == after.row(row)) == !(changed..<end).contains(row))
        }
    }

    @Test("No gradient flows from a position to later ones or to other sequences", arguments: 0..<9)
    func gradients(position: Int) {
        let tape = Tape()
        let input = tape.variable(randomMatrix(9, 12, seed: 2))
        let attended = input.causalSelfAttention(heads: 2, sequences: CausalityTests.sequences)
        let weights = tape.constant(randomMatrix(1, 4, seed: 3))
        tape.backward(from: attended.rows(position..<position + 1).multiplied(elementwise: weights).sum())
        let gradient = tape.gradient(of: input)
        let start = CausalityTests.sequences.last { $0 <= position } ?? 0
        for row in 0..<9 {
            #expect(gradient.row(row).contains { $0 != 0 } == (start...position).contains(row))
        }
    }

    @Test("The first position of a sequence is its own value")
    func firstPosition() {
        let input = randomMatrix(9, 12, seed: 4)
        let attended = CausalityTests.attended(input)
        for start in [0, 3, 4] { #expect(distance(attended.row(start), Array(input.row(start)[8...])) < 1e-6) }
    }
}
