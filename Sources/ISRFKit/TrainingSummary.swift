public import ISRFOptimization
public import ISRFReasoning

/// How a recommender came to be, for reports.
public struct TrainingSummary: Sendable, Codable, Hashable {
    /// Every epoch that ran while the number of epochs was chosen.
    public var epochs: [EpochRecord]
    /// The epoch whose weights were kept, from 1.
    public var bestEpoch: Int
    /// Items for which the reasoner failed and attributes were reasoned from instead.
    public var failedItems: Int
    /// Users for whom the reasoner failed and attributes were reasoned from instead.
    public var failedUsers: Int
    /// NDCG@10 of the whole score on the validation cases that its weights were learned on; nil without any.
    public var validationNDCG10: Double?
    /// What reasoned, by its own description (`CustomStringConvertible`) or else its type.
    public var reasoner: String?
    /// What encoded, by its own description or else its type.
    public var encoder: String?
    /// How far profiles went that were reasoned beforehand (`ProfiledReasoner`); nil without them.
    public var profiles: ProfileCoverage?
}
