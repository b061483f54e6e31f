internal import ISRFReasoning

/// What a stage is called in a model directory.
enum StageName {
    /// The default's short name, a host's own description, or the type: never the values of its properties.
    static func of(_ stage: Any) -> String {
        switch stage {
        case is AttributeReasoner: "attributes"
        case is LatentSemanticEncoder: "latent"
        case let stage as any CustomStringConvertible: stage.description
        default: "\(type(of: stage))"
        }
    }
}
