internal import Foundation
internal import ISRFCore
internal import ISRFData

/// What makes a search the one that it is: trials in a directory belong together when this is the same.
struct TuningIdentity: Sendable, Codable, Hashable {
    var format = "isrf-tuning"
    var version = 1
    /// SHA-256 over items, training and validation interactions.
    var data: String
    /// The base configuration, with the seed that trials are drawn by.
    var configuration: ISRFConfiguration
    var space: TuningSpace
    var reasoner: String
    var encoder: String

    init(_ search: TuningSearch, data: String) {
        self.data = data
        configuration = search.configuration
        // Another number of threads moves results by rounding alone.
        configuration.threads = 0
        space = search.space
        let pipeline = search.makePipeline(search.configuration)
        reasoner = StageName.of(pipeline.reasoner)
        encoder = StageName.of(pipeline.encoder)
    }

    /// In what a search that is there differs from this one; nil when it is the same.
    func difference(from other: TuningIdentity) -> String? {
        if other.format != format || other.version != version { return "it is of version \(other.version)" }
        if other.data != data { return "its items, training or validation interactions are others" }
        if other.configuration.seed != configuration.seed {
            return "its seed is \(other.configuration.seed), not \(configuration.seed)"
        }
        for key in configuration.settingKeys {
            let (theirs, ours) = (other.configuration.value(of: key), configuration.value(of: key))
            if let theirs, let ours, theirs != ours { return "its base has \(key) at \(theirs), not at \(ours)" }
        }
        if other.space != space { return "its search space is another" }
        if other.reasoner != reasoner { return "its reasoner is \(other.reasoner), not \(reasoner)" }
        if other.encoder != encoder { return "its encoder is \(other.encoder), not \(encoder)" }
        return other == self ? nil : "its settings are others"
    }
}
