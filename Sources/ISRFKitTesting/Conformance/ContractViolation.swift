internal import ISRFCore

/// One way in which a type breaks the contract of its protocol.
public struct ContractViolation: Sendable, Hashable, CustomStringConvertible {
    /// The point of the contract.
    public var point: ContractPoint
    /// What was asked, what came back, and what was expected: a whole sentence.
    public var message: String

    /// Creates a violation.
    public init(_ point: ContractPoint, _ message: String) {
        self.point = point
        self.message = message
    }

    /// `point: message`.
    public var description: String { "\(point.rawValue): \(message)" }
}

extension [ContractViolation] {
    /// The points that are broken.
    public var points: Set<ContractPoint> { Set(map(\.point)) }

    /// Does nothing for an empty list.
    /// - Throws: `ISRFError` (`contractViolation`) that lists every violation in a line of its own.
    public func requireNone() throws {
        guard !isEmpty else { return }
        let lines = map { "- \($0)" }.joined(separator: "\n")
        throw ISRFError(.contractViolation, "The contract is broken in \(count) ways:\n\(lines)")
    }
}
