internal import ISRFKit

/// The keys of the configuration in their order, with the kind and the default of every value.
indirect enum ConfigurationSchema: Sendable {
    /// What can stand as a value.
    enum Kind: Sendable {
        case wholeNumber
        case number
        case truth
        case text

        /// The kind in words.
        var expectation: String {
            switch self {
            case .wholeNumber: "a whole number"
            case .number: "a number"
            case .truth: "true or false"
            case .text: "a text"
            }
        }
    }

    /// A key and what stands below it.
    struct Entry: Sendable {
        var key: String
        var schema: ConfigurationSchema
    }

    case section([Entry])
    /// A value; `isUnsigned` when it is a whole number that may not be negative by its type.
    case value(Kind, standard: String, isUnsigned: Bool)

    /// The schema of the default configuration.
    ///
    /// The stored properties are the keys: the configuration's types are coded as the compiler does it.
    static let standard = ConfigurationSchema(reflecting: ISRFConfiguration())

    /// The schema of a configuration whose values stand for the defaults.
    init(reflecting configuration: ISRFConfiguration) {
        self.init(value: configuration)
    }

    private init(value: Any) {
        switch value {
        case let value as Int: self = .value(.wholeNumber, standard: "\(value)", isUnsigned: false)
        case let value as UInt64: self = .value(.wholeNumber, standard: "\(value)", isUnsigned: true)
        case let value as Float: self = .value(.number, standard: "\(value)", isUnsigned: false)
        case let value as Double: self = .value(.number, standard: "\(value)", isUnsigned: false)
        case let value as Bool: self = .value(.truth, standard: "\(value)", isUnsigned: false)
        default:
            let children = Mirror(reflecting: value).children.compactMap { child in
                child.label.map { Entry(key: $0, schema: ConfigurationSchema(value: child.value)) }
            }
            self = children.isEmpty ? .value(.text, standard: "\(value)", isUnsigned: false) : .section(children)
        }
    }
}
