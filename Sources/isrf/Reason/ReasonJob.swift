internal import ISRFKit

/// What is to be reasoned about, whoever is asked.
struct ReasonJob: Sendable {
    var catalogue: Catalogue
    var training: InteractionLog
    var prompts: ReasoningPrompts
    var store: any ResponseStore
    var limits: LanguageModelLimits
    var options: ReasoningRun.Options

    /// The run that asks a model.
    func run(
        _ model: some LanguageModel, observer: (@Sendable (LanguageModelEvent) -> Void)? = nil
    ) -> ReasoningRun {
        ReasoningRun(
            reasoner: LanguageModelReasoner(
                model: model, prompts: prompts, store: store, limits: limits, observer: observer),
            catalogue: catalogue, training: training, options: options)
    }
}
