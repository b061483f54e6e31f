/// Suites that hold a type against the contract of its protocol.
///
/// Each function takes a value of the host's own type, calls it as the pipeline does, and returns what it breaks; an
/// empty list is a pass. They need no test framework, so they serve XCTest, Swift Testing and plain programs alike:
///
/// ```swift
/// @Test func keepsTheContract() async throws {
///     try await Conformance.violations(of: MyReasoner()).requireNone()
/// }
/// ```
///
/// A value that is handed to a suite is used as it is: nothing is assumed about other instances of the type.
public enum Conformance {
    /// How strictly a type is held to its contract.
    public struct Options: Sendable {
        /// How soon a cancelled call has to end.
        public var cancellationLimit: Duration
        /// How far two numbers that ought to be equal may lie apart, as a share of their magnitude.
        public var tolerance: Float
        /// Whether the same request must get the same answer; models that draw at random do without.
        public var requiresDeterminism: Bool

        /// Creates options; by default a second, 1e-4, and determinism.
        public init(
            cancellationLimit: Duration = .seconds(1), tolerance: Float = 1e-4, requiresDeterminism: Bool = true
        ) {
            self.cancellationLimit = cancellationLimit
            self.tolerance = tolerance
            self.requiresDeterminism = requiresDeterminism
        }
    }
}
