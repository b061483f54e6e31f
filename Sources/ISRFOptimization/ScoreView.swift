/// A view of user and item that has a part in the final score.
///
/// The first three are the views inside the generative model; the others say directly what a graph or the text says,
/// with no training at all.
public enum ScoreView: String, Sendable, Codable, CodingKeyRepresentable, CaseIterable {
    /// The generative model's reading of the history's order.
    case sequence
    /// The generative model's explicit individual interests.
    case individual
    /// The generative model's implicit group interests.
    case group
    /// Items that follow the most recent items of the history in training histories (interaction graph).
    case transitions
    /// Items that stand near those of the history in training histories, before or after (interaction graph).
    case companions
    /// Items whose reasoned texts are alike.
    case content
    /// Items that have the same attributes as those of the history, rare attributes counting more.
    case attributes
    /// Items that similar users took (user graph).
    case similarUsers
    /// How often everybody took the item.
    case popularity

    /// Whether the view belongs to the generative model.
    public var isGenerative: Bool {
        switch self {
        case .sequence, .individual, .group: true
        case .transitions, .companions, .content, .attributes, .similarUsers, .popularity: false
        }
    }
}

/// How the views add up to the final score: `weight * value` for generative views, `weight * ln(1 + value / scale)`
/// for direct ones, each times its factor when there is a gate.
public struct ScoreWeights: Sendable, Codable, Hashable {
    /// One view's share.
    public struct Term: Sendable, Codable, Hashable {
        /// What the view's transformed value is multiplied by, 0 or more.
        public var weight: Float
        /// The value of a direct view at which its logarithm begins to flatten, above 0; unused by generative views.
        public var scale: Float

        /// Creates a term.
        public init(weight: Float, scale: Float = 1) {
            self.weight = weight
            self.scale = scale
        }
    }

    /// The terms by view; a view without one has no part in the score.
    public var terms: [ScoreView: Term]
    /// How much more or less each view counts for one user and one item; nil when it counts the same everywhere.
    public var gate: ViewGate?

    /// Creates weights.
    public init(terms: [ScoreView: Term], gate: ViewGate? = nil) {
        self.terms = terms
        self.gate = gate
    }

    /// Checks every term.
    /// - Throws: `ISRFError` (`invalidConfiguration`) that names a view whose term is out of its range.
    public func validate() throws {
        for view in ScoreView.allCases {
            guard let term = terms[view] else { continue }
            try require(
                term.weight >= 0 && term.weight.isFinite, "weights.\(view.rawValue).weight", "0 or more", term.weight)
            try require(
                term.scale > 0 && term.scale.isFinite, "weights.\(view.rawValue).scale", "above 0", term.scale)
        }
        try gate?.validate()
    }

    /// Before anything was learned: the generative model as trained, the direct views with moderate weights.
    public static let initial = ScoreWeights(terms: [
        .sequence: Term(weight: 1), .individual: Term(weight: 1), .group: Term(weight: 1),
        .transitions: Term(weight: 2.5, scale: 0.05), .companions: Term(weight: 0.2, scale: 0.04),
        .content: Term(weight: 0.5, scale: 0.4), .attributes: Term(weight: 1.5, scale: 0.2),
        .similarUsers: Term(weight: 0.2, scale: 0.05), .popularity: Term(weight: 0.3),
    ])
}
