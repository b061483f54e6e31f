/// Reads JSON objects the way models write them: with line breaks inside texts, with a comma too many, and with anything
/// around them.
///
/// Time and depth are bounded whatever the text is.
struct JSONObjectReader {
    /// A value; only texts and objects are kept.
    enum Value: Hashable {
        case text(String)
        case object([String: Value])
        case other
    }

    private static let greatestDepth = 16

    private let bytes: ArraySlice<UInt8>
    private var position: Int
    private var stepsLeft: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
        stepsLeft = 8 * bytes.count + 1024
    }

    /// The object that the whole text is, but for spaces around it.
    static func wholeObject(_ bytes: ArraySlice<UInt8>) -> [String: Value]? {
        var reader = JSONObjectReader(bytes)
        reader.skipSpaces()
        guard let object = reader.object(depth: 0) else { return nil }
        reader.skipSpaces()
        return reader.position == bytes.endIndex ? object : nil
    }

    /// All complete objects in a text that do not lie inside of others, in their order.
    static func objects(in bytes: ArraySlice<UInt8>) -> [[String: Value]] {
        var reader = JSONObjectReader(bytes)
        var found: [[String: Value]] = []
        while let start = bytes[reader.position...].firstIndex(of: UInt8(ascii: "{")), reader.stepsLeft > 0 {
            reader.position = start
            if let object = reader.object(depth: 0) {
                found.append(object)
            } else {
                reader.position = start + 1
            }
        }
        return found
    }

    // MARK: - Grammar

    private mutating func object(depth: Int) -> [String: Value]? {
        guard depth < JSONObjectReader.greatestDepth, take("{") else { return nil }
        var object: [String: Value] = [:]
        while true {
            skipSpaces()
            if take("}") { return object }
            guard let name = string() else { return nil }
            skipSpaces()
            guard take(":"), let value = value(depth: depth) else { return nil }
            object[name] = value
            skipSpaces()
            guard take(",") || next == UInt8(ascii: "}") else { return nil }
        }
    }

    private mutating func value(depth: Int) -> Value? {
        skipSpaces()
        switch next {
        case UInt8(ascii: "\""): return string().map(Value.text)
        case UInt8(ascii: "{"): return object(depth: depth + 1).map(Value.object)
        case UInt8(ascii: "["): return list(depth: depth + 1) ? .other : nil
        default: return word() ? .other : nil
        }
    }

    private mutating func list(depth: Int) -> Bool {
        guard depth < JSONObjectReader.greatestDepth, take("[") else { return false }
        while true {
            skipSpaces()
            if take("]") { return true }
            guard value(depth: depth) != nil else { return false }
            skipSpaces()
            guard take(",") || next == UInt8(ascii: "]") else { return false }
        }
    }

    /// A number, true, false or null: what exactly makes no difference here.
    private mutating func word() -> Bool {
        let start = position
        while let byte = next, isWordByte(byte), step() { position += 1 }
        return position > start
    }

    private func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private mutating func string() -> String? {
        guard take("\"") else { return nil }
        var content: [UInt8] = []
        while let byte = next, step() {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: content, as: UTF8.self)
            case UInt8(ascii: "\\"): guard escape(into: &content) else { return nil }
            default: content.append(byte)
            }
        }
        return nil
    }

    private mutating func escape(into content: inout [UInt8]) -> Bool {
        guard let byte = next, step() else { return false }
        position += 1
        switch byte {
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "b"), UInt8(ascii: "f"): content.append(0x20)
        case UInt8(ascii: "u"):
            guard let unit = hexadecimal() else { return false }
            content.append(contentsOf: String(scalar(startingWith: unit)).utf8)
        // Quotes, slashes, and what needs no escape but got one.
        default: content.append(byte)
        }
        return true
    }

    /// The character that one UTF-16 unit stands for, with the second half of a pair when that follows.
    private mutating func scalar(startingWith unit: UInt32) -> Unicode.Scalar {
        if let scalar = Unicode.Scalar(unit) { return scalar }
        let start = position
        if unit < 0xDC00, take("\\"), take("u"), let second = hexadecimal(), 0xDC00..<0xE000 ~= second,
            let scalar = Unicode.Scalar(0x10000 + ((unit - 0xD800) << 10) + (second - 0xDC00))
        {
            return scalar
        }
        position = start
        return "\u{FFFD}"
    }

    private mutating func hexadecimal() -> UInt32? {
        guard position + 4 <= bytes.endIndex else { return nil }
        var unit: UInt32 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            unit = unit << 4 | UInt32(digit)
        }
        position += 4
        return unit
    }

    // MARK: - Bytes

    private var next: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

    private mutating func step() -> Bool {
        stepsLeft -= 1
        return stepsLeft > 0
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character), step() else { return false }
        position += 1
        return true
    }

    private mutating func skipSpaces() {
        while let byte = next, byte == 0x20 || (0x09...0x0D).contains(byte), step() { position += 1 }
    }
}
