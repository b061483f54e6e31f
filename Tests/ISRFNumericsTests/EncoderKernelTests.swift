import CKernels
import ISRFCore
import ISRFNumerics
import Testing

@Suite("Kernels of encoders, at every level of the processor")
struct EncoderKernelTests {
    static let activations = [ISRF_IDENTITY, ISRF_GELU_NORMAL, ISRF_GELU_TANH].map { Int32($0) }

    private func packed(_ weights: Matrix) -> [Float] {
        var packed = [Float](repeating: .nan, count: isrf_packed_count(weights.rows, weights.columns))
        isrf_pack(weights.elements, weights.rows, weights.columns, &packed)
        return packed
    }

    private func linear(
        _ level: KernelLevel, _ x: Matrix, _ weights: Matrix, _ bias: [Float]?, _ activation: Int32
    ) -> Matrix {
        var result = [Float](repeating: .nan, count: x.rows * weights.rows)
        level.kernels.linear(
            x.elements, x.columns, x.rows, packed(weights), bias, x.columns, weights.rows, activation, &result,
            weights.rows)
        return Matrix(rows: x.rows, columns: weights.rows, elements: result)
    }

    @Test(
        "Products with packed weights agree with plain ones", arguments: [.reference] + KernelLevel.vectorised,
        [(1, 1, 1), (5, 3, 7), (12, 32, 16), (13, 33, 5), (31, 64, 40), (40, 47, 300), (200, 96, 384), (3, 20, 0)])
    func products(level: KernelLevel, shape: (rows: Int, columns: Int, inner: Int)) {
        let x = randomMatrix(shape.rows, shape.inner, seed: 1)
        let weights = randomMatrix(shape.columns, shape.inner, seed: 2)
        let bias = randomMatrix(1, shape.columns, seed: 3).elements
        var expected = product(x, weights.transposed())
        let tolerance = 2e-6 * (1 + Float(shape.inner))
        #expect(distance(linear(level, x, weights, nil, Int32(ISRF_IDENTITY)), expected) < tolerance)
        for row in 0..<shape.rows { for column in 0..<shape.columns { expected[row, column] += bias[column] } }
        #expect(distance(linear(level, x, weights, bias, Int32(ISRF_IDENTITY)), expected) < tolerance)
        for activation in Self.activations {
            let reference = linear(.reference, x, weights, bias, activation)
            #expect(distance(linear(level, x, weights, bias, activation), reference) < tolerance)
        }
    }

    @Test("A row's product does not depend on the rows beside it", arguments: KernelLevel.vectorised)
    func independence(level: KernelLevel) {
        let (x, weights) = (randomMatrix(29, 50, seed: 4), randomMatrix(70, 50, seed: 5))
        let whole = linear(level, x, weights, nil, Int32(ISRF_GELU_NORMAL))
        for row in 0..<x.rows {
            let alone = linear(level, x.selectingRows([row]), weights, nil, Int32(ISRF_GELU_NORMAL))
            #expect(alone.elements == whole.row(row))
        }
    }

    @Test("Products between strides leave what lies between alone", arguments: [.reference] + KernelLevel.vectorised)
    func strides(level: KernelLevel) {
        let (x, weights) = (randomMatrix(14, 9, seed: 6), randomMatrix(37, 5, seed: 7))
        var result = [Float](repeating: 7, count: 14 * 40)
        level.kernels.linear(x.elements, 9, 14, packed(weights), nil, 5, 37, Int32(ISRF_IDENTITY), &result, 40)
        for row in 0..<14 {
            let part = Matrix(rows: 1, columns: 5, elements: Array(x.row(row)[..<5]))
            let expected = product(part, weights.transposed()).elements
            #expect(distance(Array(result[row * 40..<row * 40 + 37]), expected) < 1e-5)
            #expect(result[row * 40 + 37..<row * 40 + 40].allSatisfy { $0 == 7 })
        }
    }

    @Test("GELU by the normal distribution is accurate, and exact far from zero", arguments: KernelLevel.vectorised)
    func gelu(level: KernelLevel) {
        let x = (-6000...6000).map { Float($0) / 500 } + [-1e20, -50, 0, 50, 1e20]
        let column = Matrix(rows: x.count, columns: 1, elements: x)
        let one = Matrix(rows: 1, columns: 1, elements: [1])
        let actual = linear(level, column, one, nil, Int32(ISRF_GELU_NORMAL)).elements
        let expected = linear(.reference, column, one, nil, Int32(ISRF_GELU_NORMAL)).elements
        #expect(distance(actual, expected) < 1e-6)
        #expect(distance(Array(actual.suffix(5)), [0, 0, 0, 50, 1e20]) == 0)
        #expect(abs(expected[6500] - 0.8413447) < 1e-6)
        let nan = linear(level, Matrix(rows: 1, columns: 1, elements: [.nan]), one, nil, Int32(ISRF_GELU_NORMAL))
        #expect(nan.elements[0].isNaN)
    }

    @Test("Layer normalisation agrees with the reference", arguments: KernelLevel.vectorised, [1, 5, 16, 33, 64, 384])
    func layerNorm(level: KernelLevel, width: Int) {
        let rows = 7
        let x = randomMatrix(rows, width, seed: 8).scaled(by: 5).adding(
            Matrix(rows: rows, columns: width, repeating: 20))
        let other = randomMatrix(rows, width, seed: 9)
        let (gain, shift) = (randomMatrix(1, width, seed: 10).elements, randomMatrix(1, width, seed: 11).elements)
        for residual in [nil, other.elements] {
            var expected = [Float](repeating: 0, count: rows * width)
            KernelLevel.reference.kernels.layer_norm(x.elements, residual, gain, shift, &expected, rows, width, 1e-5)
            var actual = [Float](repeating: .nan, count: rows * width)
            level.kernels.layer_norm(x.elements, residual, gain, shift, &actual, rows, width, 1e-5)
            #expect(distance(actual, expected) < 5e-5)
            var inPlace = x.elements
            inPlace.withUnsafeMutableBufferPointer {
                level.kernels.layer_norm($0.baseAddress, residual, gain, shift, $0.baseAddress, rows, width, 1e-5)
            }
            #expect(inPlace == actual)
        }
    }

    @Test(
        "Attention over whole sequences agrees with the reference", arguments: KernelLevel.vectorised,
        [(16, 2), (24, 1), (64, 2), (96, 2), (66, 1)])
    func attention(level: KernelLevel, shape: (width: Int, heads: Int)) {
        let offsets: [Int32] = [0, 1, 1, 14, 47, 80, 211]
        let (tokens, width) = (211, shape.width)
        let projections = randomMatrix(tokens, 3 * width, seed: 12).elements
        func run(_ kernels: isrf_kernels) -> [Float] {
            var result = [Float](repeating: .nan, count: tokens * width)
            var scratch = [Float](repeating: .nan, count: isrf_attention_scratch(width, shape.heads, 131))
            projections.withUnsafeBufferPointer { source in
                guard let q = source.baseAddress else { return }
                kernels.attention_forward(
                    q, q + width, q + 2 * width, 3 * width, &result, width, width, shape.heads, offsets, 0,
                    offsets.count - 1, &scratch)
            }
            return result
        }
        #expect(distance(run(level.kernels), run(KernelLevel.reference.kernels)) < 2e-5)
    }
}
