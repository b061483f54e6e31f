import CKernels
import ISRFNumerics
import Testing

@Suite("Kernels of small networks")
struct NetworkKernelTests {
    @Test("A network of two layers agrees with the reference", arguments: KernelLevel.vectorised, oddLengths)
    func twoLayers(level: KernelLevel, rows: Int) {
        for (inputCount, width, outputCount) in [(11, 48, 6), (1, 1, 1), (32, 5, 16)] {
            let inputs = randomMatrix(inputCount, rows + 1, seed: 1).elements
            let first = randomMatrix(width, inputCount, seed: 2).elements
            let firstBias = randomMatrix(1, width, seed: 3).elements
            let second = randomMatrix(width, outputCount, seed: 4).elements
            let secondBias = randomMatrix(1, outputCount, seed: 5).elements
            // A place behind each output shows whether more was written than there are rows.
            let results = [KernelLevel.reference.kernels, level.kernels].map { kernels in
                var outputs = [Float](repeating: 7, count: outputCount * (rows + 1))
                inputs.withUnsafeBufferPointer { inputs in
                    outputs.withUnsafeMutableBufferPointer { outputs in
                        guard let input = inputs.baseAddress, let output = outputs.baseAddress else { return }
                        let sources: [UnsafePointer<Float>?] = (0..<inputCount).map { input + $0 * (rows + 1) }
                        let targets: [UnsafeMutablePointer<Float>?] = (0..<outputCount).map {
                            output + $0 * (rows + 1)
                        }
                        kernels.two_layers(
                            sources, rows, inputCount, first, firstBias, width, second, secondBias, outputCount,
                            targets)
                    }
                }
                return outputs
            }
            #expect(distance(results[0], results[1]) < 1e-4)
            #expect((0..<outputCount).allSatisfy { results[1][$0 * (rows + 1) + rows] == 7 })
        }
    }

    @Test("Gates agree with the reference, also far from zero", arguments: KernelLevel.vectorised, oddLengths)
    func gate(level: KernelLevel, n: Int) {
        let x = randomMatrix(1, n, seed: 6).elements
        var gates = randomMatrix(1, n, seed: 7).scaled(by: 3).elements
        for (place, value) in zip(gates.indices, [-200, 200, 0, -88, -1e-20] as [Float]) { gates[place] = value }
        var (expected, actual) = ([Float](repeating: 7, count: n + 1), [Float](repeating: 7, count: n + 1))
        KernelLevel.reference.kernels.gate(x, gates, 2.5, &expected, n)
        level.kernels.gate(x, gates, 2.5, &actual, n)
        #expect(distance(expected, actual) < 1e-6)
    }

    @Test("Logarithms of one plus a number agree with the reference", arguments: KernelLevel.vectorised, oddLengths)
    func logarithms(level: KernelLevel, n: Int) {
        var x = randomMatrix(1, n, seed: 8).elements.map { abs($0) }
        for place in x.indices { x[place] *= [1e-12, 1e-6, 1e-3, 1, 1e4, 1e20][place % 6] }
        for (place, value) in zip(x.indices, [0, -1, 1e-38, 1e30] as [Float]) { x[place] = value }
        var (expected, actual) = ([Float](repeating: 7, count: n + 1), [Float](repeating: 7, count: n + 1))
        KernelLevel.reference.kernels.log_one_plus_scaled(x, 0.37, &expected, n)
        level.kernels.log_one_plus_scaled(x, 0.37, &actual, n)
        #expect(zip(expected, actual).allSatisfy { abs($0 - $1) <= 4e-7 * abs($0) })
    }

    @Test(
        "A number's result depends neither on its place nor on what stands beside it", arguments: KernelLevel.vectorised
    )
    func places(level: KernelLevel) {
        let n = 37
        let (x, gates) = ([Float](repeating: 0.7, count: n), [Float](repeating: -0.3, count: n))
        var (gated, logarithms) = ([Float](repeating: 0, count: n), [Float](repeating: 0, count: n))
        level.kernels.gate(x, gates, 1.5, &gated, n)
        level.kernels.log_one_plus_scaled(x, 0.1, &logarithms, n)
        #expect(Set(gated).count == 1 && Set(logarithms).count == 1)
    }
}
