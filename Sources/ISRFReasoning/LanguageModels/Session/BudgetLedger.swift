/// What was spent and what is promised to calls under way, against the budgets of the limits.
struct BudgetLedger: Sendable {
    /// Whether one more call may be made.
    enum Verdict {
        case allowed
        /// It may be once calls under way have cost less than they might.
        case later
        case never(BudgetExhausted)
    }

    let limits: LanguageModelLimits
    /// What was spent; calls count from their admission.
    var totals = LanguageModelTotals()
    private var promised = LanguageModelResponse.Usage(promptTokens: 0, completionTokens: 0)

    init(limits: LanguageModelLimits) {
        self.limits = limits
    }

    func verdict(on estimate: LanguageModelResponse.Usage) -> Verdict {
        if let maximum = limits.maximumCalls, totals.calls >= maximum {
            return .never(
                BudgetExhausted(
                    .calls, "The budget of \(maximum) calls is used up. Raise maximumCalls to go on."))
        }
        let spent = LanguageModelResponse.Usage(
            promptTokens: totals.promptTokens, completionTokens: totals.completionTokens)
        if let maximum = limits.maximumTotalTokens {
            let fits = fits(Double(maximum), spent, estimate) { Double($0.promptTokens + $0.completionTokens) }
            if fits == .later { return .later }
            if fits == .never {
                return .never(
                    BudgetExhausted(
                        .tokens,
                        "\(totals.tokens) of the budget of \(maximum) tokens are used up, and the next call needs about "
                            + "\(estimate.promptTokens + estimate.completionTokens). Raise maximumTotalTokens to go on."
                    ))
            }
        }
        if let maximum = limits.maximumCost {
            let fits = fits(maximum, spent, estimate, limits.cost)
            if fits == .later { return .later }
            if fits == .never {
                return .never(
                    BudgetExhausted(
                        .cost,
                        "\(Self.amount(limits.cost(of: spent))) of the budget of \(Self.amount(maximum)) are spent, and "
                            + "the next call costs about \(Self.amount(limits.cost(of: estimate))). Raise maximumCost to "
                            + "go on."))
            }
        }
        return .allowed
    }

    mutating func promise(_ estimate: LanguageModelResponse.Usage) {
        totals.calls += 1
        promised.add(estimate)
    }

    /// Ends a call that was promised its estimate.
    /// - Parameter spent: What it did cost, as far as that is known.
    mutating func settle(_ estimate: LanguageModelResponse.Usage, spent: LanguageModelResponse.Usage?) {
        promised.promptTokens -= estimate.promptTokens
        promised.completionTokens -= estimate.completionTokens
        guard let spent else { return }
        totals.promptTokens += spent.promptTokens
        totals.completionTokens += spent.completionTokens
        totals.cost += limits.cost(of: spent)
    }

    /// Takes back a promise for a call that was never made.
    mutating func withdraw(_ estimate: LanguageModelResponse.Usage) {
        totals.calls -= 1
        settle(estimate, spent: nil)
    }

    private enum Fit {
        case now
        case later
        case never
    }

    private func fits(
        _ maximum: Double, _ spent: LanguageModelResponse.Usage, _ estimate: LanguageModelResponse.Usage,
        _ measure: (LanguageModelResponse.Usage) -> Double
    ) -> Fit {
        let needed = measure(spent) + measure(estimate)
        if measure(spent) >= maximum || needed > maximum { return .never }
        return needed + measure(promised) > maximum ? .later : .now
    }

    private static func amount(_ value: Double) -> String {
        let rounded = (value * 10_000).rounded() / 10_000
        return "\(rounded)"
    }
}

extension LanguageModelResponse.Usage {
    /// Nothing.
    static let none = LanguageModelResponse.Usage(promptTokens: 0, completionTokens: 0)

    mutating func add(_ other: LanguageModelResponse.Usage) {
        promptTokens += other.promptTokens
        completionTokens += other.completionTokens
    }

    /// The usage with numbers that can be added up, whatever a server says.
    var plausible: LanguageModelResponse.Usage {
        let possible = 0...1_000_000_000
        return .init(
            promptTokens: min(max(promptTokens, possible.lowerBound), possible.upperBound),
            completionTokens: min(max(completionTokens, possible.lowerBound), possible.upperBound))
    }
}
