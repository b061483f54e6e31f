internal import ISRFKit

/// Numbers in words for people.
enum Wording {
    /// A count with commas between groups of three digits, as in 12,101.
    static func count(_ value: Int) -> String {
        var digits = Array(String(value.magnitude))
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: place)
            place -= 3
        }
        return (value < 0 ? "-" : "") + String(digits)
    }

    /// A count and what is counted, as in "1 item" or "12 items".
    static func count(_ value: Int, _ singular: String, plural: String? = nil) -> String {
        "\(count(value)) \(value == 1 ? singular : plural ?? singular + "s")"
    }

    /// A time as in "3.2 s", "41 s", "3 min 05 s" or "1 h 02 min".
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e9 else { return "?" }
        if seconds < 9.95 { return "\(decimal(max(0, seconds), digits: 1)) s" }
        let whole = Int(seconds.rounded())
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
        return "\(whole / 3600) h \(twoDigits(whole % 3600 / 60)) min"
    }

    /// A size as in "12 kB", "3.4 MB" or "1.2 GB".
    static func bytes(_ count: Int) -> String {
        let value = Double(count)
        if value < 1e3 { return "\(count) B" }
        if value < 1e6 { return "\(decimal(value / 1e3, digits: 0)) kB" }
        if value < 1e9 { return "\(decimal(value / 1e6, digits: 1)) MB" }
        return "\(decimal(value / 1e9, digits: 2)) GB"
    }

    private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
