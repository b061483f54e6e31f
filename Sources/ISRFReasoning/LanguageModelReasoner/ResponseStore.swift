/// Keeps the answers of language models, so that nothing is asked and paid for twice.
///
/// `LanguageModelReasoner` looks here before every call. Several tasks, and for a store on disk several processes, use one
/// store at once.
public protocol ResponseStore: Sendable {
    /// The stored answer to a question, or nil.
    /// - Throws: When the store cannot be read or what it holds is damaged.
    func answer(for key: ResponseKey) async throws -> StructuredAnswer?

    /// Stores an answer; returns only when it is as durable as the store makes anything.
    ///
    /// Finishes even when the task is cancelled: the answer has been paid for.
    /// - Returns: What the store now holds for the key: of several answers the first. Whatever is asked next builds on
    ///   that one, so that a later run asks the same.
    @discardableResult
    func store(_ answer: StructuredAnswer, for key: ResponseKey, subject: ResponseSubject) async throws
        -> StructuredAnswer

    /// Writes down that a question has no answer, and what that has cost. The question stays open.
    func recordFailure(
        usage: LanguageModelResponse.Usage, for key: ResponseKey, subject: ResponseSubject, reason: String
    ) async throws

    /// What was stored and spent so far, failed attempts included.
    func totals() async throws -> ResponseTotals
}

/// What a response store holds and what it has cost, over all runs.
public struct ResponseTotals: Sendable, Hashable, Codable {
    /// Stored answers.
    public var answers: Int
    /// Stored answers for each step.
    public var answersByStep: [ReasoningStep: Int]
    /// Questions asked in vain.
    public var failures: Int
    /// Tokens of all messages, those of failures included.
    public var promptTokens: Int
    /// Tokens of all answers, those of failures included.
    public var completionTokens: Int

    /// Creates totals.
    public init(
        answers: Int = 0, answersByStep: [ReasoningStep: Int] = [:], failures: Int = 0, promptTokens: Int = 0,
        completionTokens: Int = 0
    ) {
        self.answers = answers
        self.answersByStep = answersByStep
        self.failures = failures
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
    }
}
