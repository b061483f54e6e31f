internal import Synchronization

/// Counts questions that were answered, by whom; shared by copies of a reasoner.
final class StepCounts: Sendable {
    struct Values: Sendable {
        /// Answers found in the store.
        var hits = 0
        /// Answers of the model.
        var answers = 0
    }

    private let state = Mutex(Values())

    var values: Values { state.withLock { $0 } }

    func addHit() { state.withLock { $0.hits += 1 } }

    func addAnswer() { state.withLock { $0.answers += 1 } }
}
