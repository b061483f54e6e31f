/// Guesses the tokens of a call before it is made, from the calls before it.
struct TokenEstimator: Sendable {
    private static let bytesPerToken = 3.5
    private static let greatestMemory = 1000.0

    private var promptBytes = 0.0
    private var promptTokens = 0.0
    private var answers = 0.0
    private var completionTokens = 0.0

    /// What there is to know of a request before it is made.
    struct Size: Sendable, Hashable {
        var promptBytes: Int
        var maximumTokens: Int

        init(_ request: LanguageModelRequest) {
            // A role and its marks take a few tokens as well.
            promptBytes = request.messages.reduce(0) { $0 + $1.text.utf8.count + 12 }
            maximumTokens = request.maximumTokens
        }
    }

    /// The tokens that a request will cost: as many of the answer as it allows until something is known.
    func estimate(of request: Size) -> LanguageModelResponse.Usage {
        let bytes = Double(request.promptBytes)
        let perToken = promptTokens > 0 ? promptBytes / promptTokens : TokenEstimator.bytesPerToken
        let answer = answers > 0 ? completionTokens / answers : Double(request.maximumTokens)
        return .init(
            promptTokens: Int((bytes / max(perToken, 0.1)).rounded(.up)),
            completionTokens: min(request.maximumTokens, Int(answer.rounded(.up))))
    }

    /// Learns from what a request did cost.
    mutating func learn(_ usage: LanguageModelResponse.Usage, of request: Size) {
        promptBytes += Double(request.promptBytes)
        promptTokens += Double(max(0, usage.promptTokens))
        answers += 1
        completionTokens += Double(max(0, usage.completionTokens))
        guard answers > TokenEstimator.greatestMemory else { return }
        // What was long ago counts less: items are followed by users, who are asked differently.
        promptBytes /= 2
        promptTokens /= 2
        answers /= 2
        completionTokens /= 2
    }

    /// What an answer did cost, for models that do not tell.
    func usage(of request: Size, answer: String) -> LanguageModelResponse.Usage {
        let bytes = Double(answer.utf8.count) / TokenEstimator.bytesPerToken
        return .init(
            promptTokens: estimate(of: request).promptTokens, completionTokens: Int(bytes.rounded(.up)))
    }
}
