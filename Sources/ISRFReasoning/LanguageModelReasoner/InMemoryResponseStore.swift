/// A response store that lasts as long as the process: the default, and for tests.
public actor InMemoryResponseStore: ResponseStore {
    /// A question asked in vain.
    public struct Failure: Sendable, Hashable {
        /// The question.
        public var key: ResponseKey
        /// What it was about.
        public var subject: ResponseSubject
        /// Why there is no answer.
        public var reason: String
        /// What it has cost.
        public var usage: LanguageModelResponse.Usage
    }

    /// All answers.
    public private(set) var answers: [ResponseKey: StructuredAnswer] = [:]
    /// What each answer is about.
    public private(set) var subjects: [ResponseKey: ResponseSubject] = [:]
    /// What was asked in vain, oldest first.
    public private(set) var failures: [Failure] = []

    /// Creates an empty store.
    public init() {}

    /// The stored answer to a question, or nil.
    public func answer(for key: ResponseKey) -> StructuredAnswer? { answers[key] }

    /// Stores an answer unless there is one.
    @discardableResult
    public func store(_ answer: StructuredAnswer, for key: ResponseKey, subject: ResponseSubject) -> StructuredAnswer {
        if let first = answers[key] { return first }
        answers[key] = answer
        subjects[key] = subject
        return answer
    }

    /// Writes down that a question has no answer.
    public func recordFailure(
        usage: LanguageModelResponse.Usage, for key: ResponseKey, subject: ResponseSubject, reason: String
    ) {
        failures.append(Failure(key: key, subject: subject, reason: reason, usage: usage))
    }

    /// What was stored and spent so far.
    public func totals() -> ResponseTotals {
        let usages = answers.values.map(\.usage) + failures.map(\.usage)
        return ResponseTotals(
            answers: answers.count,
            answersByStep: Dictionary(subjects.values.map { ($0.step, 1) }, uniquingKeysWith: +),
            failures: failures.count, promptTokens: usages.reduce(0) { $0 + $1.promptTokens },
            completionTokens: usages.reduce(0) { $0 + $1.completionTokens })
    }
}
