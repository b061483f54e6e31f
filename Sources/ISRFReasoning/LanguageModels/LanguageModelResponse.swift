/// A language model's answer.
public struct LanguageModelResponse: Sendable, Hashable, Codable {
    /// Why an answer ended.
    public enum FinishReason: String, Sendable, Codable {
        /// The model was done.
        case stop
        /// The answer reached `maximumTokens` or the model's own limit: it is incomplete.
        case length
        /// The model or its host refused to answer.
        case refusal
    }

    /// The tokens that an answer cost.
    public struct Usage: Sendable, Hashable, Codable {
        /// Tokens of the messages.
        public var promptTokens: Int
        /// Tokens of the answer.
        public var completionTokens: Int

        /// Creates a usage.
        public init(promptTokens: Int, completionTokens: Int) {
            self.promptTokens = promptTokens
            self.completionTokens = completionTokens
        }
    }

    /// The answer; JSON text when the request asked for an object or had a schema.
    public var text: String
    /// Why the answer ended.
    public var finishReason: FinishReason
    /// The tokens used, nil when the model does not tell.
    public var usage: Usage?
    /// The model that answered, as it names itself: answers of different models must not be mixed unnoticed.
    public var model: String

    /// Creates a response.
    public init(text: String, finishReason: FinishReason, usage: Usage? = nil, model: String) {
        self.text = text
        self.finishReason = finishReason
        self.usage = usage
        self.model = model
    }
}
