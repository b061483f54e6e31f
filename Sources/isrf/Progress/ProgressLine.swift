internal import ISRFKit

/// How far an activity has come, as a line of text.
struct ProgressLine: Sendable {
    var report: ProgressReport
    /// Seconds since the activity began.
    var elapsed: Double
    /// Units a second; nil when it cannot be told yet.
    var rate: Double?

    private var share: Double {
        report.total > 0 ? min(1, max(0, Double(report.completed) / Double(report.total))) : 1
    }

    private var percentage: String {
        let text = "\(Int((share * 100).rounded(.down)))%"
        return String(repeating: " ", count: max(0, 4 - text.count)) + text
    }

    private var secondsLeft: Double? {
        if let known = report.secondsLeft { return known }
        guard let rate, rate > 0, report.completed < report.total else { return nil }
        return Double(report.total - report.completed) / rate
    }

    private var rateText: String? {
        guard let rate, rate > 0 else { return nil }
        let number = rate < 10 ? decimal(rate, digits: 1) : Wording.count(Int(min(rate, 1e12).rounded()))
        return "\(number) \(report.unit)/s"
    }

    /// The line when the activity has ended.
    var finished: String {
        let done =
            report.completed >= report.total
            ? Wording.count(report.completed) : "\(Wording.count(report.completed)) of \(Wording.count(report.total))"
        return "\(report.activity): \(done) \(report.unit) in \(Wording.duration(elapsed))\(detail)"
    }

    /// The line where nothing can be drawn over.
    var plain: String {
        let parts = [rateText, secondsLeft.map { Wording.duration($0) + " left" }].compactMap { $0 }
        let rest = parts.isEmpty ? ", \(Wording.duration(elapsed)) so far" : ", " + parts.joined(separator: ", ")
        return "\(report.activity): \(Wording.count(report.completed)) of \(Wording.count(report.total)) "
            + "\(report.unit) (\(Int((share * 100).rounded(.down)))%)\(rest)\(detail)"
    }

    private var detail: String { report.detail.map { ", \($0)" } ?? "" }

    /// The line with a bar, at most `width` characters wide; what matters least is left out first.
    func bar(width: Int, usesColour: Bool) -> String {
        let parts = [
            secondsLeft.map { Wording.duration($0) + " left" } ?? Wording.duration(elapsed),
            "\(Wording.count(report.completed))/\(Wording.count(report.total))", rateText, report.detail,
        ].compactMap { $0 }
        let smallestBar = 10
        var length = report.activity.count + 2 + percentage.count
        guard length <= width else {
            let room = width - percentage.count - 1
            guard room >= 4 else { return String(percentage.suffix(max(0, width))) }
            return "\(report.activity.prefix(room - 1))\u{2026} \(percentage)"
        }
        var kept: [String] = []
        for (place, part) in parts.enumerated() {
            let barRoom = place == 0 ? 0 : smallestBar + 1
            guard length + 2 + part.count + barRoom <= width else { break }
            kept.append(part)
            length += 2 + part.count
        }
        let room = min(30, width - length - 1)
        let drawn = room >= smallestBar ? ProgressLine.drawn(share, room, usesColour) + " " : ""
        return ([report.activity, drawn + percentage] + kept).joined(separator: "  ")
    }

    private static func drawn(_ share: Double, _ width: Int, _ usesColour: Bool) -> String {
        let full = Int((share * Double(width)).rounded(.down))
        let (done, open) = (
            String(repeating: "\u{2501}", count: full), String(repeating: "\u{2500}", count: width - full)
        )
        return usesColour ? "\u{1B}[36m\(done)\u{1B}[90m\(open)\u{1B}[0m" : done + open
    }

    /// How many characters of a line can be seen: all but colours.
    static func visibleWidth(of line: String) -> Int {
        var width = 0
        var isEscape = false
        for character in line {
            if character == "\u{1B}" {
                isEscape = true
            } else if isEscape {
                if character.isLetter { isEscape = false }
            } else {
                width += 1
            }
        }
        return width
    }
}
