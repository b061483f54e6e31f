internal import Synchronization

/// Lets one task through at a time, first come, first served; the others wait without holding a thread.
///
/// Once closed it throws the same error at everybody who waits or comes later.
final class Turnstile: Sendable {
    private struct State: ~Copyable {
        var isTaken = false
        var line = WaitingLine<Void, Void>()
        var nextID: UInt64 = 0
        var closing: (any Error)?
    }

    private let state = Mutex(State())

    /// Waits for its turn; whoever gets through calls `leave()` when done.
    /// - Throws: `CancellationError`, or the error that the turnstile was closed with.
    func enter() async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome = state.withLock { state -> Result<Void, any Error>? in
                    // A cancellation before this point found nobody to wake.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if let closing = state.closing { return .failure(closing) }
                    if !state.isTaken {
                        state.isTaken = true
                        return .success(())
                    }
                    state.line.append(.init(wish: (), continuation: continuation), id: id)
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let entry = state.withLock { $0.line.remove(id) }
            entry?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Lets the next one through.
    func leave() {
        let next = state.withLock { state in
            let next = state.line.removeFirst()
            state.isTaken = next != nil
            return next
        }
        next?.continuation.resume()
    }

    /// Lets nobody through any more.
    func close(with error: any Error) {
        let waiting = state.withLock { state in
            if state.closing == nil { state.closing = error }
            return state.line.removeAll()
        }
        for entry in waiting { entry.continuation.resume(throwing: error) }
    }
}
