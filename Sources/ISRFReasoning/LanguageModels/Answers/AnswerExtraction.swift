internal import Foundation

/// Finds the object that answers a question in what a model wrote.
struct AnswerExtraction {
    /// The names of the properties that the answer must have.
    let names: [String]

    /// The object that has all the texts asked for; else the one that has most of them; nil when there is no object.
    ///
    /// Where several have all of them, the last one counts: models think aloud before they answer.
    func object(in text: String) -> [String: JSONObjectReader.Value]? {
        if let object = JSONObjectReader.wholeObject(text) { return best(of: [object]) }
        return best(of: JSONObjectReader.objects(in: withoutThoughts(text)))
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
    private func withoutThoughts(_ text: String) -> Substring {
        for tag in ["think", "thinking", "thought", "reasoning"] {
            if let end = text.range(of: "</\(tag)>", options: [.backwards, .caseInsensitive]) {
                return text[end.upperBound...]
            }
            if let start = text.range(of: "<\(tag)>", options: .caseInsensitive) { return text[..<start.lowerBound] }
        }
        return text[...]
    }
}
