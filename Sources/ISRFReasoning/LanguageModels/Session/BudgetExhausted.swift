/// Thrown when a budget of `LanguageModelLimits` is used up: nothing more is asked, and the run ends in order.
public struct BudgetExhausted: Error, Sendable, Hashable, CustomStringConvertible {
    /// The budgets.
    public enum Budget: String, Sendable, Hashable, Codable {
        /// `LanguageModelLimits.maximumCalls`.
        case calls
        /// `LanguageModelLimits.maximumTotalTokens`.
        case tokens
        /// `LanguageModelLimits.maximumCost`.
        case cost
    }

    /// The budget that is used up.
    public var budget: Budget
    /// What was allowed, what is used, and what to do to go on: whole sentences.
    public var message: String

    /// Creates an error.
    public init(_ budget: Budget, _ message: String) {
        self.budget = budget
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
