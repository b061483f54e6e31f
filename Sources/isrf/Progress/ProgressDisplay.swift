internal import Foundation
internal import ISRFKit
internal import Synchronization

/// Shows progress on standard error: a bar with rate and time left on a terminal, plain lines otherwise.
///
/// Every activity leaves one line when it ends. While it runs the bar is drawn a few times a second; without a
/// terminal a line is added every ten seconds.
final class ProgressDisplay: Sendable {
    private struct Activity {
        var report: ProgressReport
        var start: ContinuousClock.Instant
        var firstCompleted: Int
        var shown: ContinuousClock.Instant
        var isEnded = false
    }

    private let terminal: Terminal
    private let interval: Duration
    private let write: @Sendable (String) -> Void
    private let draw: @Sendable (String) -> Void
    private let activity = Mutex<Activity?>(nil)
    private let queue = DispatchQueue(label: "isrf.progress")

    /// Shows progress on standard error.
    convenience init() {
        self.init(
            terminal: .standardError, write: { StandardError.shared.write($0) },
            draw: { StandardError.shared.draw($0) })
        scheduleTick()
    }

    /// Shows progress somewhere else.
    /// - Parameters:
    ///   - interval: The time between plain lines of one activity; by default ten seconds.
    ///   - write: Takes a line that stays.
    ///   - draw: Takes the line that is drawn in place of the one before.
    init(
        terminal: Terminal, interval: Duration? = nil, write: @escaping @Sendable (String) -> Void,
        draw: @escaping @Sendable (String) -> Void
    ) {
        self.terminal = terminal
        self.interval = interval ?? (terminal.isInteractive ? .milliseconds(100) : .seconds(10))
        self.write = write
        self.draw = draw
    }

    /// What the library reports to.
    var handler: ProgressHandler { { [self] report in receive(report) } }

    /// Shows work that cannot tell how far it is.
    func during<Result>(_ activity: String, _ unit: String = "steps", _ body: () throws -> Result) rethrows -> Result {
        receive(ProgressReport(activity: activity, completed: 0, total: 1, unit: unit))
        let result = try body()
        receive(ProgressReport(activity: activity, completed: 1, total: 1, unit: unit))
        return result
    }

    private func receive(_ report: ProgressReport) {
        activity.withLock { current in
            let now = ContinuousClock.now
            if let before = current, !before.isEnded, before.report.activity != report.activity { end(before, now) }
            if current == nil || current?.report.activity != report.activity
                || (current?.isEnded == true && report.completed < report.total)
            {
                current = Activity(report: report, start: now, firstCompleted: report.completed, shown: now)
            }
            guard var updated = current, !updated.isEnded else { return }
            if report.completed >= updated.report.completed { updated.report = report }
            if updated.report.completed >= updated.report.total {
                updated.isEnded = true
                end(updated, now)
            } else {
                show(&updated, now)
            }
            current = updated
        }
    }

    /// Shows that work goes on even when nothing is reported.
    private func scheduleTick() {
        queue.asyncAfter(deadline: .now() + .milliseconds(500)) { [weak self] in
            guard let self else { return }
            activity.withLock { current in
                guard var running = current, !running.isEnded else { return }
                show(&running, .now)
                current = running
            }
            scheduleTick()
        }
    }

    private func show(_ activity: inout Activity, _ now: ContinuousClock.Instant) {
        guard now - activity.shown >= interval else { return }
        activity.shown = now
        let line = line(activity, now)
        if terminal.isInteractive {
            draw(line.bar(width: terminal.width - 1, usesColour: terminal.usesColour))
        } else {
            write(line.plain)
        }
    }

    private func end(_ activity: Activity, _ now: ContinuousClock.Instant) {
        if terminal.isInteractive { draw("") }
        write(line(activity, now).finished)
    }

    private func line(_ activity: Activity, _ now: ContinuousClock.Instant) -> ProgressLine {
        let elapsed = Double((now - activity.start) / .seconds(1))
        let done = activity.report.completed - activity.firstCompleted
        return ProgressLine(
            report: activity.report, elapsed: elapsed, rate: done > 0 && elapsed > 0 ? Double(done) / elapsed : nil)
    }
}
