/// What a language model can do, for callers to adapt to.
public struct LanguageModelCapabilities: Sendable, Hashable, Codable {
    /// The most tokens of messages and answer together, nil when unknown.
    public var contextTokens: Int?
    /// Whether `.jsonObject` may be asked for. A model that cannot know says yes, and throws
    /// `LanguageModelFailure.Kind.unsupportedAnswerForm` when it turns out otherwise.
    public var jsonObject: Bool
    /// Whether `.jsonSchema` may be asked for, with the same way out. Answers are then held to the schema.
    public var jsonSchema: Bool
    /// Whether the same request with the same seed gets the same answer.
    public var seed: Bool
    /// How many requests may usefully be under way at once, at least 1.
    public var concurrentRequests: Int

    /// Creates capabilities; by default those that every model has.
    public init(
        contextTokens: Int? = nil, jsonObject: Bool = false, jsonSchema: Bool = false, seed: Bool = false,
        concurrentRequests: Int = 1
    ) {
        self.contextTokens = contextTokens
        self.jsonObject = jsonObject
        self.jsonSchema = jsonSchema
        self.seed = seed
        self.concurrentRequests = concurrentRequests
    }
}

/// A model that answers in text: on this machine, on another, or scripted for a test.
///
/// One call is one answer. Retrying, limiting the rate, and adapting the form of answers are the business of
/// `LanguageModelSession`, so that every model gets the same treatment.
public protocol LanguageModel: Sendable {
    /// The name under which the model's answers are stored; answers stored under another name are not taken for its own.
    /// By default the name of the type: a type that can stand for several models tells which one it is.
    var name: String { get }

    /// What the model can do.
    var capabilities: LanguageModelCapabilities { get }

    /// Answers a request.
    /// - Throws: `LanguageModelFailure`, whose kind says whether to ask again; any other error counts as
    ///   `LanguageModelFailure.Kind.failed`. Never returns an error's text as if it were an answer. When the task was
    ///   cancelled, anything.
    func response(to request: LanguageModelRequest) async throws -> LanguageModelResponse
}

extension LanguageModel {
    /// The name of the type.
    public var name: String { String(describing: Self.self) }
}
