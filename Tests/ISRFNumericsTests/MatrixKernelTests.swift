import CKernels
import ISRFCore
import ISRFNumerics
import Testing

@Suite("Kernels over matrices, at every level of the processor")
struct MatrixKernelTests {
    static let widths = [1, 3, 7, 8, 9, 16, 31, 64, 100, 128, 257]

    @Test("Sparse x dense agrees with dense algebra", arguments: KernelLevel.vectorised, widths)
    func spmm(level: KernelLevel, width: Int) {
        let sparse = randomSparse(40, 30, density: 0.3, seed: 1)
        let dense = randomMatrix(30, width, seed: 2)
        let expected = product(sparse.dense(), dense)
        let old = randomMatrix(40, width, seed: 3)
        for accumulate in [false, true] {
            var result = old
            for (first, last) in [(0, 13), (13, 13), (13, 40)] {
                level.kernels.spmm(
                    first, last, sparse.rowOffsets, sparse.columnIndices, sparse.values, dense.elements, width,
                    &result.elements, accumulate ? 1 : 0)
            }
            #expect(distance(result, accumulate ? expected.adding(old) : expected) < 1e-5)
        }
    }

    @Test("RMS normalisation gives rows of mean square 1 times the gain", arguments: KernelLevel.vectorised, widths)
    func rmsNorm(level: KernelLevel, width: Int) {
        let x = randomMatrix(6, width, seed: 4)
        let gain = randomMatrix(1, width, seed: 5).elements
        var results: [[[Float]]] = []
        for kernels in [KernelLevel.reference.kernels, level.kernels] {
            var y = [Float](repeating: .nan, count: 6 * width)
            var inverse = [Float](repeating: .nan, count: 6)
            kernels.rms_norm(x.elements, gain, &y, &inverse, 6, width, 1e-6)
            var dx = randomMatrix(6, width, seed: 6).elements
            var dgain = randomMatrix(1, width, seed: 7).elements
            kernels.rms_norm_backward(
                x.elements, gain, inverse, randomMatrix(6, width, seed: 8).elements, &dx, &dgain, 6, width)
            results.append([y, inverse, dx, dgain])
        }
        for part in 0..<4 { #expect(distance(results[0][part], results[1][part]) < 2e-5) }
        for row in 0..<6 where width > 1 {
            let square = (0..<width).reduce(0.0) { sum, column in
                let value = Double(results[1][0][row * width + column] / gain[column])
                return sum + value * value
            }
            #expect(abs(square / Double(width) - 1) < 1e-3)
        }
    }

    @Test(
        "The gradient of RMS normalisation is that of finite differences",
        arguments: [.reference] + KernelLevel.vectorised)
    func rmsNormGradient(level: KernelLevel) {
        let (rows, width) = (3, 11)
        let gain = randomMatrix(1, width, seed: 9).elements
        let weights = randomMatrix(rows, width, seed: 10).elements
        let x = randomMatrix(rows, width, seed: 11).elements
        func loss(_ x: [Float], _ gain: [Float]) -> Double {
            var (y, inverse) = ([Float](repeating: 0, count: rows * width), [Float](repeating: 0, count: rows))
            KernelLevel.reference.kernels.rms_norm(x, gain, &y, &inverse, rows, width, 1e-6)
            return zip(y, weights).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
        var (y, inverse) = ([Float](repeating: 0, count: rows * width), [Float](repeating: 0, count: rows))
        level.kernels.rms_norm(x, gain, &y, &inverse, rows, width, 1e-6)
        var (dx, dgain) = ([Float](repeating: 0, count: rows * width), [Float](repeating: 0, count: width))
        level.kernels.rms_norm_backward(x, gain, inverse, weights, &dx, &dgain, rows, width)
        #expect(distance(dx, differences(x) { loss($0, gain) }) < 1e-3)
        #expect(distance(dgain, differences(gain) { loss(x, $0) }) < 1e-3)
        // Either gradient may be left out.
        var alone = [Float](repeating: 0, count: rows * width)
        level.kernels.rms_norm_backward(x, gain, inverse, weights, &alone, nil, rows, width)
        #expect(alone == dx)
    }

    @Test(
        "Attention agrees with the reference", arguments: KernelLevel.vectorised, [(8, 1), (12, 4), (64, 2), (66, 3)])
    func attention(level: KernelLevel, shape: (Int, Int)) {
        let problem = AttentionProblem(width: shape.0, heads: shape.1, lengths: [1, 0, 5, 20, 33])
        let expected = problem.run(KernelLevel.reference.kernels)
        let actual = problem.run(level.kernels)
        #expect(distance(actual.output, expected.output) < 1e-5)
        #expect(distance(actual.probabilities, expected.probabilities) < 1e-6)
        #expect(distance(actual.gradients, expected.gradients) < 2e-5)
    }

    @Test("Attention's gradient is that of finite differences", arguments: [.reference] + KernelLevel.vectorised)
    func attentionGradient(level: KernelLevel) {
        let problem = AttentionProblem(width: 6, heads: 2, lengths: [3, 4])
        let gradients = problem.run(level.kernels, oldGradient: 0).gradients
        let numeric = differences(problem.fused) { fused in
            var changed = problem
            changed.fused = fused
            let output = changed.run(KernelLevel.reference.kernels).output
            return zip(output, problem.outputGradient).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
        #expect(distance(gradients, numeric) < 2e-3)
    }

    @Test("A token attends to nothing after it and to nothing of other sequences", arguments: KernelLevel.vectorised)
    func causality(level: KernelLevel) {
        let problem = AttentionProblem(width: 16, heads: 2, lengths: [4, 6])
        let before = problem.run(level.kernels)
        var changed = problem
        for index in 7 * 48..<8 * 48 { changed.fused[index] += 1 }
        let after = changed.run(level.kernels)
        #expect(before.output[..<(7 * 16)] == after.output[..<(7 * 16)])
        #expect(before.output[(7 * 16)...] != after.output[(7 * 16)...])
        for row in 0..<4 {
            #expect(before.probabilities[row * 4 + row + 1..<row * 4 + 4].allSatisfy { $0 == 0 })
            #expect(abs(before.probabilities[row * 4..<row * 4 + 4].reduce(0, +) - 1) < 1e-5)
        }
    }
}

/// Central differences of a function, one for each of its arguments.
func differences(_ at: [Float], _ function: ([Float]) -> Double) -> [Float] {
    at.indices.map { index in
        let step: Float = 1.0 / 256
        var (above, below) = (at, at)
        above[index] += step
        below[index] -= step
        return Float((function(above) - function(below)) / Double(2 * step))
    }
}

/// Packed sequences with fused queries, keys and values, and the gradient of their outputs.
struct AttentionProblem {
    var width: Int
    var heads: Int
    var offsets: [Int32]
    var probabilityOffsets: [Int]
    var fused: [Float]
    var outputGradient: [Float]

    init(width: Int, heads: Int, lengths: [Int]) {
        self.width = width
        self.heads = heads
        offsets = [0]
        probabilityOffsets = [0]
        for length in lengths {
            offsets.append(offsets[offsets.count - 1] + Int32(length))
            probabilityOffsets.append(probabilityOffsets[probabilityOffsets.count - 1] + heads * length * length)
        }
        let tokens = lengths.reduce(0, +)
        fused = randomMatrix(tokens, 3 * width, seed: 20).elements
        outputGradient = randomMatrix(tokens, width, seed: 21).elements
    }

    /// Output, probabilities, and the gradients in the layout of `fused`, in two calls that divide the sequences.
    func run(
        _ kernels: isrf_kernels, oldGradient: Float = 0.5
    ) -> (output: [Float], probabilities: [Float], gradients: [Float]) {
        var output = [Float](repeating: .nan, count: outputGradient.count)
        var probabilities = [Float](repeating: .nan, count: probabilityOffsets[probabilityOffsets.count - 1])
        var gradients = [Float](repeating: oldGradient, count: fused.count)
        let (stride, sequences) = (3 * width, offsets.count - 1)
        fused.withUnsafeBufferPointer { inputs in
            gradients.withUnsafeMutableBufferPointer { results in
                let (q, dq) = (inputs.baseAddress!, results.baseAddress!)
                for (first, last) in [(0, sequences / 2), (sequences / 2, sequences)] {
                    kernels.causal_attention_forward(
                        q, q + width, q + 2 * width, stride, &output, width, width, heads, offsets, first, last,
                        probabilityOffsets, &probabilities)
                    kernels.causal_attention_backward(
                        q, q + width, q + 2 * width, stride, output, outputGradient, width, width, heads, offsets,
                        first,
                        last, probabilityOffsets, probabilities, dq, dq + width, dq + 2 * width, stride)
                }
            }
        }
        return (output, probabilities, gradients)
    }
}
