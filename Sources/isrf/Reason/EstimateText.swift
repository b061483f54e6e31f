internal import ISRFKit

/// What `isrf reason --dry-run` prints.
struct EstimateText {
    let text: String

    init(_ estimate: ReasoningEstimate) {
        let limits = estimate.limits
        var lines = [EstimateText.table(estimate), "", EstimateText.time(estimate)]
        if limits.pricePerMillionPromptTokens + limits.pricePerMillionCompletionTokens > 0 {
            lines.append(
                "Cost: \(decimal(estimate.cost, digits: 4)), at \(EstimateText.price(limits.pricePerMillionPromptTokens)) for a "
                    + "million tokens in and \(EstimateText.price(limits.pricePerMillionCompletionTokens)) out.")
        } else {
            lines.append("For the cost give --price-in and --price-out.")
        }
        if let sample = estimate.sample {
            lines.append(
                "Measured on \(Wording.count(sample.calls, "call")): \(decimal(sample.secondsPerCall, digits: 2)) s each, "
                    + "\(EstimateText.times(sample.promptRatio)) the estimated tokens in and "
                    + "\(EstimateText.times(sample.completionRatio)) those out. Their answers are in the store.")
        } else {
            lines.append(
                "Tokens follow from the prompts and from answers as long as allowed; --sample measures on real calls.")
        }
        text = lines.joined(separator: "\n")
    }

    private static func table(_ estimate: ReasoningEstimate) -> String {
        var table = TextTable(
            [.left, .right, .right, .right, .right],
            header: ["step", "calls", "answered or equal", "tokens in", "tokens out"])
        func add(_ name: String, _ step: ReasoningEstimate.Step) {
            table.add(
                [name] + [step.calls, step.stored, step.promptTokens, step.completionTokens].map { Wording.count($0) })
        }
        for step in ReasoningStep.allCases {
            if let share = estimate.steps[step] { add(step.rawValue, share) }
        }
        var all = ReasoningEstimate.Step()
        (all.calls, all.stored) = (estimate.calls, estimate.stored)
        (all.promptTokens, all.completionTokens) = (estimate.promptTokens, estimate.completionTokens)
        add("all", all)
        return table.text()
    }

    private static func time(_ estimate: ReasoningEstimate) -> String {
        guard estimate.calls > 0 else { return "Nothing is left to ask." }
        return
            "Time: about \(Wording.duration(estimate.seconds)), with \(Wording.count(estimate.concurrency, "call")) at "
            + "once and \(decimal(estimate.secondsPerCall, digits: 1)) s for each\(estimate.sample == nil ? " (a guess)" : "")."
    }

    private static func price(_ value: Double) -> String { decimal(value, digits: 3) }

    private static func times(_ ratio: Double) -> String { "\(decimal(ratio, digits: 2)) times" }

    /// The same for programs.
    struct Report: Encodable, Sendable {
        var steps: [String: ReasoningEstimate.Step]
        var calls: Int
        var stored: Int
        var promptTokens: Int
        var completionTokens: Int
        var seconds: Double
        var cost: Double
        var concurrency: Int
        var sample: ReasoningEstimate.Sample?

        init(_ estimate: ReasoningEstimate) {
            steps = Dictionary(uniqueKeysWithValues: estimate.steps.map { ($0.key.rawValue, $0.value) })
            calls = estimate.calls
            stored = estimate.stored
            promptTokens = estimate.promptTokens
            completionTokens = estimate.completionTokens
            seconds = estimate.seconds
            cost = estimate.cost
            concurrency = estimate.concurrency
            sample = estimate.sample
        }
    }
}
