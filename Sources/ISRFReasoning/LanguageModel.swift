/// What a language model is asked: a conversation, the form of the answer, and how far to go.
public struct LanguageModelRequest: Sendable, Hashable, Codable {
    /// One message of the conversation.
    public struct Message: Sendable, Hashable, Codable {
        /// Who speaks.
        public enum Role: String, Sendable, Codable {
            /// Instructions that stand above the conversation.
            case system
            /// The asking side.
            case user
            /// The model's own earlier answers.
            case assistant
        }

        /// Who speaks.
        public var role: Role
        /// What is said.
        public var text: String

        /// Creates a message.
        public init(_ role: Role, _ text: String) {
            self.role = role
            self.text = text
        }
    }

    /// The conversation so far, oldest message first; the model answers the last one.
    public var messages: [Message]
    /// A JSON Schema that the answer must conform to, as JSON text; nil for free text.
    public var jsonSchema: String?
    /// The most tokens of the answer.
    public var maximumTokens: Int
    /// How random the choice of words is: 0 always takes the likeliest, 1 follows the model's probabilities.
    public var temperature: Double
    /// Makes a random answer repeatable where the model can do that (`LanguageModelCapabilities.seed`).
    public var seed: UInt64?

    /// Creates a request.
    public init(
        messages: [Message], jsonSchema: String? = nil, maximumTokens: Int = 1024, temperature: Double = 0,
        seed: UInt64? = nil
    ) {
        self.messages = messages
        self.jsonSchema = jsonSchema
        self.maximumTokens = maximumTokens
        self.temperature = temperature
        self.seed = seed
    }
}

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

    /// The answer; JSON text when the request had a schema.
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

/// What a language model can do, for callers to adapt to.
public struct LanguageModelCapabilities: Sendable, Hashable, Codable {
    /// The most tokens of messages and answer together, nil when unknown.
    public var contextTokens: Int?
    /// Whether answers are held to the request's JSON schema by the model's host.
    public var jsonSchema: Bool
    /// Whether the same request with the same seed gets the same answer.
    public var seed: Bool
    /// How many requests may usefully be under way at once, at least 1.
    public var concurrentRequests: Int

    /// Creates capabilities; by default those that every model has.
    public init(
        contextTokens: Int? = nil, jsonSchema: Bool = false, seed: Bool = false, concurrentRequests: Int = 1
    ) {
        self.contextTokens = contextTokens
        self.jsonSchema = jsonSchema
        self.seed = seed
        self.concurrentRequests = concurrentRequests
    }
}

/// A model that answers in text: on this machine, on another, or scripted for a test.
///
/// One call is one answer. Retrying, limiting the rate, and keeping answers are the caller's business, so that every
/// model gets the same treatment.
public protocol LanguageModel: Sendable {
    /// What the model can do.
    var capabilities: LanguageModelCapabilities { get }

    /// Answers a request.
    /// - Throws: Anything that kept the model from answering; never returns an error's text as if it were an answer.
    func response(to request: LanguageModelRequest) async throws -> LanguageModelResponse
}
