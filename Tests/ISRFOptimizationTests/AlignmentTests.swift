import Foundation
import ISRFKit
import Testing

@testable import ISRFOptimization

@Suite("Soft contrastive alignment")
struct AlignmentTests {
    /// The loss by the method's formulas; the targets come from vectors of their own, since they are constants.
    static func loss(
        _ x: Matrix, _ y: Matrix, temperature: Double, targetsFrom constants: (x: Matrix, y: Matrix)? = nil
    ) -> Double {
        func unit(_ matrix: Matrix) -> [[Double]] {
            (0..<matrix.rows).map { row in
                let length = dot(matrix.row(row), matrix.row(row)).squareRoot()
                return matrix.row(row).map { Double($0) / length }
            }
        }
        func products(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
            a.map { row in b.map { zip(row, $0).reduce(0) { $0 + $1.0 * $1.1 } } }
        }
        func logSoftmax(_ rows: [[Double]]) -> [[Double]] {
            rows.map { row in
                let normalizer = log(row.reduce(0) { $0 + exp($1) })
                return row.map { $0 - normalizer }
            }
        }
        let (fixedX, fixedY) = (unit(constants?.x ?? x), unit(constants?.y ?? y))
        let similarity = zip(products(fixedX, fixedX), products(fixedY, fixedY)).map { first, second in
            zip(first, second).map { ($0 + $1) / 2 / temperature }
        }
        let targets = logSoftmax(similarity).map { $0.map(exp) }
        func crossEntropy(_ a: [[Double]], _ b: [[Double]]) -> Double {
            let logProbabilities = logSoftmax(products(a, b).map { $0.map { $0 / temperature } })
            return -zip(targets, logProbabilities).reduce(0) { sum, rows in
                sum + zip(rows.0, rows.1).reduce(0) { $0 + $1.0 * $1.1 }
            } / Double(x.rows)
        }
        return (crossEntropy(unit(x), unit(y)) + crossEntropy(unit(y), unit(x))) / 2
    }

    @Test("The loss is that of the formulas", arguments: [0.2, 1] as [Float])
    func closedForm(temperature: Float) {
        let (x, y) = (randomMatrix(6, 4, seed: 1), randomMatrix(6, 4, seed: 2).scaled(by: 3))
        let tape = Tape()
        let loss = tape.variable(x).softContrastiveAlignment(with: tape.variable(y), temperature: temperature)
        #expect(abs(Double(loss.scalar) - AlignmentTests.loss(x, y, temperature: Double(temperature))) < 1e-5)
    }

    @Test("Its gradient is that of finite differences, the targets held constant")
    func gradient() {
        let inputs = [randomMatrix(5, 3, seed: 3), randomMatrix(5, 3, seed: 4)]
        let tape = Tape()
        let variables = inputs.map { tape.variable($0) }
        tape.backward(from: variables[0].softContrastiveAlignment(with: variables[1], temperature: 0.5))
        for input in 0..<2 {
            let gradient = tape.gradient(of: variables[input])
            for element in gradient.elements.indices {
                func moved(_ step: Float) -> Double {
                    var changed = inputs
                    changed[input].elements[element] += step
                    return AlignmentTests.loss(
                        changed[0], changed[1], temperature: 0.5, targetsFrom: (inputs[0], inputs[1]))
                }
                let difference = (moved(1.0 / 256) - moved(-1.0 / 256)) * 128
                #expect(abs(Double(gradient.elements[element]) - difference) < 2e-4)
            }
        }
    }

    @Test("Vectors that belong together are pulled together, equal ones are not pushed apart")
    func behaviour() {
        let x = randomMatrix(8, 5, seed: 5)
        func loss(_ x: Matrix, _ y: Matrix) -> Float {
            let tape = Tape()
            return tape.constant(x).softContrastiveAlignment(with: tape.constant(y), temperature: 0.2).scalar
        }
        #expect(loss(x, x) < loss(x, randomMatrix(8, 5, seed: 6)))
        #expect(loss(x, x) < loss(x, x.selectingRows([1, 2, 3, 4, 5, 6, 7, 0])))
        // Four pairs of equal users: aligned with themselves, no gradient is left.
        let tape = Tape()
        let pairs = tape.variable(x.selectingRows([0, 0, 1, 1, 2, 2, 3, 3]))
        tape.backward(from: pairs.softContrastiveAlignment(with: pairs.detached(), temperature: 0.2))
        #expect(tape.gradient(of: pairs).elements.allSatisfy { abs($0) < 1e-5 })
    }

    @Test("One row has nothing to be told apart from")
    func single() {
        let tape = Tape()
        let loss = tape.variable(Matrix([[1, 2]])).softContrastiveAlignment(
            with: tape.variable(Matrix([[-3, 1]])), temperature: 0.2)
        #expect(loss.scalar == 0)
    }
}
