internal import CKernels

/// A learned linear map with its bias, laid out once for products with many rows: `y = activation(x W^T + bias)`.
///
/// A row's result does not depend on the rows beside it.
package struct LinearLayer: @unchecked Sendable {
    // Sendable holds since the packed numbers are written in init alone.

    /// What is applied to every number at the end.
    package enum Activation: Sendable, Hashable {
        case identity
        /// The Gaussian error linear unit by the normal distribution function.
        case gaussianErrorLinearUnit
        /// Its approximation by the hyperbolic tangent.
        case tanhGaussianErrorLinearUnit

        fileprivate var code: Int32 {
            switch self {
            case .identity: Int32(ISRF_IDENTITY)
            case .gaussianErrorLinearUnit: Int32(ISRF_GELU_NORMAL)
            case .tanhGaussianErrorLinearUnit: Int32(ISRF_GELU_TANH)
            }
        }
    }

    /// The width of the rows that go in.
    package let inputs: Int
    /// The width of the rows that come out.
    package let outputs: Int
    package let activation: Activation
    private let bias: [Float]
    private let packed: AlignedNumbers

    /// - Parameters:
    ///   - weights: Outputs x inputs.
    ///   - bias: One number for each output.
    package init(weights: Matrix, bias: [Float], activation: Activation = .identity) {
        precondition(bias.count == weights.rows, "there is not one bias for each output")
        weights.requireShape()
        inputs = weights.columns
        outputs = weights.rows
        self.activation = activation
        self.bias = bias
        packed = AlignedNumbers(count: isrf_packed_count(weights.rows, weights.columns))
        weights.elements.withUnsafeBufferPointer { source in
            guard let source = source.baseAddress else { return }
            isrf_pack(source, weights.rows, weights.columns, packed.start)
        }
    }

    /// Maps `rows` rows that lie one after the other; `target` has room for `rows * outputs` numbers.
    package func apply(
        to source: UnsafePointer<Float>, rows: Int, into target: UnsafeMutablePointer<Float>
    ) {
        isrf_linear(
            source, inputs, rows, packed.start, bias, inputs, outputs, activation.code, target, outputs)
    }
}
