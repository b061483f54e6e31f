internal import ISRFNumerics

/// Picks the greatest values of a row.
package enum TopSelection {
    /// The places of the `count` greatest values, greatest first; ties go to the smaller place. Not-a-number and
    /// negative infinity are never picked.
    package static func select(_ count: Int, from values: [Float]) -> [(index: Int, value: Float)] {
        var heap: [(index: Int, value: Float)] = []
        heap.reserveCapacity(count + 1)
        var threshold = -Float.infinity
        for (index, value) in values.enumerated() where value > threshold {
            let place = heap.firstIndex { $0.value < value } ?? heap.count
            heap.insert((index, value), at: place)
            if heap.count > count {
                heap.removeLast()
                threshold = heap[count - 1].value
            } else if heap.count == count {
                threshold = heap[count - 1].value
            }
        }
        return heap
    }
}
