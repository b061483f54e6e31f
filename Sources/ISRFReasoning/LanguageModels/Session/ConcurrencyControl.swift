/// How many calls may be under way at once: halved when the server cannot keep up, one more when it can.
///
/// A few failures among many calls are a bad day of single machines, not a sign of too many calls; a tenth of them is.
struct ConcurrencyControl: Sendable {
    /// What a call's end says about the number of calls.
    enum Verdict: Sendable, Hashable {
        case unchanged
        /// One more is allowed.
        case more
        /// Half as many are allowed, at least one.
        case fewer
    }

    private static let smallestWindow = 10
    private static let failuresToNotice = 3
    private static let greatestCaution = 64

    /// The most that are ever allowed.
    let maximum: Int
    /// How many are allowed now.
    private(set) var limit: Int
    /// Counts the halvings: what happens to calls that began before the last one says nothing about the number since.
    private(set) var era = 0

    private var ended = 0
    private var failed = 0
    // The number that was too many last time is tried again after more good windows each time.
    private var tooMany = Int.max
    private var caution = 1
    private var goodWindows = 0

    init(maximum: Int) {
        self.maximum = max(1, maximum)
        limit = self.maximum
    }

    /// Takes note that a call has ended.
    /// - Parameters:
    ///   - isOverload: Whether it failed because of too much work.
    ///   - era: The `era` when it began.
    mutating func callEnded(isOverload: Bool, era: Int) -> Verdict {
        guard era == self.era else { return .unchanged }
        ended += 1
        if isOverload { failed += 1 }
        let window = max(limit, ConcurrencyControl.smallestWindow)
        if failed >= max(ConcurrencyControl.failuresToNotice, (window + 9) / 10) { return halve() }
        guard ended >= window else { return .unchanged }
        let isGood = failed * 20 < ended
        (ended, failed) = (0, 0)
        return isGood ? windowWentWell() : .unchanged
    }

    private mutating func halve() -> Verdict {
        if tooMany != Int.max { caution = min(caution * 2, ConcurrencyControl.greatestCaution) }
        tooMany = limit
        limit = max(1, limit / 2)
        era += 1
        (ended, failed, goodWindows) = (0, 0, 0)
        return .fewer
    }

    private mutating func windowWentWell() -> Verdict {
        guard limit < maximum else { return .unchanged }
        goodWindows += 1
        guard goodWindows >= (limit + 1 >= tooMany ? caution : 1) else { return .unchanged }
        goodWindows = 0
        limit += 1
        if limit > tooMany { (tooMany, caution) = (Int.max, 1) }
        return .more
    }
}
