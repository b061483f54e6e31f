/// The valid answer to a `StructuredQuestion`.
public struct StructuredAnswer: Sendable, Hashable, Codable {
    /// The texts by the names of the question's fields: all of them, none blank, within their lengths.
    public var fields: [String: String]
    /// The model that answered, as it names itself.
    public var model: String
    /// The tokens of all calls for this question together, failed ones included as far as they are known.
    public var usage: LanguageModelResponse.Usage
    /// The calls made for this question.
    public var attempts: Int

    /// Creates an answer.
    public init(fields: [String: String], model: String, usage: LanguageModelResponse.Usage, attempts: Int) {
        self.fields = fields
        self.model = model
        self.usage = usage
        self.attempts = attempts
    }
}

/// Thrown when one question has no valid answer: it is left out and reported, and others go on.
public struct UnansweredQuestion: Error, Sendable, Hashable, CustomStringConvertible {
    /// Why there is no answer, in a whole sentence.
    public var reason: String
    /// The tokens that were spent on it, as far as they are known.
    public var usage: LanguageModelResponse.Usage
    /// The calls made for this question.
    public var attempts: Int
    /// The last failure when the model gave no answer at all; nil when what it answered is not valid.
    public var failure: LanguageModelFailure?

    /// Creates an error.
    public init(
        reason: String, usage: LanguageModelResponse.Usage, attempts: Int, failure: LanguageModelFailure? = nil
    ) {
        self.reason = reason
        self.usage = usage
        self.attempts = attempts
        self.failure = failure
    }

    /// The reason.
    public var description: String { reason }
}
