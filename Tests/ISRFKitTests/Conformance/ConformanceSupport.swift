import ISRFKitTesting
import Synchronization

extension Conformance.Options {
    /// Leaves time to a busy machine.
    static let patient = Conformance.Options(cancellationLimit: .seconds(60))
    /// Does not wait long for those that never end.
    static let strict = Conformance.Options(cancellationLimit: .milliseconds(200))
}

/// A host's own error.
struct Refusal: Error {}

/// `count` words.
func words(_ count: Int) -> String { Array(repeating: "word", count: count).joined(separator: " ") }

/// Waits in a task of its own, which the caller's cancellation does not reach; gives up in time to let tests end.
func stubbornly() async {
    guard Task.isCancelled else {
        // Long enough to be cancelled in the middle, short enough for the calls that are not cancelled.
        await Task.detached { try? await Task.sleep(for: .milliseconds(60)) }.value
        if Task.isCancelled { await Task.detached { try? await Task.sleep(for: .seconds(2)) }.value }
        return
    }
    await Task.detached { try? await Task.sleep(for: .seconds(2)) }.value
}

/// Refuses whoever comes while somebody is there.
final class Company: Sendable {
    private let present = Mutex(0)

    func enter() async throws {
        let alone = present.withLock { count in
            count += 1
            return count == 1
        }
        // Gives others the time to come.
        try? await Task.sleep(for: .milliseconds(5))
        guard alone, present.withLock({ $0 }) == 1 else {
            leave()
            throw Refusal()
        }
    }

    func leave() { present.withLock { $0 = max(0, $0 - 1) } }
}
