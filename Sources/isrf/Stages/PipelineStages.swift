internal import ISRFKit
internal import Logging

/// The stages that options have replaced.
struct PipelineStages: Sendable {
    /// What reasons; nil for the default.
    var reasoner: (any SemanticReasoner)?
    /// What encodes; nil for the default.
    var encoder: (any TextEncoder)?

    /// The pipeline with these stages.
    func pipeline(_ configuration: ISRFConfiguration, _ progress: ProgressHandler?) -> RecommenderPipeline {
        RecommenderPipeline(
            configuration: configuration, reasoner: reasoner, encoder: encoder, progress: progress,
            logger: Logger(label: "isrf"))
    }
}
