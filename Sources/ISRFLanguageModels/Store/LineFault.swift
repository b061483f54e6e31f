/// A line of a file that was not taken.
public struct LineFault: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The file's path as it was given.
    public var file: String
    /// The line, counted from 1.
    public var line: Int
    /// What is wrong with it.
    public var reason: String

    /// Creates a fault.
    public init(file: String, line: Int, reason: String) {
        self.file = file
        self.line = line
        self.reason = reason
    }

    /// `file:line: reason`.
    public var description: String { "\(file):\(line): \(reason)" }
}
