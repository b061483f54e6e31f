/// An error of ISRFKit's own: what went wrong, where, and what to do about it.
///
/// Requirements of the stage protocols throw untyped, so that a host may throw its own errors; everything that
/// ISRFKit itself finds wrong is an `ISRFError`.
public struct ISRFError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure, for a program to tell apart.
    public enum Code: String, Sendable, Codable {
        /// Input data (a file, a record, a value) is not what was expected.
        case invalidData
        /// A configuration value is out of its range or contradicts another one.
        case invalidConfiguration
        /// An argument names something that does not exist: a user, an item, a feature.
        case notFound
        /// A stage (the host's or a default) broke the contract of its protocol.
        case contractViolation
        /// A saved model is damaged, tampered with, or from a newer version.
        case invalidModel
        /// A numerical routine did not converge or met values that are not finite.
        case numericalFailure
        /// A file could not be read or written.
        case fileAccess
    }

    /// Where in the input the trouble lies.
    public struct Location: Sendable, Hashable, Codable {
        /// The file's path as the user gave it.
        public var file: String?
        /// The line, counted from 1.
        public var line: Int?
        /// The field or key.
        public var field: String?

        /// Creates a location; leave out what is not known.
        public init(file: String? = nil, line: Int? = nil, field: String? = nil) {
            self.file = file
            self.line = line
            self.field = field
        }
    }

    /// The kind of failure.
    public var code: Code
    /// What went wrong, what was expected, and what to do: whole sentences for the user.
    public var message: String
    /// Where in the input the trouble lies, when it lies in the input.
    public var location: Location?
    /// The error that caused this one.
    public var underlying: (any Error)?

    /// Creates an error.
    public init(_ code: Code, _ message: String, at location: Location? = nil, underlying: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.location = location
        self.underlying = underlying
    }

    /// `file:line: field: message`, with the parts that are known.
    public var description: String {
        var parts: [String] = []
        if let location {
            switch (location.file, location.line) {
            case (let file?, let line?): parts.append("\(file):\(line)")
            case (let file?, nil): parts.append(file)
            case (nil, let line?): parts.append("line \(line)")
            case (nil, nil): break
            }
            if let field = location.field { parts.append("field \"\(field)\"") }
        }
        parts.append(message)
        if let underlying { parts.append("(\(underlying))") }
        return parts.joined(separator: ": ")
    }
}
