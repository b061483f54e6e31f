public import ISRFCore

extension LanguageModelLimits {
    /// Checks that the limits make sense together.
    /// - Throws: `ISRFError` with the code `invalidConfiguration`, which names the limit.
    public func validate() throws(ISRFError) {
        try require(maximumConcurrency.map { $0 >= 1 }, "maximumConcurrency", "at least 1")
        try require(requestsPerMinute.map { $0.isFinite && $0 >= 0.001 }, "requestsPerMinute", "at least 0.001")
        try require(tokensPerMinute.map { $0.isFinite && $0 >= 1 }, "tokensPerMinute", "at least 1")
        try require(maximumAttempts >= 1, "maximumAttempts", "at least 1")
        try require(initialBackoff >= .zero, "initialBackoff", "not negative")
        try require(maximumBackoff >= .zero, "maximumBackoff", "not negative")
        try require(maximumRetryAfter >= .zero, "maximumRetryAfter", "not negative")
        try require(maximumConsecutiveFailures >= 1, "maximumConsecutiveFailures", "at least 1")
        try require(maximumCalls.map { $0 >= 0 }, "maximumCalls", "not negative")
        try require(maximumTotalTokens.map { $0 >= 0 }, "maximumTotalTokens", "not negative")
        try require(maximumCost.map { $0.isFinite && $0 >= 0 }, "maximumCost", "not negative")
        let prices = [
            ("pricePerMillionPromptTokens", pricePerMillionPromptTokens),
            ("pricePerMillionCompletionTokens", pricePerMillionCompletionTokens),
        ]
        for (name, price) in prices { try require(price.isFinite && price >= 0, name, "not negative") }
        if maximumCost != nil, prices.allSatisfy({ $0.1 == 0 }) {
            throw ISRFError(
                .invalidConfiguration,
                "maximumCost cannot be kept without prices. Set pricePerMillionPromptTokens and "
                    + "pricePerMillionCompletionTokens.", at: .init(field: "maximumCost"))
        }
    }

    private func require(_ condition: Bool?, _ name: String, _ expected: String) throws(ISRFError) {
        guard condition == false else { return }
        throw ISRFError(
            .invalidConfiguration, "The limit \(name) has to be \(expected).", at: .init(field: name))
    }
}
