internal import Foundation

/// How long a server asks to wait before the next attempt.
enum RetryAfter {
    /// Reads the headers `Retry-After` (seconds, whole or not, or an HTTP date) and `Retry-After-Ms` (milliseconds).
    /// - Parameter serverDate: The header `Date`: dates are taken relative to the server's own clock where it tells it.
    /// - Returns: nil when neither header says anything; never less than zero.
    static func parse(seconds: String?, milliseconds: String?, serverDate: String?) -> Duration? {
        if let milliseconds, let value = number(milliseconds) { return .milliseconds(value) }
        guard let seconds else { return nil }
        if let value = number(seconds) { return .seconds(value) }
        guard let date = self.date(seconds) else { return nil }
        let now = serverDate.flatMap { self.date($0) } ?? Date()
        return .seconds(max(0, date.timeIntervalSince(now)))
    }

    private static func number(_ text: String) -> Double? {
        guard let value = Double(text.trimmingCharacters(in: .whitespaces)), value.isFinite else { return nil }
        // Bounded so that it fits a Duration; nobody waits for a decade.
        return min(max(0, value), 315_360_000)
    }

    /// The three forms that RFC 9110 (5.6.7) allows, of which servers send the first.
    private static func date(_ text: String) -> Date? {
        let text = text.trimmingCharacters(in: .whitespaces)
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        for format in ["EEE, dd MMM yyyy HH:mm:ss zzz", "EEEE, dd-MMM-yy HH:mm:ss zzz", "EEE MMM d HH:mm:ss yyyy"] {
            formatter.dateFormat = format
            if let result = formatter.date(from: text) { return result }
        }
        return nil
    }
}
