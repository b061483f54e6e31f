internal import ISRFCore

/// How long to wait before asking again.
struct Backoff: Sendable {
    private let limits: LanguageModelLimits
    private var random: SeededRandom

    init(limits: LanguageModelLimits) {
        self.limits = limits
        random = SeededRandom(seed: limits.seed)
    }

    /// The wait after a number of failures of the same call, from 1.
    mutating func delay(afterFailures failures: Int, retryAfter: Duration?) -> Duration {
        let share = Double(random.uniform())
        if let retryAfter {
            // Never before the time asked for, and not all at once.
            return min(max(.zero, retryAfter), limits.maximumRetryAfter) + limits.initialBackoff / 2 * share
        }
        let doubled = limits.initialBackoff.seconds * Double(1 << min(max(0, failures - 1), 40))
        let longest = Duration.seconds(min(doubled, limits.maximumBackoff.seconds))
        return longest / 2 + longest / 2 * share
    }
}
