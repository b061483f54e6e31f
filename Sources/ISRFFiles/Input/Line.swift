/// One line of a file, without what ends it.
struct Line {
    /// What ends a line.
    enum Ending { case lineFeed, carriageReturnLineFeed, endOfFile }

    /// Counted from 1.
    var number: Int
    var bytes: [UInt8]
    var ending = Ending.lineFeed
    /// Whether the line is longer than the limit; `bytes` are then only its beginning.
    var isTooLong = false

    /// Whether there is nothing but spaces and tabs.
    var isBlank: Bool { bytes.allSatisfy { $0 == .space || $0 == .tab } }

    /// The line as text.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Makes sure that the line is text.
    func check(limits: ReadingLimits) throws(RecordFault) {
        if isTooLong {
            throw RecordFault(
                "The line is longer than \(limits.lineLength) bytes. Check that lines end with a line feed.",
                line: number)
        }
        var union: UInt8 = 0
        var hasZero = false
        for byte in bytes {
            union |= byte
            hasZero = hasZero || byte == 0
        }
        if hasZero {
            throw RecordFault(
                "The line has a NUL byte: the file is damaged or is not text. Make it again, as UTF-8 text.",
                line: number)
        }
        if union >= 0x80, !isValidText {
            throw RecordFault("The line is not valid UTF-8. Save the file as UTF-8.", line: number)
        }
    }

    /// Whether the bytes are UTF-8.
    var isValidText: Bool { String(validating: bytes, as: UTF8.self) != nil }

    /// The same line with its bytes taken as ISO 8859-1 if they are not UTF-8.
    var readAsLatin: Line {
        guard !isTooLong, !isValidText else { return self }
        var line = self
        line.bytes = bytes.flatMap { Array(String(Unicode.Scalar($0)).utf8) }
        return line
    }
}

extension UInt8 {
    static let space = UInt8(ascii: " ")
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let comma = UInt8(ascii: ",")
    static let quote = UInt8(ascii: "\"")
    static let colon = UInt8(ascii: ":")
}
