import CKernels
import ISRFCore
import ISRFNumerics
import Testing

@Suite("Kernels over vectors, at every level of the processor")
struct VectorKernelTests {
    @Test("The reference is always there, and the active level is the widest that runs")
    func levels() throws {
        #expect(KernelLevel.reference.description == "reference")
        #expect(!KernelLevel.vectorised.isEmpty)
        let active = String(cString: isrf_active_kernels().pointee.name)
        #expect(active == KernelLevel.vectorised.last?.description)
        #expect(isrf_kernels_at(-1) == nil)
        #expect(isrf_kernels_at(isrf_level_count()) == nil)
    }

    @Test("Sums of vectors", arguments: KernelLevel.vectorised, oddLengths)
    func sums(level: KernelLevel, n: Int) {
        let (a, b, y) = (randomMatrix(1, n, seed: 1), randomMatrix(1, n, seed: 2), randomMatrix(1, n, seed: 3))
        var result = y.elements
        level.kernels.add(&result, a.elements, n)
        #expect(distance(result, zip(y.elements, a.elements).map { $0 + $1 }) == 0)
        result = y.elements
        level.kernels.add_scaled(&result, a.elements, -1.5, n)
        #expect(distance(result, zip(y.elements, a.elements).map { $0 - 1.5 * $1 }) < 1e-6)
        result = y.elements
        level.kernels.multiply_add(&result, a.elements, b.elements, n)
        let products = zip(a.elements, b.elements).map { $0 * $1 }
        #expect(distance(result, zip(y.elements, products).map { $0 + $1 }) < 2e-6)
        let exact = products.reduce(0.0) { $0 + Double($1) }
        #expect(
            abs(Double(level.kernels.dot(a.elements, b.elements, n)) - exact) < 1e-5 * max(1, Double(n).squareRoot()))
    }

    @Test("Softmax and log-sum-exp agree with the reference", arguments: KernelLevel.vectorised, oddLengths)
    func softmax(level: KernelLevel, n: Int) {
        var row = randomMatrix(1, n, seed: 4).scaled(by: 6).elements
        if n > 4 { row[n / 2] = -.infinity }
        var expected = row
        KernelLevel.reference.kernels.softmax(&expected, n)
        var actual = row
        level.kernels.softmax(&actual, n)
        #expect(distance(actual, expected) < 1e-6)
        if n > 0 {
            #expect(abs(actual.reduce(0.0) { $0 + Double($1) } - 1) < 1e-5)
            let difference = level.kernels.log_sum_exp(row, n) - KernelLevel.reference.kernels.log_sum_exp(row, n)
            #expect(abs(difference) < 1e-6)
        } else {
            #expect(level.kernels.log_sum_exp(row, n) == -.infinity)
        }
    }

    @Test("The softmax's exponential is accurate over its whole range", arguments: KernelLevel.vectorised)
    func exponential(level: KernelLevel) {
        // Against a common maximum of 0, softmax times its sum is the exponential of each element.
        let logits = (0...8800).map { -Float($0) / 100 }
        var row = logits
        level.kernels.softmax(&row, row.count)
        var expected = logits
        KernelLevel.reference.kernels.softmax(&expected, expected.count)
        var worst: Float = 0
        for (index, logit) in logits.enumerated() where logit > -82 {
            worst = max(worst, abs(row[index] / expected[index] - 1))
        }
        #expect(worst < 1e-6)
        #expect(row.allSatisfy { $0 >= 0 && $0 < 1 })
    }

    @Test("Softmax of large logits neither overflows nor vanishes", arguments: KernelLevel.vectorised)
    func extremeLogits(level: KernelLevel) {
        for offset: Float in [-1e30, -1000, 1000, 1e30] {
            var row = [Float](repeating: offset, count: 21)
            level.kernels.softmax(&row, row.count)
            #expect(distance(row, Array(repeating: 1 / 21, count: 21)) < 1e-7)
        }
        var row: [Float] = [3, -.greatestFiniteMagnitude, -.infinity, 3]
        level.kernels.softmax(&row, row.count)
        #expect(row == [0.5, 0, 0, 0.5])
        #expect(level.kernels.log_sum_exp([-.infinity, -.infinity], 2) == -.infinity)
        #expect(level.kernels.log_sum_exp([1, .infinity], 2) == .infinity)
    }

    @Test("Not-a-number is passed on, never swallowed", arguments: KernelLevel.vectorised)
    func notANumber(level: KernelLevel) {
        for position in [0, 5, 19, 20] {
            var row = randomMatrix(1, 21, seed: 5).elements
            row[position] = .nan
            #expect(level.kernels.log_sum_exp(row, row.count).isNaN)
            var copy = row
            #expect(level.kernels.softmax_cross_entropy(&copy, copy.count, 3, 1).isNaN)
            level.kernels.softmax(&copy, copy.count)
            #expect(copy.contains { $0.isNaN })
            var activated = row
            level.kernels.gelu(row, &activated, row.count)
            #expect(activated[position].isNaN)
            #expect(activated.count { $0.isNaN } == 1)
        }
        var row: [Float] = Array(repeating: -.infinity, count: 9)
        level.kernels.softmax(&row, row.count)
        #expect(row.allSatisfy { $0.isNaN })
    }

    @Test("Cross-entropy gives the loss and its gradient", arguments: KernelLevel.vectorised, oddLengths.dropFirst())
    func crossEntropy(level: KernelLevel, n: Int) {
        let row = randomMatrix(1, n, seed: 6).scaled(by: 4).elements
        for target in Set([0, n / 2, n - 1]).sorted() {
            var expected = row
            let expectedLoss = KernelLevel.reference.kernels.softmax_cross_entropy(&expected, n, target, 0.25)
            var actual = row
            let loss = level.kernels.softmax_cross_entropy(&actual, n, target, 0.25)
            #expect(abs(loss - expectedLoss) < 1e-5)
            #expect(distance(actual, expected) < 1e-6)
            #expect(abs(loss - (level.kernels.log_sum_exp(row, n) - Double(row[target]))) < 1e-5)
            #expect(abs(actual.reduce(0, +)) < 1e-5)
        }
    }

    @Test("GELU and its gradient agree with the reference", arguments: KernelLevel.vectorised, oddLengths)
    func gelu(level: KernelLevel, n: Int) {
        let x = randomMatrix(1, n, seed: 7).scaled(by: 3).elements
        let dy = randomMatrix(1, n, seed: 8).elements
        var expected = [Float](repeating: 0, count: n)
        var actual = expected
        KernelLevel.reference.kernels.gelu(x, &expected, n)
        level.kernels.gelu(x, &actual, n)
        #expect(distance(actual, expected) < 1e-6)
        expected = randomMatrix(1, n, seed: 9).elements
        actual = expected
        KernelLevel.reference.kernels.gelu_backward(x, dy, &expected, n)
        level.kernels.gelu_backward(x, dy, &actual, n)
        #expect(distance(actual, expected) < 2e-6)
    }

    @Test("GELU far from zero is the identity or zero", arguments: [.reference] + KernelLevel.vectorised)
    func geluExtremes(level: KernelLevel) {
        let x: [Float] = [-1e20, -50, -12, 0, 12, 50, 1e20, 1]
        var y = [Float](repeating: .nan, count: x.count)
        level.kernels.gelu(x, &y, x.count)
        #expect(distance(Array(y[..<7]), [0, 0, 0, 0, 12, 50, 1e20]) == 0)
        #expect(abs(y[7] - 0.841192) < 1e-5)
        var slope = [Float](repeating: 0, count: x.count)
        level.kernels.gelu_backward(x, Array(repeating: 1, count: x.count), &slope, x.count)
        #expect(distance(Array(slope[..<7]), [0, 0, 0, 0.5, 1, 1, 1]) < 1e-6)
    }

    @Test("Adam agrees with the reference over several steps", arguments: KernelLevel.vectorised, oddLengths)
    func adam(level: KernelLevel, n: Int) {
        var states: [[[Float]]] = []
        for kernels in [KernelLevel.reference.kernels, level.kernels] {
            var parameter = randomMatrix(1, n, seed: 10).elements
            var first = [Float](repeating: 0, count: n)
            var second = first
            var (power1, power2): (Float, Float) = (1, 1)
            for step in 0..<5 {
                power1 *= 0.9
                power2 *= 0.98
                kernels.adam(
                    &parameter, randomMatrix(1, n, seed: 11 + UInt64(step)).elements, &first, &second, n, 0.01, 0.9,
                    0.98, 1e-8, 1 - power1, 1 - power2, 0.1)
            }
            states.append([parameter, first, second])
        }
        for part in 0..<3 { #expect(distance(states[0][part], states[1][part]) < 1e-6) }
    }

    @Test("Adam's first step moves by the rate, whatever the gradient's size", arguments: KernelLevel.vectorised)
    func adamFirstStep(level: KernelLevel) {
        let n = 19
        var parameter = [Float](repeating: 1, count: n)
        var (first, second) = ([Float](repeating: 0, count: n), [Float](repeating: 0, count: n))
        let gradient = (0..<n).map { ($0.isMultiple(of: 2) ? 1 : -1) * Float($0 + 1) * 100 }
        level.kernels.adam(&parameter, gradient, &first, &second, n, 0.5, 0.9, 0.999, 1e-8, 0.1, 0.001, 0)
        #expect(distance(parameter, (0..<n).map { $0.isMultiple(of: 2) ? 0.5 : 1.5 }) < 1e-4)
    }
}
