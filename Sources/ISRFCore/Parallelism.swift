internal import Dispatch
internal import Foundation

/// Runs independent blocks of one computation on a fixed number of threads.
///
/// BLAS itself stays on one thread; the blocks are the parallelism. The division into blocks depends on the block
/// count alone and never on timing, so a result is the same in every run with the same `threads`.
public struct Parallelism: Sendable, Hashable {
    /// How many blocks may run at once, at least 1.
    public let threads: Int

    /// Creates a policy with the given number of threads (values below 1 count as 1).
    public init(threads: Int) {
        self.threads = max(1, threads)
    }

    /// One thread.
    public static let serial = Parallelism(threads: 1)

    /// Calls `body` once for each of `threads` (at most `count`) consecutive ranges that cover `0..<count`.
    ///
    /// The caller's thread takes part, so no progress depends on another thread being free. Ranges differ in length
    /// by at most one granule.
    /// - Parameters:
    ///   - count: The number of elements to divide.
    ///   - minimum: Fewer elements than this for each range run on fewer threads.
    ///   - body: Called with the range and its number; must only write what belongs to its range.
    public func forRanges(_ count: Int, minimum: Int = 1, _ body: @Sendable (Range<Int>, Int) -> Void) {
        guard count > 0 else { return }
        let blocks = min(threads, max(1, count / max(1, minimum)))
        if blocks == 1 { return body(0..<count, 0) }
        DispatchQueue.concurrentPerform(iterations: blocks) { block in
            body(count * block / blocks..<count * (block + 1) / blocks, block)
        }
    }
}

extension Parallelism {
    /// The processors that this process may use.
    public static var processorCount: Int { ProcessInfo.processInfo.activeProcessorCount }
}
