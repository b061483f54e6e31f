/// How hard and how far to call a language model.
public struct LanguageModelLimits: Sendable, Hashable {
    /// The most calls under way at once; nil for as many as the model says are useful. Fewer while the server cannot
    /// keep up.
    public var maximumConcurrency: Int?
    /// The most calls a minute, evenly spaced; below 1 for less than one a minute; nil for any number.
    public var requestsPerMinute: Double?
    /// The most tokens a minute, of messages and answers together; nil for any number.
    public var tokensPerMinute: Double?

    /// How often one call is tried in all when it fails in passing.
    public var maximumAttempts: Int
    /// How long to wait before the second attempt; doubled with every further one. Half of each wait is random.
    public var initialBackoff: Duration
    /// The longest wait before an attempt, unless the server asks for more.
    public var maximumBackoff: Duration
    /// The longest wait that a server may ask for (`LanguageModelFailure.retryAfter`).
    public var maximumRetryAfter: Duration
    /// Seeds the random part of the waits.
    public var seed: UInt64
    /// After how many questions in a row that the server left unanswered, with none answered between them, the run
    /// stops: a server that is gone gives one message and not one for every question.
    public var maximumConsecutiveFailures: Int

    /// The most calls in all, repeated ones included; nil for any number.
    public var maximumCalls: Int?
    /// The most tokens in all, of messages and answers together; nil for any number.
    public var maximumTotalTokens: Int?
    /// The most that all calls may cost, in the unit of the prices; nil for any amount.
    public var maximumCost: Double?
    /// What a million tokens of messages cost.
    public var pricePerMillionPromptTokens: Double
    /// What a million tokens of answers cost.
    public var pricePerMillionCompletionTokens: Double

    /// Creates limits; by default as many calls at once as the model says are useful, six attempts, and no budget.
    public init(
        maximumConcurrency: Int? = nil, requestsPerMinute: Double? = nil, tokensPerMinute: Double? = nil,
        maximumAttempts: Int = 6, initialBackoff: Duration = .milliseconds(500),
        maximumBackoff: Duration = .seconds(60),
        maximumRetryAfter: Duration = .seconds(300), seed: UInt64 = 0, maximumConsecutiveFailures: Int = 16,
        maximumCalls: Int? = nil, maximumTotalTokens: Int? = nil, maximumCost: Double? = nil,
        pricePerMillionPromptTokens: Double = 0, pricePerMillionCompletionTokens: Double = 0
    ) {
        self.maximumConcurrency = maximumConcurrency
        self.requestsPerMinute = requestsPerMinute
        self.tokensPerMinute = tokensPerMinute
        self.maximumAttempts = maximumAttempts
        self.initialBackoff = initialBackoff
        self.maximumBackoff = maximumBackoff
        self.maximumRetryAfter = maximumRetryAfter
        self.seed = seed
        self.maximumConsecutiveFailures = maximumConsecutiveFailures
        self.maximumCalls = maximumCalls
        self.maximumTotalTokens = maximumTotalTokens
        self.maximumCost = maximumCost
        self.pricePerMillionPromptTokens = pricePerMillionPromptTokens
        self.pricePerMillionCompletionTokens = pricePerMillionCompletionTokens
    }

    /// What tokens cost, in the unit of the prices.
    public func cost(of usage: LanguageModelResponse.Usage) -> Double {
        (Double(usage.promptTokens) * pricePerMillionPromptTokens
            + Double(usage.completionTokens) * pricePerMillionCompletionTokens) / 1_000_000
    }
}
