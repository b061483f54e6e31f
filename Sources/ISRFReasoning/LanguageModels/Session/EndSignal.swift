internal import Synchronization

/// Ends everything that waits in a session, once and for all, with one error for everybody.
final class EndSignal: Sendable {
    private struct State {
        var error: (any Error)?
        var line = WaitingLine<Void, Void>()
        var nextID: UInt64 = 0
    }

    private let state = Mutex(State())

    /// The error that ended it, nil while it has not ended.
    var error: (any Error)? { state.withLock { $0.error } }

    /// Ends it, unless it has ended before.
    /// - Returns: The error that ended it, and whether that is this one.
    func end(with error: any Error) -> (error: any Error, isNew: Bool) {
        let (first, waiting) = state.withLock { state -> (any Error, [WaitingLine<Void, Void>.Entry]?) in
            if let first = state.error { return (first, nil) }
            state.error = error
            return (error, state.line.removeAll())
        }
        for entry in waiting ?? [] { entry.continuation.resume(throwing: error) }
        return (first, waiting != nil)
    }

    /// Waits for the end.
    /// - Throws: The error that ended it, or `CancellationError`; never returns otherwise.
    func wait() async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let failure = state.withLock { state -> (any Error)? in
                    if Task.isCancelled { return CancellationError() }
                    if let error = state.error { return error }
                    state.line.append(.init(wish: (), continuation: continuation), id: id)
                    return nil
                }
                if let failure { continuation.resume(throwing: failure) }
            }
        } onCancel: {
            let entry = state.withLock { $0.line.remove(id) }
            entry?.continuation.resume(throwing: CancellationError())
        }
    }
}
