internal import CKernels

extension [Float] {
    /// The greatest `count` numbers and where they are: greatest first, ties by smaller index.
    ///
    /// Not-a-number is never selected, so fewer than `count` come back where there are fewer numbers. Takes time
    /// proportional to the array's length and hardly more for a greater `count`; nothing is sorted but the result.
    public func greatest(_ count: Int) -> [(index: Int, value: Float)] {
        withUnsafeBufferPointer { TopK.greatest(count, of: $0) }
    }
}

/// Selection of the greatest numbers in memory that the caller manages.
package enum TopK {
    /// The greatest `count` of `values`: greatest first, ties by smaller index, never not-a-number.
    package static func greatest(_ count: Int, of values: UnsafeBufferPointer<Float>) -> [(index: Int, value: Float)] {
        let count = Swift.min(Swift.max(0, count), values.count)
        guard count > 0 else { return [] }
        return withUnsafeTemporaryAllocation(of: Int32.self, capacity: count) { indices in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { best in
                let found = isrf_top_k(values.baseAddress, values.count, count, indices.baseAddress, best.baseAddress)
                return (0..<found).map { (Int(indices[$0]), best[$0]) }
            }
        }
    }

    /// Writes the greatest `indices.count` of `values` and their indices: greatest first, ties by smaller index.
    /// - Parameters:
    ///   - indices: Where the indices go.
    ///   - best: Where the numbers go; as long as `indices`.
    /// - Returns: How many were found and written: fewer than asked for when there are fewer numbers.
    package static func greatest(
        of values: UnsafeBufferPointer<Float>, indices: UnsafeMutableBufferPointer<Int32>,
        best: UnsafeMutableBufferPointer<Float>
    ) -> Int {
        precondition(indices.count == best.count, "places for indices and numbers differ")
        return isrf_top_k(values.baseAddress, values.count, indices.count, indices.baseAddress, best.baseAddress)
    }
}
