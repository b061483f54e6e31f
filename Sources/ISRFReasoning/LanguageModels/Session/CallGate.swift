internal import Synchronization

/// Admits calls, first come, first served, while there is room for them and the budgets allow it.
final class CallGate: Sendable {
    private struct State {
        var control: ConcurrencyControl
        var ledger: BudgetLedger
        var estimator = TokenEstimator()
        var underWay = 0
        var line = WaitingLine<TokenEstimator.Size, LanguageModelResponse.Usage>()
        var nextID: UInt64 = 0
        var ending: (any Error)?
    }

    private let state: Mutex<State>

    init(limits: LanguageModelLimits, maximumConcurrency: Int) {
        state = Mutex(
            State(
                control: ConcurrencyControl(maximum: maximumConcurrency), ledger: BudgetLedger(limits: limits)))
    }

    /// What was spent so far.
    var totals: LanguageModelTotals { state.withLock { $0.ledger.totals } }
    /// How many calls may be under way at once now.
    var concurrency: Int { state.withLock { $0.control.limit } }
    /// The number of halvings so far, for a call to keep as it begins.
    var era: Int { state.withLock { $0.control.era } }

    /// Counts something that is not a call.
    func note(_ change: (inout LanguageModelTotals) -> Void) {
        state.withLock { change(&$0.ledger.totals) }
    }

    /// What a request will cost, as far as can be told.
    func estimate(of size: TokenEstimator.Size) -> LanguageModelResponse.Usage {
        state.withLock { $0.estimator.estimate(of: size) }
    }

    /// What an answer did cost whose model does not tell.
    func usage(of size: TokenEstimator.Size, answer: String) -> LanguageModelResponse.Usage {
        state.withLock { $0.estimator.usage(of: size, answer: answer) }
    }

    /// Waits until a call of this size may be made; then either `leave` or `withdraw` has to follow.
    /// - Returns: The tokens that are set aside for it.
    /// - Throws: `CancellationError`, `BudgetExhausted`, or the error that the gate was closed with.
    func enter(_ size: TokenEstimator.Size) async throws -> LanguageModelResponse.Usage {
        try Task.checkCancellation()
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let ready = state.withLock { state -> [Ready] in
                    // A cancellation before this point found nobody to wake.
                    if Task.isCancelled { return [Ready(continuation, .failure(CancellationError()))] }
                    state.line.append(.init(wish: size, continuation: continuation), id: id)
                    return CallGate.admit(&state)
                }
                for one in ready { one.resume() }
            }
        } onCancel: {
            let ready = state.withLock { state -> [Ready] in
                guard let entry = state.line.remove(id) else { return [] }
                // Whoever stood behind it may ask for less.
                return [Ready(entry.continuation, .failure(CancellationError()))] + CallGate.admit(&state)
            }
            for one in ready { one.resume() }
        }
    }

    /// Ends a call that was made.
    /// - Parameters:
    ///   - size: The size of its request.
    ///   - estimate: What was set aside for it.
    ///   - spent: What it did cost, as far as that is known.
    ///   - end: Whether it was answered, failed, or failed because of too much work.
    ///   - era: The `era` when it began.
    /// - Returns: What it says about the number of calls at once, and that number.
    func leave(
        _ size: TokenEstimator.Size, _ estimate: LanguageModelResponse.Usage, spent: LanguageModelResponse.Usage?,
        end: CallEnd, era: Int
    ) -> (verdict: ConcurrencyControl.Verdict, limit: Int) {
        let (verdict, limit, ready) = state.withLock { state in
            state.underWay -= 1
            state.ledger.settle(estimate, spent: spent)
            if end != .answered { state.ledger.totals.failures += 1 }
            if end == .answered, let spent { state.estimator.learn(spent, of: size) }
            let verdict = state.control.callEnded(isOverload: end == .overload, era: era)
            return (verdict, state.control.limit, CallGate.admit(&state))
        }
        for one in ready { one.resume() }
        return (verdict, limit)
    }

    /// Ends a call that was admitted and not made.
    func withdraw(_ estimate: LanguageModelResponse.Usage) {
        let ready = state.withLock { state in
            state.underWay -= 1
            state.ledger.withdraw(estimate)
            return CallGate.admit(&state)
        }
        for one in ready { one.resume() }
    }

    /// Admits nobody any more; calls under way end as they would.
    func close(with error: any Error) {
        let ready = state.withLock { state in
            if state.ending == nil { state.ending = error }
            return CallGate.admit(&state)
        }
        for one in ready { one.resume() }
    }

    /// How a call ended.
    enum CallEnd: Sendable, Hashable {
        case answered
        case failed
        case overload
    }

    // MARK: - Admission

    /// Whoever need not wait any longer, to be resumed outside of the lock.
    private struct Ready {
        typealias Continuation = CheckedContinuation<LanguageModelResponse.Usage, any Error>

        let continuation: Continuation
        let result: Result<LanguageModelResponse.Usage, any Error>

        init(_ continuation: Continuation, _ result: Result<LanguageModelResponse.Usage, any Error>) {
            self.continuation = continuation
            self.result = result
        }

        func resume() { continuation.resume(with: result) }
    }

    private static func admit(_ state: inout State) -> [Ready] {
        var ready: [Ready] = []
        while let entry = state.line.first {
            if let ending = state.ending {
                ready += state.line.removeAll().map { Ready($0.continuation, .failure(ending)) }
                return ready
            }
            guard state.underWay < state.control.limit else { return ready }
            let estimate = state.estimator.estimate(of: entry.wish)
            switch state.ledger.verdict(on: estimate) {
            case .later: return ready
            case .never(let exhausted): state.ending = exhausted
            case .allowed:
                _ = state.line.removeFirst()
                state.ledger.promise(estimate)
                state.underWay += 1
                ready.append(Ready(entry.continuation, .success(estimate)))
            }
        }
        return ready
    }
}
