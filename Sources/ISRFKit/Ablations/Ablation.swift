public import ISRFOptimization

/// A part of the method that is left out, or added, to see what it is worth.
///
/// It is what it changes: settings, whether anything is reasoned, how the views are trained, which of them count. Hosts
/// make their own and hand them to `AblationStudy`. Ablations that train alike share one fit.
public struct Ablation: Sendable {
    /// The name in tables and file names: letters, digits, `-`, `_` and `.`.
    public var name: String
    /// What is left out, in a sentence.
    public var summary: String
    /// Whether items and users are reasoned about; when false, `PlainTextReasoner` stands in for the pipeline's reasoner.
    public var reasons: Bool
    /// Whether the views of the generative model are trained together (`AlternatingBatchOptimizer.trainsViewsTogether`);
    /// when false, the default optimiser takes the place of the pipeline's.
    public var trainsViewsTogether: Bool
    /// The views that have no part in the score; how much the others count is learned without them.
    public var removedViews: Set<ScoreView>
    /// Whether a gate over the views is learned.
    public var gates: Bool
    /// Changes the settings.
    public var configure: @Sendable (inout ISRFConfiguration) -> Void

    /// Creates an ablation that changes nothing but what is given.
    public init(
        name: String, summary: String, reasons: Bool = true, trainsViewsTogether: Bool = true,
        removing removedViews: Set<ScoreView> = [], gates: Bool = true,
        configure: @escaping @Sendable (inout ISRFConfiguration) -> Void = { _ in }
    ) {
        self.name = name
        self.summary = summary
        self.reasons = reasons
        self.trainsViewsTogether = trainsViewsTogether
        self.removedViews = removedViews
        self.gates = gates
        self.configure = configure
    }

    /// The weights that learning begins with: the usual ones, without the removed views.
    public var initialWeights: ScoreWeights {
        var weights = ScoreWeights.initial
        for view in removedViews { weights.terms[view] = nil }
        return weights
    }
}

extension Ablation {
    /// Nothing is left out: what every ablation is compared with.
    public static let full = Ablation(name: "full", summary: "the whole pipeline")

    /// What the project measures.
    public static let standard = [
        noReasoning, noInteractionGraph, noUserGraph, alignment, noIteration, sequentialOnly, sequentialAndDirect,
        sequentialAndExplanation, allTasks, generatorOnly, directViewsOnly, noGate,
    ]

    /// After how many sequential batches a task's batch follows where the settings have none.
    private static let usualInterval = 16

    private static func interval(_ setting: Int) -> Int { setting > 0 ? setting : usualInterval }

    /// An item is its own attributes, a user the attributes of the recent items.
    public static let noReasoning = Ablation(
        name: "no-reasoning", summary: "no profiles: an item is its own text, a user the texts of the recent items",
        reasons: false)

    /// No propagation, and none of the views that read the graph directly.
    public static let noInteractionGraph = Ablation(
        name: "no-interaction-graph", summary: "no propagation along interactions, no views of what follows what",
        removing: [.transitions, .companions]
    ) { $0.graph.layers = 0 }

    /// Nobody has similar users, so there is no group to be aligned with.
    public static let noUserGraph = Ablation(
        name: "no-user-graph", summary: "no similar users, no group view, no alignment",
        removing: [.group, .similarUsers]
    ) {
        $0.users.neighbours = 0
        $0.training.alignmentWeight = 0
    }

    /// Individual and group vectors are held against each other; with the weight 0.01 where the settings have none.
    public static let alignment = Ablation(
        name: "alignment", summary: "individual and group vectors aligned in every batch"
    ) { if $0.training.alignmentWeight == 0 { $0.training.alignmentWeight = 0.01 } }

    /// Each view of the model learns by itself, and they meet in the score alone.
    public static let noIteration = Ablation(
        name: "no-iteration", summary: "each view trained by itself: no direct or explanation batches, no alignment",
        trainsViewsTogether: false
    ) {
        $0.training.directEvery = 0
        $0.training.explanationEvery = 0
        $0.training.alignmentWeight = 0
        $0.training.rounds = 1
    }

    /// The sequential task alone.
    public static let sequentialOnly = Ablation(
        name: "sequential-only", summary: "sequential batches alone"
    ) {
        $0.training.directEvery = 0
        $0.training.explanationEvery = 0
    }

    /// Sequential and direct batches; direct ones after every 16 where the settings have none.
    public static let sequentialAndDirect = Ablation(
        name: "sequential-direct", summary: "sequential and direct batches, no explanation"
    ) {
        $0.training.directEvery = interval($0.training.directEvery)
        $0.training.explanationEvery = 0
    }

    /// Sequential and explanation batches; explanation after every 16 where the settings have none.
    public static let sequentialAndExplanation = Ablation(
        name: "sequential-explanation", summary: "sequential and explanation batches, no direct ones"
    ) {
        $0.training.directEvery = 0
        $0.training.explanationEvery = interval($0.training.explanationEvery)
    }

    /// All three tasks; those that the settings leave out after every 16 sequential batches.
    public static let allTasks = Ablation(
        name: "all-tasks", summary: "sequential, direct and explanation batches"
    ) {
        $0.training.directEvery = interval($0.training.directEvery)
        $0.training.explanationEvery = interval($0.training.explanationEvery)
    }

    /// The fit of the whole pipeline, scored by the generative model alone.
    public static let generatorOnly = Ablation(
        name: "generator-only", summary: "the views inside the generative model alone; the same fit as full",
        removing: Set(ScoreView.allCases.filter { !$0.isGenerative }))

    /// The fit of the whole pipeline, scored by what graphs and texts say directly.
    public static let directViewsOnly = Ablation(
        name: "direct-views-only", summary: "what graphs and texts say directly alone; the same fit as full",
        removing: Set(ScoreView.allCases.filter(\.isGenerative)))

    /// The fit of the whole pipeline, in which each view counts the same for every user and item.
    public static let noGate = Ablation(
        name: "no-gate", summary: "no gate: a view counts the same for every user and item; the same fit as full",
        gates: false)
}
