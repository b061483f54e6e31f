/// Spaces calls so that requests and tokens a minute keep within their rates.
///
/// A call starts when the time that the calls before it have used up is over: a call uses a minute divided by the
/// requests a minute, and its tokens' share of a minute. There are no bursts after idle times.
struct RatePace: Sendable {
    /// Timers wake late; as much as this is made up for, so that the rate is reached.
    private static let greatestLateness = Duration.milliseconds(250)

    private let requestInterval: Duration?
    private let tokenInterval: Duration?
    private var nextRequest = Duration.zero
    private var nextTokens = Duration.zero

    init(requestsPerMinute: Double?, tokensPerMinute: Double?) {
        requestInterval = requestsPerMinute.map { .seconds(60 / $0) }
        tokenInterval = tokensPerMinute.map { .seconds(60 / $0) }
    }

    /// Whether there is anything to keep to.
    var isUnlimited: Bool { requestInterval == nil && tokenInterval == nil }

    /// When the next call may start.
    var earliest: Duration { max(nextRequest, nextTokens) }

    /// Starts a call.
    /// - Parameters:
    ///   - now: The time.
    ///   - arrival: Since when the call has been waiting.
    ///   - tokens: The tokens that it will use by estimate.
    mutating func start(at now: Duration, arrival: Duration, tokens: Int) {
        if let requestInterval {
            nextRequest = base(nextRequest, now, arrival) + requestInterval
        }
        if let tokenInterval {
            nextTokens = base(nextTokens, now, arrival) + tokenInterval * Double(tokens)
        }
    }

    /// Makes up for an estimate: so many tokens more (or fewer) were used.
    mutating func correct(by tokens: Int) {
        if let tokenInterval { nextTokens += tokenInterval * Double(tokens) }
    }

    private func base(_ next: Duration, _ now: Duration, _ arrival: Duration) -> Duration {
        arrival <= next ? max(next, now - RatePace.greatestLateness) : now
    }
}
