extension LanguageModelTotals {
    /// What was added since an earlier state.
    static func - (later: LanguageModelTotals, earlier: LanguageModelTotals) -> LanguageModelTotals {
        var difference = later
        difference.calls -= earlier.calls
        difference.failures -= earlier.failures
        difference.retries -= earlier.retries
        difference.repairs -= earlier.repairs
        difference.answered -= earlier.answered
        difference.unanswered -= earlier.unanswered
        difference.promptTokens -= earlier.promptTokens
        difference.completionTokens -= earlier.completionTokens
        difference.callsWithoutUsage -= earlier.callsWithoutUsage
        difference.cost -= earlier.cost
        return difference
    }
}

extension LanguageModelSession {
    /// The most calls under way at once.
    var greatestConcurrency: Int { max(1, limits.maximumConcurrency ?? model.capabilities.concurrentRequests) }
}
