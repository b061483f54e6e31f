import Synchronization

/// Runs tasks on the caller's thread under a clock that jumps to the next deadline whenever nothing is left to do.
///
/// Nothing waits for real, runs are repeatable, and a task that nobody will ever wake is an error instead of a hang.
final class VirtualTime: TaskExecutor, Clock {
    struct Instant: InstantProtocol {
        var offset: Duration

        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (first: Instant, second: Instant) -> Bool { first.offset < second.offset }
    }

    /// Everybody waits and nobody sleeps.
    struct Stuck: Error {}

    private struct Sleeper {
        var id: Int
        var deadline: Duration
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State: Sendable {
        var now = Duration.zero
        var jobs: [UnownedJob] = []
        var head = 0
        var sleepers: [Sleeper] = []
        var nextID = 0
    }

    private let state = Mutex(State())

    var now: Instant { Instant(offset: time) }
    var minimumResolution: Duration { .nanoseconds(1) }
    /// The time since the beginning.
    var time: Duration { state.withLock { $0.now } }

    /// Runs a body to its end.
    func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
        let outcome = Shared<Result<Value, any Error>?>(nil)
        Task(executorPreference: self) {
            do {
                let value = try await body()
                outcome.value = .success(value)
            } catch {
                outcome.value = .failure(error)
            }
        }
        while true {
            if let result = outcome.value { return try result.get() }
            if let job = nextJob() {
                job.runSynchronously(on: asUnownedTaskExecutor())
            } else if !jump() {
                throw Stuck()
            }
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
    }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result = state.withLock { state -> Result<Void, any Error>? in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if deadline.offset <= state.now { return .success(()) }
                    state.sleepers.append(Sleeper(id: id, deadline: deadline.offset, continuation: continuation))
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else { return nil }
                return state.sleepers.remove(at: index)
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    private func nextJob() -> UnownedJob? {
        state.withLock { state in
            guard state.head < state.jobs.count else {
                state.jobs.removeAll(keepingCapacity: true)
                state.head = 0
                return nil
            }
            state.head += 1
            return state.jobs[state.head - 1]
        }
    }

    /// Wakes whoever sleeps until the next deadline.
    private func jump() -> Bool {
        let woken = state.withLock { state -> [Sleeper] in
            guard let deadline = state.sleepers.map(\.deadline).min() else { return [] }
            state.now = max(state.now, deadline)
            let woken = state.sleepers.filter { $0.deadline == deadline }
            state.sleepers.removeAll { $0.deadline == deadline }
            return woken
        }
        for sleeper in woken { sleeper.continuation.resume() }
        return !woken.isEmpty
    }
}
