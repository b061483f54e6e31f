public import ISRFCore
public import ISRFNumerics

/// Encodes texts by latent semantic analysis: TF-IDF terms, projected on what they have in common.
///
/// A text's terms (words, category levels, brands and other short phrases; see `ItemDocument`) are weighted by inverse
/// document frequency and projected by the truncated singular value decomposition of the texts that the encoder was
/// fitted to. What the decomposition leaves over, the rare terms that tell one product line from the next, is kept as
/// well, by a random projection of the residual, which preserves inner products on average. The vector is the two parts
/// side by side, scaled to unit length:
///
///     head     = (x V) S^(p - 1) c                 p = spectrumPower, c keeps the head's total length
///     residual = x (I - V V^T) G / sqrt(m)         G: random signs, m = residualDimensions
///
/// A word that the encoder has not seen is made of the known words that it resembles (`SubwordIndex`).
public struct LatentSemanticEncoder: TextEncoder {
    /// How an encoder is fitted.
    public struct Configuration: Sendable, Codable, Hashable {
        /// Dimensions of the decomposition's part; fewer when the texts have fewer.
        public var latentDimensions: Int
        /// Dimensions of the residual's part; 0 leaves it out.
        public var residualDimensions: Int
        /// Terms in fewer texts than this are treated as unseen.
        public var minimumDocumentFrequency: Int
        /// The most terms; of more, the most frequent are kept.
        public var maximumTerms: Int
        /// How far strong components outweigh weak ones: 1 as in the texts, 0 all alike.
        public var spectrumPower: Float
        /// The weight of a category level, against 1 for a word.
        public var pathWeight: Float
        /// The seed of the decomposition's start and of the residual's signs.
        public var seed: UInt64

        /// Creates a configuration.
        public init(
            latentDimensions: Int = 256, residualDimensions: Int = 256, minimumDocumentFrequency: Int = 2,
            maximumTerms: Int = 50_000, spectrumPower: Float = 0.25, pathWeight: Float = 0.6, seed: UInt64 = 0
        ) {
            self.latentDimensions = latentDimensions
            self.residualDimensions = residualDimensions
            self.minimumDocumentFrequency = minimumDocumentFrequency
            self.maximumTerms = maximumTerms
            self.spectrumPower = spectrumPower
            self.pathWeight = pathWeight
            self.seed = seed
        }

        /// Checks every value; errors name the key below `key`.
        package func validate(as key: String? = nil) throws {
            func require(_ holds: Bool, _ name: String, _ expected: String) throws {
                guard holds else {
                    throw ISRFError(
                        .invalidConfiguration, "The text encoder's \(name) must be \(expected).",
                        at: .init(field: key.map { "\($0).\(name)" } ?? name))
                }
            }
            try require(latentDimensions >= 1, "latentDimensions", "at least 1")
            try require(residualDimensions >= 0, "residualDimensions", "at least 0")
            try require(minimumDocumentFrequency >= 1, "minimumDocumentFrequency", "at least 1")
            try require(maximumTerms >= 1, "maximumTerms", "at least 1")
            try require((0...1).contains(spectrumPower), "spectrumPower", "from 0 to 1")
            try require(pathWeight > 0 && pathWeight.isFinite, "pathWeight", "a number above 0")
        }
    }

    /// How the encoder is or was fitted.
    public let configuration: Configuration
    /// How fitting and encoding are divided over threads.
    public let parallelism: Parallelism
    private let model: LatentSemanticModel?

    /// Creates an encoder; `fitted(to:)` gives one that can encode.
    public init(configuration: Configuration = Configuration(), parallelism: Parallelism = .serial) {
        self.configuration = configuration
        self.parallelism = parallelism
        model = nil
    }

    private init(configuration: Configuration, parallelism: Parallelism, model: LatentSemanticModel) {
        self.configuration = configuration
        self.parallelism = parallelism
        self.model = model
    }

    /// The width of the vectors; 0 before fitting.
    public var dimensions: Int { model?.projection.columns ?? 0 }

