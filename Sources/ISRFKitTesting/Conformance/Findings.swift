internal import ISRFNumerics
internal import Synchronization

/// Collects violations while a suite runs.
struct Findings {
    let options: Conformance.Options
    private(set) var violations: [ContractViolation] = []

    init(_ options: Conformance.Options) {
        self.options = options
    }

    /// Notes a violation unless a condition holds; says whether it held.
    @discardableResult
    mutating func require(_ condition: Bool, _ point: ContractPoint, _ message: @autoclosure () -> String) -> Bool {
        if !condition { violations.append(ContractViolation(point, message())) }
        return condition
    }

    /// Takes over what another suite found.
    mutating func add(_ others: [ContractViolation]) {
        violations += others
    }

    /// Runs a call that the contract allows; an error is a violation.
    mutating func attempt<Value>(_ what: String, _ body: () async throws -> Value) async -> Value? {
        do {
            return try await body()
        } catch {
            violations.append(ContractViolation(.failure, "\(what) threw an error: \(error)"))
            return nil
        }
    }

    /// Cancels a call as it starts and again in the middle; it has to end soon, by returning or throwing.
    mutating func requireCancellation(
        _ what: String, after delays: [Duration] = [.zero, .milliseconds(30)],
        _ body: @escaping @Sendable () async throws -> Void
    ) async {
        for delay in delays {
            let flag = Flag()
            let task = Task {
                try? await body()
                flag.raise()
            }
            if delay > .zero { try? await Task.sleep(for: delay) }
            task.cancel()
            let clock = ContinuousClock()
            let limit = options.cancellationLimit
            let deadline = clock.now + limit
            while !flag.isRaised, clock.now < deadline { try? await Task.sleep(for: .milliseconds(2)) }
            guard
                require(
                    flag.isRaised, .cancellation,
                    "\(what) was cancelled and had not ended \(limit) later; check for cancellation "
                        + "in long work and let CancellationError through.")
            else { return }
        }
    }

    /// Whether two matrices agree but for rounding.
    func agree(_ first: Matrix, _ second: Matrix) -> Bool {
        guard first.rows == second.rows, first.columns == second.columns else { return false }
        return zip(first.elements, second.elements).allSatisfy {
            abs($0 - $1) <= options.tolerance * max(1, abs($0), abs($1))
        }
    }
}

/// A flag that one task raises and another one sees.
private final class Flag: Sendable {
    private let state = Mutex(false)

    var isRaised: Bool { state.withLock { $0 } }

    func raise() { state.withLock { $0 = true } }
}
