internal import Foundation
internal import ISRFCore

/// Writes lines to a file that takes its name only when it is complete.
final class LineWriter {
    private let path: String
    private let partial: String
    private let file: FileHandle
    private var buffer = Data()
    private(set) var bytes = 0
    private(set) var lines = 0
    private var isFinished = false

    /// - Throws: `ISRFError` (`fileAccess`).
    init(path: String) throws {
        self.path = path
        partial = path + ".partial-\(ProcessInfo.processInfo.processIdentifier)"
        guard FileManager.default.createFile(atPath: partial, contents: nil),
            let file = FileHandle(forWritingAtPath: partial)
        else {
            throw ISRFError(
                .fileAccess, "The file cannot be written. Check that its folder exists and may be written to.",
                at: .init(file: path))
        }
        self.file = file
    }

    deinit {
        if !isFinished {
            try? file.close()
            try? FileManager.default.removeItem(atPath: partial)
        }
    }

    func write(_ line: some DataProtocol) throws {
        buffer.append(contentsOf: line)
        buffer.append(0x0A)
        bytes += line.count + 1
        lines += 1
        if buffer.count > 1 << 18 { try flush() }
    }

    /// Gives the file its name, in place of one that had it.
    func finish() throws {
        try flush()
        do {
            try file.synchronize()
            try file.close()
            guard rename(partial, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
        } catch {
            throw ISRFError(.fileAccess, "The file cannot be written.", at: .init(file: path), underlying: error)
        }
        isFinished = true
    }

    private func flush() throws {
        do {
            try file.write(contentsOf: buffer)
            buffer.removeAll(keepingCapacity: true)
        } catch {
            throw ISRFError(.fileAccess, "The file cannot be written.", at: .init(file: path), underlying: error)
        }
    }
}
