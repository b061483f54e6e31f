internal import Foundation
internal import ISRFCore

/// The lines of a file, compressed or not, with their numbers; never more than one line and one piece in memory.
final class LineReader {
    let path: String
    let limits: ReadingLimits
    private let source: ByteSource
    private var piece: [UInt8] = []
    private var position = 0
    private var number = 0
    private var isAtStart = true
    private var isAtEnd = false
    // Lines that were read ahead, the next one last.
    private var returned: [Line] = []

    /// Opens a file.
    /// - Throws: `ISRFError` (`fileAccess`) when it cannot be opened.
    init(path: String, limits: ReadingLimits = ReadingLimits()) throws {
        self.path = path
        self.limits = limits
        source = try ByteSource(path: path, limits: limits)
    }

    /// The next line, or nil at the end. A byte-order mark and the end of the line are left out.
    func next() throws -> Line? {
        if let line = returned.popLast() { return line }
        var line = Line(number: number + 1, bytes: [], ending: .endOfFile)
        while try fill() {
            let end = piece.withUnsafeBytes { bytes -> Int? in
                guard let start = bytes.baseAddress,
                    let found = memchr(start + position, Int32(UInt8.lineFeed), bytes.count - position)
                else { return nil }
                return start.distance(to: UnsafeRawPointer(found))
            }
            append(piece[position..<(end ?? piece.count)], to: &line)
            position = end.map { $0 + 1 } ?? piece.count
            if end != nil {
                line.ending = .lineFeed
                break
            }
        }
        guard line.ending == .lineFeed || !line.bytes.isEmpty else { return nil }
        if line.bytes.last == .carriageReturn, !line.isTooLong {
            line.bytes.removeLast()
            if line.ending == .lineFeed { line.ending = .carriageReturnLineFeed }
        }
        number += 1
        return line
    }

    /// The next line that is not blank, or nil at the end, without going past it.
    func peek() throws -> Line? {
        while let line = try next() {
            guard line.isBlank, !line.isTooLong else {
                returned.append(line)
                return line
            }
        }
        return nil
    }

    /// Gives lines back, to be read again in their order.
    func putBack(_ lines: some BidirectionalCollection<Line>) {
        returned.append(contentsOf: lines.reversed())
    }

    private func append(_ bytes: ArraySlice<UInt8>, to line: inout Line) {
        guard !line.isTooLong else { return }
        if line.bytes.count + bytes.count > limits.lineLength {
            line.isTooLong = true
            line.bytes = Array(line.bytes.prefix(1024))
            if line.bytes.isEmpty { line.bytes = Array(bytes.prefix(1024)) }
        } else {
            line.bytes.append(contentsOf: bytes)
        }
    }

    /// Makes sure that there are bytes to read; false at the end.
    private func fill() throws -> Bool {
        guard position == piece.count, !isAtEnd else { return position < piece.count }
        do {
            piece = try source.read()
        } catch var error as ISRFError {
            error.location?.line = number + 1
            throw error
        }
        position = 0
        if isAtStart {
            isAtStart = false
            if piece.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        }
        isAtEnd = piece.isEmpty
        return position < piece.count ? true : try !isAtEnd && fill()
    }
}
