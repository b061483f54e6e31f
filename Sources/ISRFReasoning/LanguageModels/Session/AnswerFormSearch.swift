internal import Synchronization

/// Which form of answer works with a model: found by one task, then remembered for all.
final class AnswerFormSearch: Sendable {
    typealias Form = LanguageModelEvent.AnswerFormKind

    private struct State {
        var current: Form?
        /// The forms that may work, strongest first.
        var candidates: [Form]
    }

    private let state: Mutex<State>

    init(capabilities: LanguageModelCapabilities) {
        var candidates: [Form] = [.text]
        if capabilities.jsonObject { candidates.insert(.jsonObject, at: 0) }
        if capabilities.jsonSchema { candidates.insert(.jsonSchema, at: 0) }
        state = Mutex(State(current: candidates.count == 1 ? .text : nil, candidates: candidates))
    }

    /// The form that works, nil while it is not known.
    var current: Form? { state.withLock { $0.current } }
    /// The forms that may work, strongest first.
    var candidates: [Form] { state.withLock { $0.candidates } }

    func settle(on form: Form) {
        state.withLock { $0.current = form }
    }

    /// Takes note that a form is refused, even if it did work before.
    func remove(_ form: Form) {
        state.withLock { state in
            state.candidates.removeAll { $0 == form }
            if state.current == form { state.current = nil }
        }
    }
}
