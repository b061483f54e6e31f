/// Finds the object that answers a question in what a model wrote.
struct AnswerExtraction {
    /// The names of the properties that the answer must have.
    let names: [String]

    /// The object that has all the texts asked for; else the one that has most of them; nil when there is no object.
    ///
    /// Where several have all of them, the last one counts: models think aloud before they answer.
    func object(in text: String) -> [String: JSONObjectReader.Value]? {
        let bytes = Array(text.utf8)
        if let object = JSONObjectReader.wholeObject(bytes[...]) { return best(of: [object]) }
        return best(of: JSONObjectReader.objects(in: withoutThoughts(bytes)))
    }

    /// Whether an object has all texts.
    func isComplete(_ object: [String: JSONObjectReader.Value]) -> Bool { matches(object) == names.count }

    private func matches(_ object: [String: JSONObjectReader.Value]) -> Int {
        names.count { if case .text = object[$0] { true } else { false } }
    }

    private func best(of objects: [[String: JSONObjectReader.Value]]) -> [String: JSONObjectReader.Value]? {
        // An answer wrapped in one more object ({"answer": {...}}) is as good.
        let inner = objects.flatMap { object in
            object.values.compactMap { if case .object(let value) = $0 { value } else { nil } }
        }
        if let complete = objects.last(where: isComplete) ?? inner.last(where: isComplete) { return complete }
        return objects.enumerated().max { (matches($0.element), $0.offset) < (matches($1.element), $1.offset) }?.element
    }

    /// The text after the last thought, or before one that does not end.
    private func withoutThoughts(_ text: [UInt8]) -> ArraySlice<UInt8> {
        var lastEnd: Int?
        var firstStart: Int?
        for index in text.indices where text[index] == UInt8(ascii: "<") {
            if let end = AnswerExtraction.closings.compactMap({ end(of: $0, at: index, in: text) }).first {
                lastEnd = end
            } else if firstStart == nil,
                AnswerExtraction.openings.contains(where: { end(of: $0, at: index, in: text) != nil })
            {
                firstStart = index
            }
        }
        return lastEnd.map { text[$0...] } ?? text[..<(firstStart ?? text.count)]
    }

    private static let tags = ["think", "thinking", "thought", "reasoning"]
    private static let openings = tags.map { Array("<\($0)>".utf8) }
    private static let closings = tags.map { Array("</\($0)>".utf8) }

    /// Where a tag ends that stands at a place, in whatever case.
    private func end(of tag: [UInt8], at start: Int, in text: [UInt8]) -> Int? {
        let end = start + tag.count
        guard end <= text.count else { return nil }
        for (offset, byte) in tag.enumerated() {
            let other = text[start + offset]
            guard other == byte || (65...90).contains(other) && other | 0x20 == byte else { return nil }
        }
        return end
    }
}
