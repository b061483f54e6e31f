internal import CKernels

/// A network of one hidden layer with Gaussian error linear units, for asking it about many rows at once on the calling
/// thread; nothing can be learned.
package struct TwoLayerNetwork: Sendable {
    /// The most inputs of a network.
    package static let greatestInputCount = Int(ISRF_NETWORK_INPUTS)
    /// The most outputs of a network.
    package static let greatestOutputCount = Int(ISRF_NETWORK_OUTPUTS)

    /// One row for each hidden unit, so that a unit finds its weights side by side.
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
        precondition(
            first.rows <= TwoLayerNetwork.greatestInputCount && second.columns <= TwoLayerNetwork.greatestOutputCount,
            "too many inputs or outputs")
        self.first = first.transposed()
        self.firstBias = firstBias
        self.second = second
        self.secondBias = secondBias
    }

    /// The number of inputs.
    package var inputCount: Int { first.columns }
    /// The number of outputs.
    package var outputCount: Int { second.columns }

    /// Writes the outputs for some rows.
    /// - Parameters:
    ///   - inputs: For each input its numbers, one for each row.
    ///   - outputs: For each output the place of its numbers, one for each row.
    package func apply(
        to inputs: [UnsafePointer<Float>], rows: Int, into outputs: [UnsafeMutablePointer<Float>]
    ) {
        precondition(inputs.count == inputCount && outputs.count == outputCount, "inputs or outputs do not fit")
        let (inputs, outputs): ([UnsafePointer<Float>?], [UnsafeMutablePointer<Float>?]) = (inputs, outputs)
        first.withElements { first in
            second.withElements { second in
                isrf_two_layers(
                    inputs, rows, inputCount, first, firstBias, firstBias.count, second, secondBias, outputCount,
                    outputs)
            }
        }
    }
}
