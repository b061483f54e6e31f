internal import ArgumentParser
internal import ISRFKit

/// How hard and how far a language model is called.
struct LimitOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The most calls at once; fewer while the server cannot keep up.", valueName: "n"))
    var concurrency = 8

    @Option(help: ArgumentHelp("The most calls a minute; 0.5 for one in two minutes.", valueName: "n"))
    var rpm: Double?

    @Option(help: ArgumentHelp("The most tokens a minute, of messages and answers together.", valueName: "n"))
    var tpm: Double?

    @Option(help: ArgumentHelp("How often a call that fails in passing is made in all.", valueName: "n"))
    var attempts = 6

    @Option(help: ArgumentHelp("Stop before more calls than this.", valueName: "n"))
    var maxCalls: Int?

    @Option(help: ArgumentHelp("Stop before more tokens than this.", valueName: "n"))
    var maxTokens: Int?

    @Option(help: ArgumentHelp("Stop before it costs more than this; needs prices.", valueName: "x"))
    var maxCost: Double?

    @Option(help: ArgumentHelp("The price of a million tokens of messages.", valueName: "x"))
    var priceIn: Double?

    @Option(help: ArgumentHelp("The price of a million tokens of answers.", valueName: "x"))
    var priceOut: Double?

    func validate() throws {
        func require(_ holds: Bool, _ name: String, _ expected: String) throws {
            guard holds else { throw ValidationError("The value of '\(name)' must be \(expected).") }
        }
        try require((1...1024).contains(concurrency), "--concurrency", "in 1...1024")
        try require((1...100).contains(attempts), "--attempts", "in 1...100")
        for (name, value) in [("--rpm", rpm), ("--tpm", tpm), ("--max-cost", maxCost)] {
            try require((value ?? 1) > 0 && (value ?? 1).isFinite, name, "a number above 0")
        }
        for (name, value) in [("--price-in", priceIn), ("--price-out", priceOut)] {
            try require((value ?? 0) >= 0 && (value ?? 0).isFinite, name, "a number, 0 or more")
        }
        try require((maxCalls ?? 1) >= 1, "--max-calls", "at least 1")
        try require((maxTokens ?? 1) >= 1, "--max-tokens", "at least 1")
        if maxCost != nil, (priceIn ?? 0) + (priceOut ?? 0) <= 0 {
            throw ValidationError("The option '--max-cost' needs '--price-in' and '--price-out'.")
        }
    }

    /// The limits that the options mean.
    var limits: LanguageModelLimits {
        LanguageModelLimits(
            maximumConcurrency: concurrency, requestsPerMinute: rpm, tokensPerMinute: tpm, maximumAttempts: attempts,
            maximumCalls: maxCalls, maximumTotalTokens: maxTokens, maximumCost: maxCost,
            pricePerMillionPromptTokens: priceIn ?? 0, pricePerMillionCompletionTokens: priceOut ?? 0)
    }
}
