internal import Synchronization

/// Makes calls for a session: at the rate and number that the limits and the server allow, again where that helps.
final class LanguageModelCaller: Sendable {
    /// What one question has cost so far.
    struct Spent {
        var usage = LanguageModelResponse.Usage.none
        var calls = 0
    }

    /// Thrown when a call in trial fails in a way that its form of answer may be to blame for.
    struct Doubt: Error {
        var failure: LanguageModelFailure
    }

    private struct State {
        var pace: RatePace
        var pausedUntil = Duration.zero
        var backoff: Backoff
        var unansweredInARow = 0
    }

    let model: any LanguageModel
    let limits: LanguageModelLimits
    /// Lets one task at a time find out which form of answer works.
    let formTurnstile = Turnstile()

    private let clock: SessionClock
    private let observer: (@Sendable (LanguageModelEvent) -> Void)?
    private let gate: CallGate
    private let ending = EndSignal()
    private let paceTurnstile = Turnstile()
    private let state: Mutex<State>

    init(
        model: any LanguageModel, limits: LanguageModelLimits, clock: SessionClock,
        observer: (@Sendable (LanguageModelEvent) -> Void)?
    ) {
        self.model = model
        self.limits = limits
        self.clock = clock
        self.observer = observer
        gate = CallGate(
            limits: limits,
            maximumConcurrency: limits.maximumConcurrency ?? model.capabilities.concurrentRequests)
        state = Mutex(
            State(
                pace: RatePace(
                    requestsPerMinute: limits.requestsPerMinute, tokensPerMinute: limits.tokensPerMinute),
                backoff: Backoff(limits: limits)))
    }

    var totals: LanguageModelTotals { gate.totals }
    var concurrency: Int { gate.concurrency }

    func note(_ change: (inout LanguageModelTotals) -> Void) { gate.note(change) }
    func tell(_ event: LanguageModelEvent) { observer?(event) }

    /// - Throws: What ended the session, if anything did.
    func checkEnded() throws {
        if let error = ending.error { throw error }
    }

    /// Ends the session for everybody, unless it has ended before.
    /// - Returns: The error that ended it.
    @discardableResult
    func end(with error: any Error) -> any Error {
        let (first, isNew) = ending.end(with: error)
        guard isNew else { return first }
        gate.close(with: error)
        paceTurnstile.close(with: error)
        formTurnstile.close(with: error)
        switch error {
        case let failure as LanguageModelFailure: tell(.stopped(failure))
        case let exhausted as BudgetExhausted: tell(.budgetExhausted(exhausted))
        default: break
        }
        return error
    }

    /// A guess at the tokens of a request.
    func estimate(of request: LanguageModelRequest) -> LanguageModelResponse.Usage {
        gate.estimate(of: TokenEstimator.Size(request))
    }

    // MARK: - Calls

    /// Asks the model, again after failures that pass.
    /// - Parameters:
    ///   - request: What to ask.
    ///   - spent: What the question has cost so far.
    ///   - isTrial: Whether the form of answer is not known to work yet.
    /// - Throws: `LanguageModelFailure` of the kind `unsupportedAnswerForm`, or when it ended the session; `Doubt` in a
    ///   trial; `UnansweredQuestion` when no attempt was answered; `BudgetExhausted`; `CancellationError`.
    func response(
        to request: LanguageModelRequest, spent: inout Spent, isTrial: Bool = false
    ) async throws -> LanguageModelResponse {
        var failures = 0
        while true {
            let failure: LanguageModelFailure
            switch try await call(request, &spent, isTrial: isTrial) {
            case .success(let response): return response
            case .failure(let error): failure = error
            }
            failures += 1
            if failure.kind == .unsupportedAnswerForm { throw failure }
            if isTrial, isDoubtful(failure, failures) { throw Doubt(failure: failure) }
            if failure.kind.isLasting { throw end(with: failure) }
            try checkEnded()
            guard failures < limits.maximumAttempts else { throw givingUp(after: failure, failures, spent) }
            let delay = state.withLock {
                $0.backoff.delay(afterFailures: failures, retryAfter: failure.retryAfter)
            }
            note { $0.retries += 1 }
            tell(.retry(failure.kind, delay: delay))
            try await sleep(until: clock.now() + delay)
        }
    }

    /// Asks the model once; nil when that fails for whatever reason.
    func singleResponse(to request: LanguageModelRequest, spent: inout Spent) async -> LanguageModelResponse? {
        try? await call(request, &spent, isTrial: true).get()
    }

    /// Some servers do not say that they refuse a form of answer: they reject the request, or break down over it.
    private func isDoubtful(_ failure: LanguageModelFailure, _ failures: Int) -> Bool {
        failure.kind == .rejectedRequest || (failure.kind == .overloaded && failures >= 2)
    }

