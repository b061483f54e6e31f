internal import Synchronization

/// Lets one task at a time ask a question; those that want the same answer wait for it.
final class ResponseTurns: Sendable {
    private struct Waiter {
        var number: Int
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var waiting: [ResponseKey: [Waiter]] = [:]
        var cancelled: Set<Int> = []
        var next = 0
    }

    private let state = Mutex(State())

    /// Waits until nobody else has the key; `leave` must follow.
    /// - Throws: `CancellationError`; then the turn was not given.
    func enter(_ key: ResponseKey) async throws {
        try Task.checkCancellation()
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                enum Decision { case enter, wait, cancel }
                let decision = state.withLock { state -> Decision in
                    if state.cancelled.remove(number) != nil { return .cancel }
                    guard state.waiting[key] != nil else {
                        state.waiting[key] = []
                        return .enter
                    }
                    state.waiting[key, default: []].append(Waiter(number: number, continuation: continuation))
                    return .wait
                }
                switch decision {
                case .enter: continuation.resume()
                case .cancel: continuation.resume(throwing: CancellationError())
                case .wait: break
                }
            }
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                guard let place = state.waiting[key]?.firstIndex(where: { $0.number == number }) else {
                    state.cancelled.insert(number)
                    return nil
                }
                return state.waiting[key]?.remove(at: place)
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
        _ = state.withLock { $0.cancelled.remove(number) }
    }

    /// Gives the turn to the next who waits.
    func leave(_ key: ResponseKey) {
        let next = state.withLock { state -> Waiter? in
            guard let waiters = state.waiting[key], !waiters.isEmpty else {
                state.waiting[key] = nil
                return nil
            }
            return state.waiting[key]?.removeFirst()
        }
        next?.continuation.resume()
    }
}
