internal import Foundation
internal import Synchronization

/// Where everything but results goes: whole lines, and below them one line of progress that is drawn again and again.
final class StandardError: Sendable {
    static let shared = StandardError()

    private let progress = Mutex("")

    /// Writes a text as lines of its own, above the progress.
    func write(_ text: String) {
        progress.withLock { line in
            put(erasing(line) + text + "\n" + line)
        }
    }

    /// Draws the line of progress in place of the one before; its width counts visible characters only.
    func draw(_ text: String) {
        progress.withLock { line in
            put(erasing(line) + text)
            line = text
        }
    }

    /// Takes the line of progress away.
    func clear() { draw("") }

    private func erasing(_ line: String) -> String {
        guard !line.isEmpty else { return "" }
        return "\r" + String(repeating: " ", count: ProgressLine.visibleWidth(of: line)) + "\r"
    }

    private func put(_ text: String) {
        guard !text.isEmpty else { return }
        // Nobody can be told that standard error is gone.
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