    private func givingUp(after failure: LanguageModelFailure, _ failures: Int, _ spent: Spent) -> any Error {
        let inARow = state.withLock { state in
            state.unansweredInARow += 1
            return state.unansweredInARow
        }
        if inARow >= limits.maximumConsecutiveFailures {
            return end(
                with: LanguageModelFailure(
                    failure.kind,
                    "\(inARow) questions in a row got no answer, each in \(failures) attempts. The last failure: "
                        + failure.message))
        }
        return UnansweredQuestion(
            reason: "The model gave no answer in \(failures) attempts. The last failure: \(failure.message)",
            usage: spent.usage, attempts: spent.calls, failure: failure)
    }

    private func call(
        _ request: LanguageModelRequest, _ spent: inout Spent, isTrial: Bool
    ) async throws -> Result<LanguageModelResponse, LanguageModelFailure> {
        let size = TokenEstimator.Size(request)
        let estimate: LanguageModelResponse.Usage
        do {
            estimate = try await gate.enter(size)
        } catch let exhausted as BudgetExhausted {
            throw end(with: exhausted)
        }
        let charged: Int
        do {
            charged = try await waitForPace(size)
            try Task.checkCancellation()
        } catch {
            gate.withdraw(estimate)
            throw error
        }
        spent.calls += 1
        let era = gate.era
        let start = clock.now()
        do {
            let response = try await model.response(to: request)
            let usage = callAnswered(response, size, estimate, charged, era: era, latency: clock.now() - start)
            spent.usage.add(usage)
            return .success(response)
        } catch {
            let failure = error as? LanguageModelFailure ?? LanguageModelFailure(.failed, "\(error)")
            if let usage = failure.usage?.plausible { spent.usage.add(usage) }
            // The end comes before the room that this call leaves: nobody else shall take it.
            if failure.kind.isLasting, !(isTrial && isDoubtful(failure, 1)), !Task.isCancelled { end(with: failure) }
            callFailed(failure, size, estimate, era: era, latency: clock.now() - start, isCancelled: Task.isCancelled)
            try Task.checkCancellation()
            return .failure(failure)
        }
    }

    private func callAnswered(
        _ response: LanguageModelResponse, _ size: TokenEstimator.Size, _ estimate: LanguageModelResponse.Usage,
        _ charged: Int, era: Int, latency: Duration
    ) -> LanguageModelResponse.Usage {
        let usage = response.usage?.plausible ?? gate.usage(of: size, answer: response.text)
        state.withLock { state in
            state.unansweredInARow = 0
            state.pace.correct(by: usage.promptTokens + usage.completionTokens - charged)
        }
        if response.usage == nil { note { $0.callsWithoutUsage += 1 } }
        let (verdict, limit) = gate.leave(size, estimate, spent: usage, end: .answered, era: era)
        tell(.call(latency: latency, usage: response.usage))
        if verdict != .unchanged { tell(.concurrency(limit)) }
        return usage
    }

    private func callFailed(
        _ failure: LanguageModelFailure, _ size: TokenEstimator.Size, _ estimate: LanguageModelResponse.Usage,
        era: Int, latency: Duration, isCancelled: Bool
    ) {
        let isOverload = [.rateLimited, .overloaded, .timedOut].contains(failure.kind) && !isCancelled
        let (verdict, limit) = gate.leave(
            size, estimate, spent: failure.usage?.plausible, end: isOverload ? .overload : .failed, era: era)
        guard !isCancelled else { return }
        tell(.failure(failure.kind, latency: latency))
        guard verdict != .unchanged else { return }
        tell(.concurrency(limit))
        // Many calls are sent away: the wait that the server asks for is meant for all of them.
        if verdict == .fewer, let retryAfter = failure.retryAfter {
            let end = clock.now() + min(max(.zero, retryAfter), limits.maximumRetryAfter)
            state.withLock { $0.pausedUntil = max($0.pausedUntil, end) }
        }
    }

    // MARK: - Time

    /// Waits until the rates and the server allow a call.
    /// - Returns: The tokens that the call is charged for.
    private func waitForPace(_ size: TokenEstimator.Size) async throws -> Int {
        let arrival = clock.now()
        let isFree = state.withLock { $0.pace.isUnlimited && $0.pausedUntil <= arrival }
        if isFree { return 0 }
        try await paceTurnstile.enter()
        defer { paceTurnstile.leave() }
        while true {
            let now = clock.now()
            // More is known by now than when the call was admitted.
            let estimate = gate.estimate(of: size)
            let tokens = estimate.promptTokens + estimate.completionTokens
            let earliest = state.withLock { state -> Duration? in
                let earliest = max(state.pace.earliest, state.pausedUntil)
                if earliest > now { return earliest }
                state.pace.start(at: now, arrival: arrival, tokens: tokens)
                return nil
            }
            guard let earliest else { return tokens }
            try await sleep(until: earliest)
        }
    }

    /// Sleeps until a time, or until the session ends.
    private func sleep(until time: Duration) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [clock] in try await clock.sleep(time) }
            group.addTask { [ending] in try await ending.wait() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
