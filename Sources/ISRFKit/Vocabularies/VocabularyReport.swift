public import ISRFEvaluation
public import ISRFOptimization

/// Whole items and semantic identifiers beside each other: accuracy, time and memory on one data set.
public struct VocabularyReport: Sendable, Codable, Hashable {
    /// How items were written.
    public struct Identifiers: Sendable, Codable, Hashable {
        /// For each place of a sequence the number of different tokens.
        public var placeSizes: [Int]
        /// Whether the last place tells items with the same codes apart.
        public var hasDisambiguation: Bool
        /// How many prefixes were kept at each level.
        public var beamWidth: Int
        /// Every epoch that the decoder was trained for.
        public var epochs: [SemanticIdentifierResult.Epoch]
        /// The epoch whose weights were kept, from 1.
        public var bestEpoch: Int
    }

    /// What a system takes of time and memory.
    public struct Cost: Sendable, Codable, Hashable {
        /// The system's name.
        public var name: String
        /// What fitting took, in seconds. Identifiers need the fit of the other systems as well, which is not in theirs.
        public var fittingSeconds: Double
        /// What lists for 1,000 users took, in seconds, their groups being known: the fastest of several passes.
        public var rankingSeconds: Double
        /// The bytes of the trained model, which every system needs. What the pipeline reads of graphs and texts beside
        /// it is not counted.
        public var modelBytes: Int
        /// The bytes of the decoder's weights.
        public var decoderBytes: Int
        /// The bytes of all items' codes.
        public var vocabularyBytes: Int
        /// The bytes of the tree of all items' tokens.
        public var trieBytes: Int
    }

    /// How ranking was timed; the threads are those of the protocol.
    public struct Timing: Sendable, Codable, Hashable {
        /// How many users lists were made for in a pass.
        public var users: Int
        /// Users at once.
        public var batchSize: Int
        /// Items in a list.
        public var count: Int
        /// How many passes the fastest was taken of.
        public var passes: Int
    }

    /// The whole pipeline, the trained model alone with whole items, and the same with semantic identifiers.
    public static let systemNames = ["isrf", "whole items", "semantic identifiers"]

    /// The data set.
    public var dataset: EvaluationReport.DataSet
    /// How was measured.
    public var `protocol`: EvaluationReport.EvaluationProtocol
    /// A row for each system and part, in the order of `systemNames`, test before validation.
    public var systems: [EvaluationReport.System]
    /// How items were written as semantic identifiers.
    public var identifiers: Identifiers
    /// A row for each system.
    public var costs: [Cost]
    /// How `Cost.rankingSeconds` was measured.
    public var timing: Timing
}
