import ISRFCore
import Synchronization
import Testing

@Suite("Division of work among threads")
struct ParallelismTests {
    @Test("Ranges cover everything exactly once, in order", arguments: [0, 1, 2, 5, 16, 1001], [1, 2, 3, 8, 64])
    func covers(count: Int, threads: Int) {
        for minimum in [1, 4, 100] {
            let calls = Mutex<[(range: Range<Int>, number: Int)]>([])
            Parallelism(threads: threads).forRanges(count, minimum: minimum) { range, number in
                calls.withLock { $0.append((range, number)) }
            }
            let sorted = calls.withLock { $0.sorted { $0.number < $1.number } }
            #expect(sorted.map(\.number) == Array(0..<sorted.count))
            #expect(sorted.flatMap { Array($0.range) } == Array(0..<count))
            #expect(sorted.count <= threads)
            let lengths = sorted.map(\.range.count)
            if sorted.count > 1 {
                #expect(lengths.min()! >= minimum)
                #expect(lengths.max()! - lengths.min()! <= 1)
            }
        }
    }

    @Test("A thread count below one is one")
    func atLeastOne() {
        #expect(Parallelism(threads: -3) == .serial)
    }
}
