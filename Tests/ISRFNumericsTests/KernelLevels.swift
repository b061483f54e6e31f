import CKernels

/// One level of kernels that this processor can run.
struct KernelLevel: Sendable, CustomStringConvertible {
    let level: Int32

    /// The kernels of this level.
    var kernels: isrf_kernels { isrf_kernels_at(level)!.pointee }

    var description: String { String(cString: kernels.name) }

    /// The kernels by their definition.
    static let reference = KernelLevel(level: 0)

    /// Every level above the reference that this processor can run.
    static let vectorised = (1..<isrf_level_count()).filter { isrf_kernels_at($0) != nil }.map(KernelLevel.init)
}

/// Lengths around the widths of vectors and of unrolled blocks.
let oddLengths = [0, 1, 3, 7, 8, 9, 15, 16, 17, 31, 63, 64, 65, 127, 1000, 4099]
