internal import Foundation

/// What is known of the terminal that standard error may be.
struct Terminal: Sendable {
    /// Whether lines can be drawn over: it is a terminal, and not a dumb one.
    var isInteractive: Bool
    /// Whether colours are welcome (https://no-color.org).
    var usesColour: Bool

    /// Standard error, as this process was started with it.
    static var standardError: Terminal {
        let environment = ProcessInfo.processInfo.environment
        let isInteractive = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
        return Terminal(
            isInteractive: isInteractive, usesColour: isInteractive && (environment["NO_COLOR"] ?? "").isEmpty)
    }

    /// The width in characters now; people change it while a program runs.
    var width: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
