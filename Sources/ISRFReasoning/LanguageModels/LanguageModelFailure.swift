/// What a `LanguageModel` throws when it has no answer.
///
/// The kind decides what is done: a passing failure is asked again after a while, a lasting one ends the run at once.
public struct LanguageModelFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// Passing: too many requests or tokens for now (HTTP 429).
        case rateLimited
        /// Passing: the server cannot answer for now (HTTP 408, 409, 5xx).
        case overloaded
        /// Passing: no answer came in time.
        case timedOut
        /// Passing: the connection could not be made or broke off.
        case connectionLost
        /// Passing: what came back is not an answer.
        case invalidResponse
        /// Passing: anything else; errors of other types count as this.
        case failed
        /// The form of answer that the request asks for is refused: the next one is tried.
        case unsupportedAnswerForm
        /// Lasting: the server does not accept the request (HTTP 400).
        case rejectedRequest
        /// Lasting: the key is missing or wrong (HTTP 401).
        case unauthorised
        /// Lasting: the key does not allow this (HTTP 403).
        case forbidden
        /// Lasting: there is no such model or address (HTTP 404).
        case notFound
        /// Lasting: the account has no balance left.
        case balanceExhausted

        /// Whether asking again would fail again.
        public var isLasting: Bool {
            switch self {
            case .rateLimited, .overloaded, .timedOut, .connectionLost, .invalidResponse, .failed,
                .unsupportedAnswerForm:
                false
            case .rejectedRequest, .unauthorised, .forbidden, .notFound, .balanceExhausted: true
            }
        }
    }

    /// The kind of failure.
    public var kind: Kind
    /// What happened and what to do about it, in whole sentences; without keys and without prompts.
    public var message: String
    /// How long the server asks to be left alone.
    public var retryAfter: Duration?
    /// The tokens that the failed call cost, when they are known.
    public var usage: LanguageModelResponse.Usage?

    /// Creates a failure.
    public init(
        _ kind: Kind, _ message: String, retryAfter: Duration? = nil, usage: LanguageModelResponse.Usage? = nil
    ) {
        self.kind = kind
        self.message = message
        self.retryAfter = retryAfter
        self.usage = usage
    }

    /// The message.
    public var description: String { message }
}
