public import ISRFCore
public import ISRFInteractionGraph
public import ISRFOptimization
public import ISRFReasoning

/// Everything that can be set about the default pipeline; one default for all data sets.
public struct ISRFConfiguration: Sendable, Codable, Hashable {
    /// The reasoning stage.
    public struct Reasoning: Sendable, Codable, Hashable {
        /// Items or users that are reasoned about at once.
        public var concurrency = 8
        /// How many of a user's most recent training items a user's reasoning reads.
        public var recentItems = 20
        /// The default reasoner.
        public var attributes = AttributeReasoner.Configuration()
        /// The default text encoder.
        public var encoder = LatentSemanticEncoder.Configuration()

        /// The default.
        public init() {}
    }

    /// The interaction graph.
    public struct Graph: Sendable, Codable, Hashable {
        /// How many times vectors are passed on along interactions.
        public var layers = 2
        /// How near items stand to each other in histories.
        public var transitions = ItemTransitions.Configuration()

        /// The default.
        public init() {}
    }

    /// The user graph.
    public struct Users: Sendable, Codable, Hashable {
        /// How many similar users each user has.
        public var neighbours = 100

        /// The default.
        public init() {}
    }

    /// Learning how much each view counts in the final score.
    public struct Weighing: Sendable, Codable, Hashable {
        /// Validation users to learn from, at most.
        public var maximumCases = 20_000

        /// The default.
        public init() {}
    }

    /// The seed of every random choice.
    public var seed: UInt64 = 1
    /// Threads for heavy work; 0 for as many as the machine has processors.
    public var threads = 0
    /// The reasoning stage.
    public var reasoning = Reasoning()
    /// The interaction graph.
    public var graph = Graph()
    /// The user graph.
    public var users = Users()
    /// The generative model.
    public var model = GenerativeConfiguration()
    /// The training schedule.
    public var training = OptimizerConfiguration()
    /// What graphs and texts say directly.
    public var views = DirectViews.Configuration()
    /// Learning how much each view counts.
    public var weighing = Weighing()

    /// The default.
    public init() {}

    /// Checks every value.
    /// - Throws: `ISRFError` (`invalidConfiguration`) that names the first value that is out of its range.
    public func validate() throws {
        func require(_ condition: Bool, _ key: String, _ expected: String, _ value: some Any) throws {
            guard !condition else { return }
            throw ISRFError(
                .invalidConfiguration, "The configuration's \(key) is \(value); it must be \(expected).",
                at: .init(field: key))
        }
        try require(threads >= 0 && threads <= 1024, "threads", "in 0...1024", threads)
        try require(reasoning.concurrency >= 1, "reasoning.concurrency", "at least 1", reasoning.concurrency)
        try require(reasoning.recentItems >= 1, "reasoning.recentItems", "at least 1", reasoning.recentItems)
        try reasoning.attributes.validate(as: "reasoning.attributes")
        try reasoning.encoder.validate(as: "reasoning.encoder")
        try require(graph.layers >= 0 && graph.layers <= 16, "graph.layers", "in 0...16", graph.layers)
        try graph.transitions.validate()
        try require(users.neighbours >= 0, "users.neighbours", "0 or more", users.neighbours)
        try require(weighing.maximumCases >= 1, "weighing.maximumCases", "at least 1", weighing.maximumCases)
        try model.validate()
        try training.validate()
        try views.validate()
    }

    /// The number of threads that `threads` stands for on this machine.
    public var parallelism: Parallelism {
        Parallelism(threads: threads > 0 ? threads : Parallelism.processorCount)
    }
}
