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

    /// No data of this kind nest as deeply, and decoding takes time that grows with the square of the depth.
    static let depthLimit = 64

    init(from decoder: any Decoder) throws {
        guard decoder.codingPath.count <= Self.depthLimit else {
            throw RecordFault(
                "The value nests lists and objects more than \(Self.depthLimit) levels deep. Make it flatter or leave it "
                    + "out.",
                field: decoder.codingPath.first?.stringValue)
        }
        let container = try decoder.singleValueContainer()
        /// Nil for a value of another kind; one of this kind that cannot be read is an error.
        func value<Value: Decodable>(_ type: Value.Type) throws -> Value? {
            do {
                return try container.decode(type)
            } catch DecodingError.typeMismatch {
                return nil
            } catch let error where error is DecodingError || error is RecordFault {
                throw error
            } catch {
                // The decoder's own errors do not say where the value stands.
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "", underlyingError: error))
            }
        }
        if container.decodeNil() {
            self = .null
        } else if let text = try value(String.self) {
            self = .text(text)
        } else if let values = try value([FieldValue].self) {
            self = .list(values)
        } else if let integer = try? container.decode(Int.self) {
            self = .integer(integer)
        } else if let number = try value(Double.self) {
            self = .number(number)
        } else if let truth = try value(Bool.self) {
            self = .truth(truth)
        } else {
            self = .object(try container.decode([String: FieldValue].self))
        }
    }

    /// The value as an identifier: a text or a whole number.
    func identifier(field: String) throws(RecordFault) -> String {
        switch self {
        case .text(let text) where !text.isEmpty: return text
        case .text: throw RecordFault("The identifier is empty. Give every record one.", field: field)
        case .integer(let number): return String(number)
        case .number: throw RecordFault("The identifier is a number that is not exact. Put it in quotes.", field: field)
        default: throw RecordFault("The identifier is \(kind); expected a text.", field: field)
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
