internal import Foundation

/// What a setting of the configuration can be set to.
public enum TuningValue: Sendable, Hashable, Codable, CustomStringConvertible {
    /// A number, whole where the setting is.
    case number(Double)
    /// True or false.
    case truth(Bool)
    /// A text.
    case text(String)

    /// Reads a single value.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .truth(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    /// Writes a single value.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let value): try container.encode(value)
        case .truth(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        }
    }

    /// The value as it stands in a file of settings, a whole number without decimals.
    public var description: String {
        switch self {
        case .number(let value): value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
        case .truth(let value): "\(value)"
        case .text(let value): value
        }
    }

    /// The number; nil for anything else.
    public var number: Double? {
        if case .number(let value) = self { value } else { nil }
    }
}
