public import ISRFCore

/// One fit of a search and what it came to on validation.
public struct TuningTrial: Sendable, Codable, Hashable {
    /// How much of its epochs a trial was given.
    public enum Budget: String, Sendable, Codable, CaseIterable, Comparable {
        /// A quarter of them.
        case quarter
        /// Half of them.
        case half
        /// All of them.
        case full

        /// The share of the epochs.
        public var share: Double {
            switch self {
            case .quarter: 0.25
            case .half: 0.5
            case .full: 1
            }
        }

        /// Less comes first.
        public static func < (first: Budget, second: Budget) -> Bool { first.share < second.share }
    }

    /// Why there is no result.
    public struct Failure: Sendable, Codable, Hashable {
        /// The kind of failure; nil when a stage of the host's threw an error of its own.
        public var code: ISRFError.Code?
        /// What went wrong.
        public var message: String
    }

    /// The number; 0 is the base configuration.
    public var number: Int
    /// How much of its epochs it was given.
    public var budget: Budget
    /// The values of the settings that are searched, by their keys.
    public var values: [String: TuningValue]
    /// The whole configuration that was fitted, with the seed and with the epochs of the budget.
    public var configuration: ISRFConfiguration
    /// The metrics on validation by name, as in `EvaluationReport`; empty when the trial failed.
    public var metrics: [String: Double]
    /// The epoch whose weights were kept; nil when the trial failed.
    public var bestEpoch: Int?
    /// Fitting and measuring, in seconds.
    public var seconds: Double
    /// Why there is no result; nil when there is one.
    public var failure: Failure?
    /// The trial that had the same configuration, whose result this is; nil when this one was fitted.
    public var repeats: Int?

    /// The configuration without what moves results by rounding alone.
    var identity: ISRFConfiguration {
        var configuration = configuration
        configuration.threads = 0
        return configuration
    }

    /// Whether it would come to the same if it were run again.
    var isFinal: Bool { failure == nil || failure?.code == .invalidConfiguration }
}
