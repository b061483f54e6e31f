/// Tells answers from echoes: placeholders, the question's own instructions, and long runs copied from its messages.
struct EchoDetection {
    /// Shorter texts may repeat the question by chance: a title, a list of categories.
    static let shortestRun = 12
    /// The share of an answer's words, copied in one run, that makes it an echo.
    static let greatestShare = 0.8

    /// What the model was asked; its own earlier answers do not count.
    private let asked: [Words]

    init(messages: [LanguageModelRequest.Message]) {
        asked = messages.filter { $0.role != .assistant }.map { Words($0.text) }
    }

    /// What is wrong with a text that is not an answer of the model's own.
    func problem(with text: String, in field: StructuredQuestion.Field) -> String? {
        let words = Words(text)
        if isPlaceholder(words, of: field) { return "The property \"\(field.name)\" says nothing." }
        if words.bytes == Words(field.description).bytes {
            return "The property \"\(field.name)\" repeats what was asked for."
        }
        if isCopied(words) {
            return "The property \"\(field.name)\" copies the question; say it in words of your own."
        }
        return nil
    }

    private func isPlaceholder(_ words: Words, of field: StructuredQuestion.Field) -> Bool {
        guard words.starts.count <= 8 else { return false }
        let name = field.name
        let placeholders = [
            "", "…", "string", "text", "null", "n/a", "todo", name, "your \(name)", "your \(name) here", "your answer",
            "your answer here", "insert \(name) here",
        ]
        return placeholders.contains { Words($0).bytes == words.bytes }
    }

    private func isCopied(_ words: Words) -> Bool {
        let count = words.starts.count
        guard count >= EchoDetection.shortestRun else { return false }
        let length = Int((Double(count) * EchoDetection.greatestShare).rounded(.up))
        let greatestStart = count - length
        // Every run of that length has these words in its middle: one search rules most texts out.
        let core = words.run(greatestStart..<length)
        return asked.contains { asked in
            asked.contains(core)
                && (0...greatestStart).contains { asked.contains(words.run($0..<$0 + length)) }
        }
    }
}

/// Words without punctuation, in lower case as far as ASCII goes, with one space before and after each.
private struct Words {
    private(set) var bytes: [UInt8] = [0x20]
    /// Where words begin in `bytes`.
    private(set) var starts: [Int] = []

    init(_ text: String) {
        bytes.reserveCapacity(text.utf8.count + 2)
        var isInWord = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
                if !isInWord { starts.append(bytes.count) }
                bytes.append(byte)
                isInWord = true
            case UInt8(ascii: "A")...UInt8(ascii: "Z"):
                if !isInWord { starts.append(bytes.count) }
                bytes.append(byte | 0x20)
                isInWord = true
            default:
                if isInWord { bytes.append(0x20) }
                isInWord = false
            }
        }
        if isInWord { bytes.append(0x20) }
    }

    /// Some words in a row, with the spaces before and after them.
    func run(_ range: Range<Int>) -> ArraySlice<UInt8> {
        let end = range.upperBound < starts.count ? starts[range.upperBound] : bytes.count
        return bytes[starts[range.lowerBound] - 1..<end]
    }

    func contains(_ run: ArraySlice<UInt8>) -> Bool {
        guard !run.isEmpty, run.count <= bytes.count else { return false }
        return bytes.withUnsafeBufferPointer { text in
            run.withUnsafeBufferPointer { run in
                (0...(text.count - run.count)).contains { start in
                    var length = 0
                    while length < run.count, text[start + length] == run[length] { length += 1 }
                    return length == run.count
                }
            }
        }
    }
}
