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

    /// What an answer has to look like; a model throws `LanguageModelFailure.Kind.unsupportedAnswerForm` for a form that
    /// it does not know.
    public enum AnswerForm: Sendable, Hashable, Codable {
        /// Free text.
        case text
        /// One JSON object, with what the messages say it should have.
        case jsonObject
        /// One JSON value that conforms to this JSON Schema, given as JSON text.
        case jsonSchema(String)
    }

    /// The conversation so far, oldest message first; the model answers the last one.
    public var messages: [Message]
    /// The form that the answer must have.
    public var answerForm: AnswerForm
    /// The most tokens of the answer.
    public var maximumTokens: Int
    /// How random the choice of words is: 0 always takes the likeliest, 1 follows the model's probabilities.
    public var temperature: Double
    /// Makes a random answer repeatable where the model can do that (`LanguageModelCapabilities.seed`).
    public var seed: UInt64?

    /// Creates a request.
    public init(
        messages: [Message], answerForm: AnswerForm = .text, maximumTokens: Int = 1024, temperature: Double = 0,
        seed: UInt64? = nil
    ) {
        self.messages = messages
        self.answerForm = answerForm
        self.maximumTokens = maximumTokens
        self.temperature = temperature
        self.seed = seed
    }
}
