/// What a `ReasoningRun` would ask and spend.
public struct ReasoningEstimate: Sendable, Hashable {
    /// One step's share.
    public struct Step: Sendable, Hashable, Codable {
        /// Questions still to be asked.
        public var calls = 0
        /// Questions that are answered in the store, or that are the same as another one to be asked.
        public var stored = 0
        /// About the tokens of the messages to be sent.
        public var promptTokens = 0
        /// About the tokens of the answers to come.
        public var completionTokens = 0

        /// Creates a share of nothing.
        public init() {}
    }

    /// What real calls, made to find out, have shown.
    public struct Sample: Sendable, Hashable, Codable {
        /// The calls made; their answers are in the store.
        public var calls: Int
        /// Tokens of messages, measured, for each one estimated.
        public var promptRatio: Double
        /// Tokens of answers, measured, for each one estimated.
        public var completionRatio: Double
        /// The mean time from question to answer.
        public var secondsPerCall: Double
    }

    /// The steps that are asked for.
    public var steps: [ReasoningStep: Step] = [:]
    /// The measurement that the figures are scaled by, nil when they follow from prompts and word limits alone.
    public var sample: Sample?
    /// How many calls are under way at once.
    public var concurrency = 1
    /// The limits that time and cost follow from.
    public var limits: LanguageModelLimits

    init(concurrency: Int, limits: LanguageModelLimits) {
        self.concurrency = concurrency
        self.limits = limits
    }

    /// Questions still to be asked.
    public var calls: Int { sum(\.calls) }
    /// Questions that need not be asked.
    public var stored: Int { sum(\.stored) }
    /// About the tokens of the messages to be sent.
    public var promptTokens: Int { sum(\.promptTokens) }
    /// About the tokens of the answers to come.
    public var completionTokens: Int { sum(\.completionTokens) }

    /// About what it will cost, in the unit of the prices.
    public var cost: Double { limits.cost(of: .init(promptTokens: promptTokens, completionTokens: completionTokens)) }

    /// The time from question to answer: measured, or else assumed to be a second and a sixtieth for every token of the
    /// answer.
    public var secondsPerCall: Double {
        sample?.secondsPerCall ?? (calls == 0 ? 0 : 1 + Double(completionTokens) / Double(calls) / 60)
    }

    /// About how many seconds it will take, by the calls at once and the rates allowed.
    public var seconds: Double {
        var seconds = Double(calls) * secondsPerCall / Double(max(1, concurrency))
        if let rate = limits.requestsPerMinute { seconds = max(seconds, 60 * Double(calls) / rate) }
        if let rate = limits.tokensPerMinute {
            seconds = max(seconds, 60 * Double(promptTokens + completionTokens) / rate)
        }
        return seconds
    }

    private func sum(_ value: KeyPath<Step, Int>) -> Int { steps.values.reduce(0) { $0 + $1[keyPath: value] } }

    /// Scales the tokens by what a sample has shown.
    mutating func scale(by sample: Sample) {
        self.sample = sample
        func scaled(_ tokens: Int, _ ratio: Double) -> Int { Int((Double(tokens) * ratio).rounded()) }
        steps = steps.mapValues { step in
            var step = step
            step.promptTokens = scaled(step.promptTokens, sample.promptRatio)
            step.completionTokens = scaled(step.completionTokens, sample.completionRatio)
            return step
        }
    }
}
