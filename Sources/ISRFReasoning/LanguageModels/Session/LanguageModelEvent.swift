/// What happens while a session asks its model: for metrics, logs and progress. Holds no prompts and no answers.
public enum LanguageModelEvent: Sendable, Hashable {
    /// A call was answered, validly or not.
    case call(latency: Duration, usage: LanguageModelResponse.Usage?)
    /// A call failed.
    case failure(LanguageModelFailure.Kind, latency: Duration)
    /// A call that failed in passing is made again after a while.
    case retry(LanguageModelFailure.Kind, delay: Duration)
    /// An answer was not valid, and the model is asked to put it right.
    case repair(reason: String)
    /// A question has a valid answer.
    case answered(attempts: Int)
    /// A question stays without a valid answer.
    case unanswered(reason: String)
    /// An answer was found in a store, and nobody was asked.
    case storeHit
    /// The form of answers that works was found.
    case answerForm(AnswerFormKind)
    /// The number of calls that may be under way at once has changed.
    case concurrency(Int)
    /// A lasting failure stopped the session.
    case stopped(LanguageModelFailure)
    /// A budget is used up.
    case budgetExhausted(BudgetExhausted)

    /// The forms of answers, without their schemas.
    public enum AnswerFormKind: String, Sendable, Hashable, Codable, CaseIterable {
        /// The schema is enforced by the model's host.
        case jsonSchema
        /// Any JSON object; the schema is in the prompt.
        case jsonObject
        /// Free text; the schema is in the prompt.
        case text
    }
}
