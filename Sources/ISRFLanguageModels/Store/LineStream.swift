internal import Foundation
internal import ISRFCore

/// Reads a file line by line, however large it is.
struct LineStream: ~Copyable {
    /// One line.
    enum Line {
        case text(Data)
        case tooLong
    }

    static let maximumBytes = 16 << 20
    private static let chunk = 1 << 18

    private let path: String
    private let file: FileHandle
    private var buffer = Data()
    private var start = 0
    private var isAtEnd = false
    /// The number of the line that was read last, counted from 1.
    private(set) var number = 0

    /// - Throws: `ISRFError` (`fileAccess`).
    init(path: String) throws {
        self.path = path
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw ISRFError(.fileAccess, "The file cannot be read.", at: .init(file: path))
        }
        self.file = file
    }

    deinit { try? file.close() }

    /// The next line that is not blank, or nil at the end.
    /// - Throws: `ISRFError` (`fileAccess`).
    mutating func next() throws -> Line? {
        var isTooLong = false
        var searched = 0
        while true {
            if let end = buffer[(buffer.startIndex + start + searched)...].firstIndex(of: 0x0A) {
                let line = buffer[(buffer.startIndex + start)..<end]
                start = end + 1 - buffer.startIndex
                number += 1
                if isTooLong { return .tooLong }
                if !Self.isBlank(line) { return .text(Data(line)) }
                searched = 0
                continue
            }
            searched = buffer.count - start
            if isAtEnd {
                guard searched > 0 || isTooLong else { return nil }
                let line = Data(buffer[(buffer.startIndex + start)...])
                start = buffer.count
                number += 1
                if isTooLong { return .tooLong }
                return Self.isBlank(line) ? nil : .text(line)
            }
            if searched > Self.maximumBytes {
                isTooLong = true
                start = buffer.count
                searched = 0
            }
            try fill()
        }
    }

    private mutating func fill() throws {
        do {
            let more = try file.read(upToCount: Self.chunk) ?? Data()
            isAtEnd = more.isEmpty
            if start > 0 {
                buffer = Data(buffer[(buffer.startIndex + start)...])
                start = 0
            }
            buffer.append(more)
        } catch {
            throw ISRFError(.fileAccess, "The file cannot be read.", at: .init(file: path), underlying: error)
        }
    }

    private static func isBlank(_ line: Data) -> Bool {
        line.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
    }
}
