internal import CKernels

/// What putting scores together takes beside matrix products, on the calling thread.
package enum GateKernels {
    /// target += scale source
    package static func add(
        _ source: UnsafePointer<Float>, scaledBy scale: Float, to target: UnsafeMutablePointer<Float>, count: Int
    ) {
        isrf_add_scaled(target, source, scale, count)
    }

    /// target = scale / (1 + exp(-gates)) source
    package static func gate(
        _ source: UnsafePointer<Float>, with gates: UnsafePointer<Float>, scale: Float,
        into target: UnsafeMutablePointer<Float>, count: Int
    ) {
        isrf_gate(source, gates, scale, target, count)
    }

    /// values = log(1 + values / scale), 0 for those below 0; scale is above 0.
    package static func takeLogarithms(of values: UnsafeMutablePointer<Float>, scale: Float, count: Int) {
        isrf_log_one_plus_scaled(values, scale, values, count)
    }
}
