internal import Foundation
internal import Synchronization

/// Asks one model for many callers: shared by all tasks of a run.
public final class LanguageModelSession: Sendable {
    /// The model that is asked.
    public let model: any LanguageModel
    /// How hard and how far it is asked.
    public let limits: LanguageModelLimits

    private let observer: (@Sendable (LanguageModelEvent) -> Void)?
    private let state = Mutex(LanguageModelTotals())

    /// Creates a session.
    /// - Parameters:
    ///   - model: The model to ask.
    ///   - limits: How hard and how far to ask it.
    ///   - observer: Told of everything that happens, possibly by several tasks at once; returns soon.
    public init(
        model: any LanguageModel, limits: LanguageModelLimits = .init(),
        observer: (@Sendable (LanguageModelEvent) -> Void)? = nil
    ) {
        self.model = model
        self.limits = limits
        self.observer = observer
    }

    /// What all calls came to so far.
    public var totals: LanguageModelTotals { state.withLock { $0 } }

    /// Answers one question.
    /// - Throws: `UnansweredQuestion` when this question has no valid answer and others may have one;
    ///   `LanguageModelFailure` when nothing can be answered any more; `BudgetExhausted`; `CancellationError`;
    ///   `ISRFError` when the question or the limits make no sense.
    public func answer(_ question: StructuredQuestion) async throws -> StructuredAnswer {
        let response = try await model.response(
            to: LanguageModelRequest(
                messages: question.messages, maximumTokens: question.maximumTokens, temperature: question.temperature,
                seed: question.seed))
        let usage = response.usage ?? .init(promptTokens: 0, completionTokens: 0)
        guard let fields = try? JSONDecoder().decode([String: String].self, from: Data(response.text.utf8)) else {
            throw UnansweredQuestion(reason: "The answer is not a JSON object of texts.", usage: usage, attempts: 1)
        }
        state.withLock {
            $0.calls += 1
            $0.answered += 1
            $0.promptTokens += usage.promptTokens
            $0.completionTokens += usage.completionTokens
        }
        observer?(.answered(attempts: 1))
        return StructuredAnswer(fields: fields, model: response.model, usage: usage, attempts: 1)
    }
}
