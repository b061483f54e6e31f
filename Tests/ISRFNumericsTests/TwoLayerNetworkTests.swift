import Foundation
import ISRFNumerics
import Testing

@Suite("A network of two layers")
struct TwoLayerNetworkTests {
    @Test("Outputs agree with the definition, whatever the number of rows", arguments: [0, 1, 7, 130])
    func definition(rows: Int) {
        let (first, second) = (randomMatrix(5, 9, seed: 1), randomMatrix(9, 3, seed: 2))
        let (firstBias, secondBias) = (randomMatrix(1, 9, seed: 3).elements, randomMatrix(1, 3, seed: 4).elements)
        let inputs = randomMatrix(rows, 5, seed: 5)
        let network = TwoLayerNetwork(first: first, firstBias: firstBias, second: second, secondBias: secondBias)
        var outputs = [Float](repeating: .nan, count: rows * 3)
        inputs.transposed().elements.withUnsafeBufferPointer { inputs in
            outputs.withUnsafeMutableBufferPointer { outputs in
                guard let inputs = inputs.baseAddress, let outputs = outputs.baseAddress else { return }
                network.apply(
                    to: (0..<5).map { inputs + $0 * rows }, rows: rows, into: (0..<3).map { outputs + $0 * rows })
            }
        }
        for row in 0..<rows {
            let hidden = (0..<9).map { unit in
                let x = (0..<5).reduce(Double(firstBias[unit])) {
                    $0 + Double(inputs[row, $1]) * Double(first[$1, unit])
                }
                return 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
            }
            for output in 0..<3 {
                let expected = (0..<9).reduce(Double(secondBias[output])) {
                    $0 + hidden[$1] * Double(second[$1, output])
                }
                #expect(abs(Double(outputs[output * rows + row]) - expected) < 1e-4)
            }
        }
    }
}
