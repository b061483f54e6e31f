internal import CKernels

/// Rows shifted and scaled to mean 0 and variance 1, then by learned numbers:
/// `y = gain (z - mean(z)) / sqrt(variance(z) + epsilon) + shift`.
package struct LayerNormalization: Sendable {
    private let gain: [Float]
    private let shift: [Float]
    private let epsilon: Float

    /// `gain` and `shift` are as wide as the rows.
    package init(gain: [Float], shift: [Float], epsilon: Float) {
        precondition(gain.count == shift.count, "gain and shift differ in width")
        self.gain = gain
        self.shift = shift
        self.epsilon = epsilon
    }

    /// Replaces `rows` rows by the normalised sum of them and, when given, as many others.
    package func apply(to rows: Int, of values: UnsafeMutablePointer<Float>, adding other: UnsafePointer<Float>?) {
        isrf_layer_norm(values, other, gain, shift, values, rows, gain.count, epsilon)
    }
}
