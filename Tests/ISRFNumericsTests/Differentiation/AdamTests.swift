import Foundation
import ISRFCore
import ISRFNumerics
import Testing

@Suite("Adam")
struct AdamTests {
    /// After the given gradients of one number, from the sums that define both running means.
    static func closedForm(
        _ start: Double, _ gradients: [Double], rate: Double, beta1: Double, beta2: Double, epsilon: Double,
        decay: Double
    ) -> Double {
        var parameter = start
        for step in 1...max(1, gradients.count) where step <= gradients.count {
            var (mean, square) = (0.0, 0.0)
            for index in 1...step {
                let gradient = gradients[index - 1]
                mean += (1 - beta1) * pow(beta1, Double(step - index)) * gradient
                square += (1 - beta2) * pow(beta2, Double(step - index)) * gradient * gradient
            }
            mean /= 1 - pow(beta1, Double(step))
            square /= 1 - pow(beta2, Double(step))
            parameter -= rate * (mean / (square.squareRoot() + epsilon) + decay * parameter)
        }
        return parameter
    }

    @Test("Several steps agree with the closed form, with and without weight decay", arguments: [0, 0.1] as [Float])
    func closedForm(decay: Float) {
        var parameters = [randomMatrix(3, 5, seed: 1), randomMatrix(1, 2, seed: 2)]
        let start = parameters
        let gradients = (0..<6).map { step in
            parameters.map { randomMatrix($0.rows, $0.columns, seed: 10 + UInt64(step)).scaled(by: Float(step + 1)) }
        }
        var adam = Adam(meanDecay: 0.8, squareDecay: 0.95, epsilon: 1e-3)
        for step in gradients { adam.step(&parameters, gradients: step, rate: 0.05, weightDecay: decay) }
        for index in parameters.indices {
            let expected = start[index].elements.indices.map { element in
                Float(
                    AdamTests.closedForm(
                        Double(start[index].elements[element]), gradients.map { Double($0[index].elements[element]) },
                        rate: 0.05, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, decay: Double(decay)))
            }
            #expect(distance(parameters[index].elements, expected) < 2e-6)
        }
    }

    @Test("A parameter without a gradient stays, and its first step is like anybody's first")
    func missingGradient() {
        var parameters = [Matrix([[1, 2]]), Matrix([[3]])]
        var adam = Adam()
        adam.step(&parameters, gradients: [Matrix([[1, -1]]), nil], rate: 0.1, weightDecay: 0.5)
        #expect(parameters[1] == Matrix([[3]]))
        for _ in 0..<4 { adam.step(&parameters, gradients: [Matrix([[1, -1]]), nil], rate: 0.1) }
        adam.step(&parameters, gradients: [nil, Matrix([[20]])], rate: 0.1)
        // The first step moves by the rate whatever the gradient's size.
        #expect(abs(parameters[1][0, 0] - 2.9) < 1e-5)
    }

    @Test("It finds the minimum of a quadratic")
    func minimum() {
        let target = randomMatrix(4, 4, seed: 3)
        var parameters = [randomMatrix(4, 4, seed: 4)]
        var adam = Adam()
        for step in 0..<400 {
            let gradient = parameters[0].adding(target, scaledBy: -1)
            adam.step(&parameters, gradients: [gradient], rate: 0.05 * (1 - Float(step) / 400))
        }
        #expect(distance(parameters[0], target) < 1e-2)
    }

    @Test("A large parameter is the same on one thread and on three")
    func parallel() {
        let gradients = [randomMatrix(400, 300, seed: 5)]
        var results: [Matrix] = []
        for threads in [1, 3] {
            var parameters = [randomMatrix(400, 300, seed: 6)]
            var adam = Adam()
            for _ in 0..<3 {
                adam.step(&parameters, gradients: gradients, rate: 0.01, on: Parallelism(threads: threads))
            }
            results.append(parameters[0])
        }
        #expect(results[0] == results[1])
    }
}
