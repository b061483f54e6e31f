internal import ISRFCore

/// Measures how fast a part of a run goes, and words it for the user.
struct RunMeter {
    private struct Mark {
        var time: ContinuousClock.Instant
        var completed: Int
        var calls: Int
    }

    private let unit: String
    private let total: Int
    private let reasoner: LanguageModelReasoner
    private let start = ContinuousClock.now
    private var completed = 0
    private var lastReport: ContinuousClock.Instant
    /// About the last half minute: what came from a store at first says nothing about the calls that follow.
    private var marks: [Mark]

    init(unit: String, total: Int, reasoner: LanguageModelReasoner) {
        self.unit = unit
        self.total = total
        self.reasoner = reasoner
        lastReport = start
        marks = [Mark(time: start, completed: 0, calls: reasoner.session.totals.calls)]
    }

    /// Counts one more; a report when it is time for one.
    mutating func finished() -> ProgressReport? {
        completed += 1
        let now = ContinuousClock.now
        guard now - lastReport > .milliseconds(500) else { return nil }
        lastReport = now
        if let last = marks.last, now - last.time > .seconds(3) {
            marks.append(Mark(time: now, completed: completed, calls: reasoner.session.totals.calls))
            if marks.count > 10 { marks.removeFirst() }
        }
        return report()
    }

    /// How far the part has come.
    func report() -> ProgressReport {
        let totals = reasoner.session.totals
        var parts: [String] = []
        var secondsLeft: Double?
        if let mark = marks.first {
            let seconds = (ContinuousClock.now - mark.time) / .seconds(1)
            if seconds > 0 {
                parts.append("\(decimal(Double(totals.calls - mark.calls) / seconds, digits: 1)) calls/s")
                let rate = Double(completed - mark.completed) / seconds
                if rate > 0, completed < total { secondsLeft = Double(total - completed) / rate }
            }
        }
        parts.append("\(totals.promptTokens) tokens in, \(totals.completionTokens) out")
        if totals.cost > 0 { parts.append("cost \(decimal(totals.cost, digits: 4))") }
        return ProgressReport(
            activity: "Reasoning about \(unit)", completed: completed, total: total, unit: unit,
            detail: parts.joined(separator: ", "), secondsLeft: secondsLeft)
    }
}
