/// What all calls of a session came to.
public struct LanguageModelTotals: Sendable, Hashable, Codable {
    /// Calls made, repeated ones included.
    public var calls = 0
    /// Calls that failed.
    public var failures = 0
    /// Calls made again after a failure in passing.
    public var retries = 0
    /// Calls made to have an invalid answer put right.
    public var repairs = 0
    /// Questions with a valid answer.
    public var answered = 0
    /// Questions left without a valid answer.
    public var unanswered = 0
    /// Tokens of messages, failed calls included as far as they are known; estimated where the model does not tell.
    public var promptTokens = 0
    /// Tokens of answers, likewise.
    public var completionTokens = 0
    /// Answered calls whose tokens are estimated because the model did not tell.
    public var callsWithoutUsage = 0
    /// What the tokens cost, in the unit of the prices.
    public var cost = 0.0

    /// Creates totals of nothing.
    public init() {}

    /// Tokens of messages and answers together.
    public var tokens: Int { promptTokens + completionTokens }
}
