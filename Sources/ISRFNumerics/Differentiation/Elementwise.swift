internal import CKernels

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Loops over contiguous elements that the operations share.
enum Elementwise {
    static func add(_ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>, count: Int) {
        isrf_add(target, source, count)
    }

    static func addScaled(
        _ source: UnsafePointer<Float>, by scale: Float, into target: UnsafeMutablePointer<Float>, count: Int
    ) {
        isrf_add_scaled(target, source, scale, count)
    }

    static func dot(_ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, count: Int) -> Float {
        isrf_dot(left, right, count)
    }
}

extension Matrix {
    /// A matrix whose elements `body` writes, every one of them.
    package init(rows: Int, columns: Int, filledBy body: (UnsafeMutablePointer<Float>) -> Void) {
        let count = rows * columns
        self.init(
            rows: rows, columns: columns,
            elements: Array(unsafeUninitializedCapacity: count) { buffer, initialized in
                if count > 0, let base = buffer.baseAddress { body(base) }
                initialized = count
            })
    }

    /// Calls `body` with the address of the first element; valid during the call only.
    package func withElements<Result>(_ body: (UnsafePointer<Float>) -> Result) -> Result {
        elements.withUnsafeBufferPointer { buffer in
            // An empty buffer may have no address; any will do, since nothing is read from it.
            body(buffer.baseAddress ?? UnsafePointer(bitPattern: 16)!)
        }
    }
}

extension Matrix {
    /// The logistic function of every element: 1 / (1 + exp(-x)).
    public func sigmoid() -> Matrix {
        var result = self
        result.elements.withUnsafeMutableBufferPointer { buffer in
            for index in buffer.indices { buffer[index] = 1 / (1 + exp(-buffer[index])) }
        }
        return result
    }

    /// The softmax of every row: positive numbers that sum to 1.
    public func softmaxRows() -> Matrix {
        var result = self
        let (rows, columns) = (rows, columns)
        result.elements.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            for row in 0..<rows { isrf_softmax(base + row * columns, columns) }
        }
        return result
    }
}
