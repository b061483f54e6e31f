internal import CKernels

/// A network of one hidden layer with Gaussian error linear units, for asking it about many rows at once on the calling
/// thread; nothing is allocated on the heap and nothing can be learned.
package struct TwoLayerNetwork: Sendable {
    private let first: Matrix
    private let firstBias: [Float]
    private let second: Matrix
    private let secondBias: [Float]

    /// Creates a network.
    /// - Parameters:
    ///   - first: One row for each input, one column for each hidden unit.
    ///   - second: One row for each hidden unit, one column for each output.
    package init(first: Matrix, firstBias: [Float], second: Matrix, secondBias: [Float]) {
        precondition(first.columns == firstBias.count && second.rows == firstBias.count, "layers do not fit")
        precondition(second.columns == secondBias.count, "layers do not fit")
        self.first = first
        self.firstBias = firstBias
        self.second = second
        self.secondBias = secondBias
    }

    /// The number of inputs.
    package var inputCount: Int { first.rows }
    /// The number of outputs.
    package var outputCount: Int { second.columns }

    /// Writes the outputs for some rows of inputs, both row after row.
    package func apply(to inputs: UnsafePointer<Float>, rows: Int, into outputs: UnsafeMutablePointer<Float>) {
        let (width, outputCount) = (firstBias.count, outputCount)
        withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, rows * width)) { buffer in
            guard let hidden = buffer.baseAddress else { return }
            first.withElements { first in
                second.withElements { second in
                    for row in 0..<rows {
                        for unit in 0..<width { hidden[row * width + unit] = firstBias[unit] }
                        for output in 0..<outputCount { outputs[row * outputCount + output] = secondBias[output] }
                    }
                    BLAS.gemm(
                        rows: rows, columns: width, inner: inputCount, a: inputs, lda: inputCount, b: first,
                        ldb: width, beta: 1, c: hidden, ldc: width)
                    isrf_gelu(hidden, hidden, rows * width)
                    BLAS.gemm(
                        rows: rows, columns: outputCount, inner: width, a: hidden, lda: width, b: second,
                        ldb: outputCount, beta: 1, c: outputs, ldc: outputCount)
                }
            }
        }
    }
}