    /// Learns terms, their weights and the projection.
    /// - Throws: `ISRFError` (`invalidConfiguration`) for a value out of range, (`invalidData`) without any text,
    ///   (`numericalFailure`) when the decomposition fails; `CancellationError`.
    public func fitted(to texts: [String]) async throws -> any TextEncoder {
        try encoder(fittedTo: texts)
    }

    /// The same as `fitted(to:)`, of this type.
    public func encoder(fittedTo texts: [String]) throws -> LatentSemanticEncoder {
        try configuration.validate()
        guard !texts.isEmpty else {
            throw ISRFError(.invalidData, "The text encoder cannot be fitted without texts; give at least one.")
        }
        let model = try LatentSemanticModel(texts: texts, configuration: configuration, parallelism: parallelism)
        return LatentSemanticEncoder(configuration: configuration, parallelism: parallelism, model: model)
    }

    /// Encodes texts: a matrix of texts x `dimensions`, each row of unit length or, with nothing known in its text, zero.
    /// - Throws: `ISRFError` (`contractViolation`) before fitting; `CancellationError`.
    public func encode(_ texts: [String]) async throws -> Matrix {
        guard let model else {
            throw ISRFError(
                .contractViolation,
                "The text encoder has not been fitted; ask the encoder that fitted(to:) returns.")
        }
        return try model.encode(texts, parallelism: parallelism)
    }

    // MARK: - Saving

    /// What a fitted encoder consists of: a part for JSON and a part for a tensor file.
    public struct State: Sendable, Equatable {
        /// The part for JSON.
        public struct Description: Sendable, Codable, Hashable {
            /// How the encoder was fitted.
            public var configuration: Configuration
            /// The number of texts that it was fitted to.
            public var textCount: Int
            /// The terms, in the order of the projection's rows.
            public var terms: [String]
        }

        /// The part for JSON.
        public var description: Description
        /// `projection`: terms x dimensions; `weights`: 1 x terms, the inverse document frequencies.
        public var matrices: [String: Matrix]

        /// Creates a state from its parts, as they were read from files.
        public init(description: Description, matrices: [String: Matrix]) {
            self.description = description
            self.matrices = matrices
        }
    }

    /// The state of a fitted encoder, from which `init(state:parallelism:)` makes one that encodes bit for bit alike.
    /// - Throws: `ISRFError` (`contractViolation`) before fitting.
    public func state() throws -> State {
        guard let model else {
            throw ISRFError(.contractViolation, "The text encoder has not been fitted; there is no state to save.")
        }
        return State(
            description: .init(configuration: configuration, textCount: model.textCount, terms: model.terms),
            matrices: [
                "projection": model.projection,
                "weights": Matrix(rows: 1, columns: model.weights.count, elements: model.weights),
            ])
    }

    /// Restores a fitted encoder.
    /// - Throws: `ISRFError` (`invalidModel`) when parts are missing or contradict each other.
    public init(state: State, parallelism: Parallelism = .serial) throws {
        let terms = state.description.terms
        guard let projection = state.matrices["projection"], let weights = state.matrices["weights"] else {
            throw ISRFError(.invalidModel, "The text encoder's tensors \"projection\" and \"weights\" are needed.")
        }
        guard projection.rows == terms.count, projection.columns > 0, weights.rows == 1,
            weights.columns == terms.count, state.description.textCount > 0, Set(terms).count == terms.count
        else {
            throw ISRFError(
                .invalidModel,
                "The text encoder has \(terms.count) terms, but a projection of \(projection.rows) x "
                    + "\(projection.columns) and weights of \(weights.rows) x \(weights.columns).")
        }
        guard projection.isFinite, weights.isFinite else {
            throw ISRFError(.invalidModel, "The text encoder's tensors hold values that are not finite.")
        }
        try state.description.configuration.validate()
        self.init(
            configuration: state.description.configuration, parallelism: parallelism,
            model: LatentSemanticModel(
                terms: terms, weights: weights.elements, projection: projection,
                textCount: state.description.textCount, pathWeight: state.description.configuration.pathWeight))
    }
}
