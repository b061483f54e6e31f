internal import ISRFCore
internal import Synchronization

extension Parallelism {
    private final class Counter: Sendable {
        let next = Atomic<Int>(0)
    }

    /// The results of `body` for each number below `count`, in order, from at most `threads` tasks.
    ///
    /// Each task takes the next number that nobody has taken, and keeps one state for all its numbers.
    /// - Throws: What `body` throws, and `CancellationError` between two numbers when the task is cancelled.
    func map<State, Result: Sendable>(
        _ count: Int, state: @escaping @Sendable () -> State,
        _ body: @escaping @Sendable (Int, State) throws -> Result
    ) async throws -> [Result] {
        let counter = Counter()
        let found = try await withThrowingTaskGroup(of: [(Int, Result)].self) { group in
            for _ in 0..<min(threads, count) {
                group.addTask {
                    let state = state()
                    var results: [(Int, Result)] = []
                    while true {
                        let number = counter.next.wrappingAdd(1, ordering: .relaxed).oldValue
                        guard number < count else { return results }
                        try Task.checkCancellation()
                        results.append((number, try body(number, state)))
                    }
                }
            }
            return try await group.reduce(into: [(Int, Result)]()) { $0 += $1 }
        }
        return found.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
