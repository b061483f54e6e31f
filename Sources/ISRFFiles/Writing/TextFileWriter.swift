internal import Foundation
internal import ISRFCore

/// Writes a text file line by line; it appears under its name only when it is complete.
struct TextFileWriter {
    private static let bufferSize = 1 << 18

    private let path: String
    private let partialPath: String
    private let handle: FileHandle
    private var buffer: [UInt8] = []

    /// Writes the lines that `body` gives.
    /// - Throws: `ISRFError` (`fileAccess`) when the file cannot be written; what `body` throws. Either way no file is
    ///   left behind and one that was there before stays as it was.
    static func write(to path: String, _ body: (inout TextFileWriter) throws -> Void) throws {
        var writer = try TextFileWriter(path: path)
        do {
            try body(&writer)
            try writer.finish()
        } catch {
            try? writer.handle.close()
            try? FileManager.default.removeItem(atPath: writer.partialPath)
            throw error
        }
    }

    private init(path: String) throws {
        self.path = path
        partialPath = "\(path).\(UUID().uuidString).partial"
        guard FileManager.default.createFile(atPath: partialPath, contents: nil),
            let handle = FileHandle(forWritingAtPath: partialPath)
        else {
            throw ISRFError(
                .fileAccess, "The file cannot be created. Check that its directory exists and can be written to.",
                at: .init(file: path))
        }
        self.handle = handle
    }

    /// Writes one line and the line feed that ends it.
    mutating func writeLine(_ line: some Sequence<UInt8>) throws {
        buffer.append(contentsOf: line)
        buffer.append(.lineFeed)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    private mutating func flush() throws {
        if Task.isCancelled { throw CancellationError() }
        try access { try handle.write(contentsOf: Data(buffer)) }
        buffer.removeAll(keepingCapacity: true)
    }

    private mutating func finish() throws {
        try flush()
        try access {
            try handle.close()
            guard rename(partialPath, path) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        }
    }

    private func access(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch {
            throw ISRFError(.fileAccess, "The file cannot be written.", at: .init(file: path), underlying: error)
        }
    }
}
