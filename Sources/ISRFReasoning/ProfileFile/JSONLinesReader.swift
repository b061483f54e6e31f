internal import Foundation
internal import ISRFCore

/// The lines of a text file with their numbers; never more than one line and one piece in memory.
struct JSONLinesReader {
    /// A line without what ends it.
    struct Line {
        /// Counted from 1.
        var number: Int
        var bytes: Data
    }

    private static let pieceSize = 1 << 18
    private static let longestLine = 1 << 24

    let path: String
    private let handle: FileHandle
    private var rest = Data()
    private var number = 0
    private var isAtEnd = false

    /// Opens a file.
    /// - Throws: `ISRFError` (`fileAccess`) when it cannot be read.
    init(path: String) throws {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue,
            let handle = FileHandle(forReadingAtPath: path)
        else {
            throw ISRFError(
                .fileAccess, "The file cannot be read. Is it there, and is it a file?", at: .init(file: path))
        }
        self.path = path
        self.handle = handle
    }

    /// The next line that is not blank, or nil at the end.
    /// - Throws: `ISRFError` with the line: `fileAccess` when it cannot be read, `invalidData` when it is no text.
    mutating func next() throws -> Line? {
        while let bytes = try nextBytes() {
            number += 1
            var bytes = bytes
            if number == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
            if bytes.last == UInt8(ascii: "\r") { bytes = bytes.dropLast() }
            guard !bytes.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) else { continue }
            guard String(validating: bytes, as: UTF8.self) != nil else {
                throw error("The line is not valid UTF-8. Save the file as UTF-8.")
            }
            return Line(number: number, bytes: Data(bytes))
        }
        return nil
    }

    private mutating func nextBytes() throws -> Data? {
        var searched = rest.startIndex
        while true {
            if let end = rest[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = rest[rest.startIndex..<end]
                rest = rest[(end + 1)...]
                return line
            }
            guard rest.count <= JSONLinesReader.longestLine else {
                number += 1
                throw error("The line is longer than \(JSONLinesReader.longestLine) bytes. Lines end with a line feed.")
            }
            guard !isAtEnd else {
                defer { rest = Data() }
                return rest.isEmpty ? nil : rest
            }
            let length = rest.count
            rest = Data(rest)
            do {
                let piece = try handle.read(upToCount: JSONLinesReader.pieceSize) ?? Data()
                isAtEnd = piece.isEmpty
                rest.append(piece)
            } catch {
                throw ISRFError(.fileAccess, "The file cannot be read.", at: .init(file: path), underlying: error)
            }
            searched = length
        }
    }

    private func error(_ message: String) -> ISRFError {
        ISRFError(.invalidData, message, at: .init(file: path, line: number))
    }
}
