internal import Foundation
internal import ISRFCore

extension ISRFConfiguration {
    /// The value of a setting by the keys that lead to it with dots between them, as in `training.learningRate`; nil
    /// when there is no such setting.
    public func value(of key: String) -> TuningValue? {
        leaf(key).map { leaf in
            switch leaf {
            case let value as Int: .number(Double(value))
            case let value as UInt64: .number(Double(value))
            // By way of its shortest text: 0.1 is to be 0.1, not the Double nearest to the Float nearest to it.
            case let value as Float: .number(Double("\(value)") ?? Double(value))
            case let value as Double: .number(value)
            case let value as Bool: .truth(value)
            default: .text("\(leaf)")
            }
        }
    }

    /// The configuration with other values for some settings; they are not checked against each other.
    /// - Parameter values: The values by the keys that lead to the settings with dots between them.
    /// - Throws: `ISRFError` (`invalidConfiguration`) when there is no such setting or it cannot hold the value.
    public func replacing(_ values: [String: TuningValue]) throws -> ISRFConfiguration {
        guard !values.isEmpty else { return self }
        var tree = try JSONDecoder().decode(SettingTree.self, from: try JSONEncoder().encode(self))
        for (key, value) in values.sorted(by: { $0.key < $1.key }) {
            guard let kind = kind(of: key) else { throw unknownSetting(key) }
            guard kind.takes(value) else {
                throw ISRFError(
                    .invalidConfiguration, "The value is \"\(value)\"; expected was \(kind.expectation).",
                    at: .init(field: key))
            }
            tree.set(SettingTree(value, kind), at: key.split(separator: ".").map(String.init)[...])
        }
        do {
            return try JSONDecoder().decode(ISRFConfiguration.self, from: try JSONEncoder().encode(tree))
        } catch let error as DecodingError {
            let key = SettingTree.path(of: error)
            let value = values[key].map { "\($0)" } ?? ""
            throw ISRFError(
                .invalidConfiguration, "The setting cannot hold the value \"\(value)\".", at: .init(field: key))
        }
    }

    /// The kind of a setting; nil when there is none of the name.
    func kind(of key: String) -> SettingKind? {
        leaf(key).map { leaf in
            switch leaf {
            case is Int: .wholeNumber(isUnsigned: false)
            case is UInt64: .wholeNumber(isUnsigned: true)
            case is Float, is Double: .number
            case is Bool: .truth
            default: .text
            }
        }
    }

    /// The keys of all settings, in their order.
    var settingKeys: [String] { ISRFConfiguration.keys(self, "") }

    /// An error that names what there is instead of a setting.
    func unknownSetting(_ key: String) -> ISRFError {
        let own = settingKeys
        let below = own.filter { $0.hasPrefix(key + ".") }
        let last = key.split(separator: ".").last.map(String.init) ?? key
        let alike = own.filter { $0.split(separator: ".").last.map(String.init) == last }
        let message =
            if !below.isEmpty {
                "This is a group of settings; name one of them: \(below.joined(separator: ", "))."
            } else if !alike.isEmpty {
                "There is no such setting; meant may be \(alike.joined(separator: " or "))."
            } else {
                "There is no such setting. The settings are: \(own.joined(separator: ", "))."
            }
        return ISRFError(.invalidConfiguration, message, at: .init(field: key))
    }

    private func leaf(_ key: String) -> Any? {
        var value: Any = self
        for name in key.split(separator: ".", omittingEmptySubsequences: false) {
            guard let child = Mirror(reflecting: value).children.first(where: { $0.label == String(name) }) else {
                return nil
            }
            value = child.value
        }
        return ISRFConfiguration.isLeaf(value) ? value : nil
    }

    private static func isLeaf(_ value: Any) -> Bool {
        switch value {
        case is Int, is UInt64, is Float, is Double, is Bool, is String: true
        default: Mirror(reflecting: value).children.isEmpty
        }
    }

    private static func keys(_ value: Any, _ path: String) -> [String] {
        guard !isLeaf(value) else { return [path] }
        return Mirror(reflecting: value).children.flatMap { child in
            child.label.map { keys(child.value, path.isEmpty ? $0 : "\(path).\($0)") } ?? []
        }
    }
}

/// A coded configuration of which single values can be changed.
private indirect enum SettingTree: Codable {
    case truth(Bool)
    case whole(Int64)
    case unsigned(UInt64)
    case number(Double)
    case text(String)
    case list([SettingTree])
    case section([String: SettingTree])

    init(_ value: TuningValue, _ kind: SettingKind) {
        switch value {
        case .number(let number): self = kind.isWhole ? .whole(Int64(number)) : .number(number)
        case .truth(let truth): self = .truth(truth)
        case .text(let text): self = .text(text)
        }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .truth(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .whole(value)
        } else if let value = try? container.decode(UInt64.self) {
            self = .unsigned(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([SettingTree].self) {
            self = .list(value)
        } else {
            self = .section(try container.decode([String: SettingTree].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .truth(let value): try container.encode(value)
        case .whole(let value): try container.encode(value)
        case .unsigned(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .list(let values): try container.encode(values)
        case .section(let values): try container.encode(values)
        }
    }

    mutating func set(_ value: SettingTree, at path: ArraySlice<String>) {
        guard let name = path.first else {
            self = value
            return
        }
        guard case .section(var values) = self else { return }
        var child = values[name] ?? .section([:])
        child.set(value, at: path.dropFirst())
        values[name] = child
        self = .section(values)
    }

    static func path(of error: DecodingError) -> String {
        let path: [any CodingKey] =
            switch error {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                context.codingPath
            case .keyNotFound(let key, let context): context.codingPath + [key]
            @unknown default: []
            }
        return path.map(\.stringValue).joined(separator: ".")
    }
}
