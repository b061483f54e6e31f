internal import Foundation

/// The fields of one line that is a JSON object or a Python dictionary.
struct FieldRecord {
    private(set) var fields: [String: FieldValue]

    /// Reads a line; a Python dictionary is recognised by its single quotes.
    init(_ line: Line, allowsPython: Bool = false) throws(RecordFault) {
        fields = try Self.decode([String: FieldValue].self, from: line, allowsPython: allowsPython)
    }

    /// Decodes a line's object.
    static func decode<Value: Decodable>(
        _ type: Value.Type, from line: Line, allowsPython: Bool
    ) throws(RecordFault) -> Value {
        var bytes = line.bytes
        let form: String
        if allowsPython, PythonLiteral.isDictionary(bytes) {
            bytes = try PythonLiteral.json(from: bytes)
            form = "as a Python dictionary"
        } else {
            form = "JSON"
        }
        guard let first = bytes.first(where: { $0 != .space && $0 != .tab }), first == UInt8(ascii: "{") else {
            throw RecordFault("The line is not an object. Expected {\"name\": value, ...}, one object on each line.")
        }
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
            throw RecordFault(
                "The value is not of the kind expected: \(context.debugDescription)",
                field: context.codingPath.first?.stringValue)
        } catch DecodingError.keyNotFound(let key, _) {
            throw RecordFault("The field is missing.", field: key.stringValue)
        } catch DecodingError.dataCorrupted(let context) {
            // After a rewriting, places would be those of a text that nobody has seen.
            let detail = bytes == line.bytes ? Self.detail(bytes) : ""
            throw RecordFault(
                "The line is not valid \(form)\(detail).", field: context.codingPath.first?.stringValue)
        } catch let fault as RecordFault {
            throw fault
        } catch {
            throw RecordFault("The line is not valid \(form): \(error).")
        }
    }

    /// What is wrong and where, which on Linux `JSONDecoder` keeps to itself and `JSONSerialization` tells.
    private static func detail(_ bytes: [UInt8]) -> String {
        do {
            _ = try JSONSerialization.jsonObject(with: Data(bytes))
            return ""
        } catch {
            guard let text = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String else { return "" }
            return ": " + text.trimmingCharacters(in: .punctuationCharacters)
        }
    }

    /// Leaves fields out.
    mutating func drop(_ names: [String]) {
        for name in names { fields[name] = nil }
    }

    /// An identifier: a text or a whole number.
    mutating func takeIdentifier(_ name: String) throws(RecordFault) -> String {
        guard let value = fields.removeValue(forKey: name) else {
            throw RecordFault("The field is missing. Every record needs an identifier.", field: name)
        }
        return try value.identifier(field: name)
    }

    /// A text: a scalar, or a list of them joined by spaces. Nil when there is none.
    mutating func takeText(_ name: String) throws(RecordFault) -> String? {
        guard let value = fields.removeValue(forKey: name) else { return nil }
        switch value {
        case .object: throw RecordFault("The value is an object; expected a text.", field: name)
        case .list(let values):
            for value in values {
                if case .object = value { throw RecordFault("The list holds an object; expected texts.", field: name) }
                if case .list = value { throw RecordFault("The list holds a list; expected texts.", field: name) }
            }
            return value.texts.joined(separator: " ").nonBlank
        default: return value.texts.first
        }
    }

    /// Category paths: a text, a list of categories, or a list of paths.
    /// - Parameter isOnePath: Whether a plain list is one path, instead of categories of their own.
    mutating func takeCategories(_ name: String, isOnePath: Bool = false) throws(RecordFault) -> [[String]] {
        guard let value = fields.removeValue(forKey: name) else { return [] }
        return try Self.categories(value, field: name, isOnePath: isOnePath)
    }

    /// Category paths from one value.
    static func categories(
        _ value: FieldValue, field: String, isOnePath: Bool = false
    ) throws(RecordFault) -> [[String]] {
        func level(_ value: FieldValue) throws(RecordFault) -> [String] {
            switch value {
            case .list, .object:
                throw RecordFault(
                    "The value is \(value.kind) where a category's name is expected. Give a list of names or a list "
                        + "of paths, each a list of names.",
                    field: field)
            default: return value.texts
            }
        }
        guard case .list(let entries) = value else { return try [level(value)].filter { !$0.isEmpty } }
        var isList: [Bool] = []
        var paths: [[String]] = []
        for entry in entries where entry != .null {
            if case .list(let levels) = entry {
                isList.append(true)
                var path: [String] = []
                for value in levels { path += try level(value) }
                paths.append(path)
            } else {
                isList.append(false)
                paths.append(try level(entry))
            }
        }
        guard Set(isList).count <= 1 else {
            throw RecordFault(
                "The list mixes names and paths. Give a list of names or a list of paths, each a list of names.",
                field: field)
        }
        if isOnePath, isList.first == false { paths = [paths.flatMap { $0 }] }
        return paths.filter { !$0.isEmpty }
    }

    /// All fields that were not taken, each with its texts; an object's fields are named `outer.inner`.
    func attributes() -> [String: [String]] {
        var attributes: [String: [String]] = [:]
        func add(_ value: FieldValue, name: String) {
            if case .object(let inner) = value {
                for (key, value) in inner.sorted(by: { $0.key < $1.key }) { add(value, name: "\(name).\(key)") }
            } else {
                let texts = value.texts
                if !texts.isEmpty { attributes[name, default: []] += texts }
            }
        }
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) { add(value, name: name) }
        return attributes
    }
}
