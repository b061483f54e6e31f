internal import ISRFKit
internal import Synchronization

/// Says on standard error what people should know while a language model is being asked.
final class ReasonEvents: Sendable {
    private let told = Mutex<Set<String>>([])

    /// What a reasoner tells.
    var observer: @Sendable (LanguageModelEvent) -> Void {
        { [self] event in
            switch event {
            case .answerForm(let form): tell("isrf: the server answers \(ReasonEvents.words(form))")
            case .retry(let kind, _):
                tell("isrf: warning: some calls fail in passing and are repeated (\(kind.rawValue))")
            default: break
            }
        }
    }

    /// Says something, the first time.
    private func tell(_ text: String) {
        guard told.withLock({ $0.insert(text).inserted }) else { return }
        StandardError.shared.write(text)
    }

    private static func words(_ form: LanguageModelEvent.AnswerFormKind) -> String {
        switch form {
        case .jsonSchema: "in JSON that it holds to the schema"
        case .jsonObject: "in JSON, with the schema in the prompt"
        case .text: "in text, with the schema in the prompt"
        }
    }
}
