internal import ISRFCore
internal import ISRFReasoning
internal import Synchronization

/// Repeats what fails in passing, after waits that grow and are half random.
final class PassingFailureRetries: Sendable {
    private let limits: LanguageModelLimits
    private let random: Mutex<SeededRandom>

    init(_ limits: LanguageModelLimits) {
        self.limits = limits
        random = Mutex(SeededRandom(seed: limits.seed))
    }

    /// Runs `operation` until it succeeds, fails for good, or has failed as often as the limits allow.
    /// - Throws: The last failure, `CancellationError`, and whatever else `operation` throws.
    func run<Result>(_ operation: () async throws -> Result) async throws -> Result {
        var backoff = limits.initialBackoff
        for attempt in 1... {
            do {
                return try await operation()
            } catch let failure as LanguageModelFailure {
                guard !failure.kind.isLasting, failure.kind != .unsupportedAnswerForm, attempt < limits.maximumAttempts
                else { throw failure }
                let share = Double(random.withLock { $0.uniform() })
                var wait = backoff * (0.5 + 0.5 * share)
                if let asked = failure.retryAfter { wait = max(wait, min(asked, limits.maximumRetryAfter)) }
                try await Task.sleep(for: wait)
                backoff = min(backoff * 2, limits.maximumBackoff)
            }
        }
        throw CancellationError()
    }
}
