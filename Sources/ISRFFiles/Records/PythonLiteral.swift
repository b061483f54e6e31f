/// Writes the Python literals of old Amazon data as JSON: single quotes, `u'...'`, `True`, `None`, tuples.
///
/// What is structure stays as it stands, so that a malformed literal becomes malformed JSON, which the JSON decoder
/// refuses.
struct PythonLiteral {
    private let bytes: [UInt8]
    private var place = 0
    private var json: [UInt8] = []

    /// Whether a line begins as a dictionary whose first key is in single quotes.
    static func isDictionary(_ bytes: [UInt8]) -> Bool {
        var rest = bytes.lazy.filter { $0 != .space && $0 != .tab }.makeIterator()
        guard rest.next() == UInt8(ascii: "{"), let second = rest.next() else { return false }
        if second == UInt8(ascii: "u") || second == UInt8(ascii: "b") { return rest.next() == .apostrophe }
        return second == .apostrophe
    }

    /// The literal as JSON.
    static func json(from bytes: [UInt8]) throws(RecordFault) -> [UInt8] {
        var literal = PythonLiteral(bytes: bytes)
        literal.json.reserveCapacity(bytes.count + 16)
        while literal.place < bytes.count { try literal.copyToken() }
        return literal.json
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func copyToken() throws(RecordFault) {
        let byte = bytes[place]
        switch byte {
        case .apostrophe, .quote: try copyString(hasCodePoints: false)
        case UInt8(ascii: "("), UInt8(ascii: ")"):
            if byte == UInt8(ascii: ")") { dropTrailingComma() }
            json.append(byte == UInt8(ascii: "(") ? UInt8(ascii: "[") : UInt8(ascii: "]"))
            place += 1
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
            dropTrailingComma()
            json.append(byte)
            place += 1
        case _ where byte.isLetter: try copyWord()
        default:
            json.append(byte)
            place += 1
        }
    }

    /// Python allows a comma before a closing bracket; JSON does not.
    private mutating func dropTrailingComma() {
        while json.last == .space { json.removeLast() }
        if json.last == .comma { json.removeLast() }
    }

    private mutating func copyWord() throws(RecordFault) {
        let start = place
        while place < bytes.count, bytes[place].isLetter { place += 1 }
        let word = String(decoding: bytes[start..<place], as: UTF8.self)
        switch word {
        case "True": json += Array("true".utf8)
        case "False": json += Array("false".utf8)
        case "None", "nan", "inf": json += Array("null".utf8)
        case "e", "E": json.append(bytes[start])
        case "L" where json.last?.isDigit == true: break
        case "u", "b":
            guard place < bytes.count, bytes[place] == .apostrophe || bytes[place] == .quote else { fallthrough }
            try copyString(hasCodePoints: word == "u")
        default:
            throw RecordFault(
                "The line is not valid as a Python dictionary: \"\(word.shortened)\" stands at byte \(start + 1), where "
                    + "a value is expected.")
        }
    }

    /// - Parameter hasCodePoints: Whether `\xhh` is a character, as in `u'...'`. Elsewhere it may also be a byte of UTF-8.
    private mutating func copyString(hasCodePoints: Bool) throws(RecordFault) {
        let start = place
        let quote = bytes[place]
        place += 1
        var text: [UInt8] = []
        var escapedBytes: [UInt8] = []
        func flush() {
            guard !escapedBytes.isEmpty else { return }
            if !hasCodePoints, String(validating: escapedBytes, as: UTF8.self) != nil {
                text += escapedBytes
            } else {
                for byte in escapedBytes { text += Array(String(Unicode.Scalar(byte)).utf8) }
            }
            escapedBytes = []
        }
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if byte == quote {
                flush()
                appendString(text)
                return
            }
            guard byte == .backslash else {
                flush()
                text.append(byte)
                continue
            }
            switch try escape() {
            case .byte(let value): escapedBytes.append(value)
            case .text(let value):
                flush()
                text += value
            }
        }
        throw RecordFault(
            "The line is not valid as a Python dictionary: the text that begins at byte \(start + 1) has no end.")
    }

    private enum Escape { case byte(UInt8), text([UInt8]) }

    private mutating func escape() throws(RecordFault) -> Escape {
        guard place < bytes.count else { return .text([.backslash]) }
        let kind = bytes[place]
        place += 1
        switch kind {
        case UInt8(ascii: "n"): return .text([.lineFeed])
        case UInt8(ascii: "t"): return .text([.tab])
        case UInt8(ascii: "r"): return .text([.carriageReturn])
        case .backslash, .apostrophe, .quote: return .text([kind])
        case UInt8(ascii: "x"): return .byte(UInt8(try hexadecimal(2)))
        case UInt8(ascii: "u"): return .text(try character(digits: 4))
        case UInt8(ascii: "U"): return .text(try character(digits: 8))
        // As Python does: an escape that is none means itself.
        default: return .text([.backslash, kind])
        }
    }

    private mutating func character(digits: Int) throws(RecordFault) -> [UInt8] {
        var value = try hexadecimal(digits)
        if (0xD800..<0xDC00).contains(value), place + 1 < bytes.count, bytes[place] == .backslash,
            bytes[place + 1] == UInt8(ascii: "u")
        {
            place += 2
            let low = try hexadecimal(4)
            guard (0xDC00..<0xE000).contains(low) else { throw badEscape }
            value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw badEscape }
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func hexadecimal(_ digits: Int) throws(RecordFault) -> UInt32 {
        guard place + digits <= bytes.count, bytes[place..<place + digits].allSatisfy(\.isHexadecimal),
            let value = UInt32(String(decoding: bytes[place..<place + digits], as: UTF8.self), radix: 16)
        else { throw badEscape }
        place += digits
        return value
    }

    private var badEscape: RecordFault {
        RecordFault("The line is not valid as a Python dictionary: the escape before byte \(place + 1) is none.")
    }

    private mutating func appendString(_ text: [UInt8]) {
        json.append(.quote)
        for byte in text {
            switch byte {
            case .quote, .backslash: json += [.backslash, byte]
            case 0..<0x20: json += Array("\\u00".utf8) + [Self.digit(byte >> 4), Self.digit(byte & 15)]
            default: json.append(byte)
            }
        }
        json.append(.quote)
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}

extension UInt8 {
    fileprivate static let apostrophe = UInt8(ascii: "'")
    fileprivate static let backslash = UInt8(ascii: "\\")
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    fileprivate var isLetter: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self)
    }
    fileprivate var isHexadecimal: Bool {
        isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
            || (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(self)
    }
}
