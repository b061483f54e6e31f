/// Memory for a number of floats that begins at a cache line, as vector loads like it.
package final class AlignedNumbers {
    /// Where the numbers are; they live as long as this object.
    package let start: UnsafeMutablePointer<Float>
    /// How many there are.
    package let count: Int

    /// Memory for `count` numbers, all 0.
    package init(count: Int) {
        self.count = count
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: max(1, count) * MemoryLayout<Float>.stride, alignment: 64)
        start = memory.bindMemory(to: Float.self, capacity: max(1, count))
        start.initialize(repeating: 0, count: max(1, count))
    }

    deinit { UnsafeMutableRawPointer(start).deallocate() }
}
