internal import Foundation

/// A value of a JSON object, of any kind.
indirect enum FieldValue: Decodable, Equatable {
    case null
    case text(String)
    case integer(Int)
    case number(Double)
    case truth(Bool)
    case list([FieldValue])
    case object([String: FieldValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(Bool.self) {
            self = .truth(value)
        } else if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode([FieldValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: FieldValue].self))
        }
    }

    /// The texts of a scalar, a list or an object, in order; nothing for what is missing.
    ///
    /// Within an object the keys stand in alphabetical order.
    var texts: [String] {
        switch self {
        case .null: []
        case .text(let text): text.nonBlank.map { [$0] } ?? []
        case .integer(let number): [String(number)]
        case .number(let number): [String(number)]
        case .truth(let truth): [String(truth)]
        case .list(let values): values.flatMap(\.texts)
        case .object(let values): values.sorted { $0.key < $1.key }.flatMap(\.value.texts)
        }
    }

    /// The kind in words, for messages.
    var kind: String {
        switch self {
        case .null: "null"
        case .text: "a text"
        case .integer, .number: "a number"
        case .truth: "true or false"
        case .list: "a list"
        case .object: "an object"
        }
    }
}
