public import ISRFCore
public import ISRFNumerics

/// Encodes texts by a BERT sentence model from a folder on this machine, such as all-MiniLM-L6-v2.
///
/// The weights are the host's: nothing is downloaded, and no server is asked. Texts are cut into word pieces as BERT does,
/// run through the transformer, and stand for the mean of their tokens' vectors, scaled to unit length. Weights in half
/// precision are widened when they are read; all computing is in single precision.
///
/// The tokens of a batch lie one after the other without padding, so that a text costs the same whatever stands beside it,
/// and its vector is the same, bit for bit, in every batch and with any number of threads on one processor.
public struct SentenceTransformerEncoder: TextEncoder {
    /// The folder that the model was read from.
    public let path: String
    /// How encoding is divided over threads.
    public let parallelism: Parallelism
    /// The width of the vectors.
    public var dimensions: Int { network.configuration.width }
    /// The most word pieces of a text that count, with the two that stand before and after it.
    public let maximumTokens: Int
    private let network: BERTNetwork
    private let tokenizer: WordPieceTokenizer

    /// Texts are computed together until they have this many tokens: enough for the weights to be worth their reading,
    /// few enough for the intermediate results to stay in the cache.
    private static let tokensInBatch = 512
    private static let textsInChunk = 64

    /// Reads a model.
    /// - Parameters:
    ///   - path: A folder with `model.safetensors` (F32, F16 or BF16), `config.json` (of type `bert`), and `vocab.txt` or
    ///     `tokenizer.json`. `tokenizer_config.json`, `sentence_bert_config.json` (the maximum length),
    ///     `1_Pooling/config.json` (mean pooling) and `modules.json` count where they are there.
    ///   - parallelism: How encoding is divided over threads.
    /// - Throws: `ISRFError` with the file and the field: (`fileAccess`) when a file cannot be read, (`invalidModel`) when
    ///   one is damaged, contradicts another, or asks for what is not supported.
    public init(path: String, parallelism: Parallelism = .serial) throws {
        let folder = try SentenceModelFolder(path: path)
        self.path = path
        self.parallelism = parallelism
        network = folder.network
        tokenizer = folder.tokenizer
        maximumTokens = folder.maximumTokens
    }

    /// Encodes texts: a matrix of texts x `dimensions`, each row of unit length or, without any word piece in its text,
    /// zero.
    /// - Throws: `ISRFError` (`numericalFailure`) when the weights lead to numbers that are not finite;
    ///   `CancellationError`.
    public func encode(_ texts: [String]) async throws -> Matrix {
        try Task.checkCancellation()
        let chunk = Self.textsInChunk
        let tokens = try await parallelism.map(
            (texts.count + chunk - 1) / chunk, state: { FoldedScalars(tokenizer.normalization) }
        ) { number, folded in
            try texts[number * chunk..<min(texts.count, (number + 1) * chunk)].map { text in
                try Task.checkCancellation()
                return tokenizer.tokens(of: text, limit: maximumTokens, folded: folded)
            }
        }.flatMap(\.self)
        let batches = Self.batches(of: tokens.map(\.count))
        let vectors = try await parallelism.map(batches.count, state: BERTNetwork.Workspace.init) { number, workspace in
            try network.meanVectors(of: batches[number].map { tokens[$0] }, in: workspace)
        }
        var result = Matrix(rows: texts.count, columns: dimensions)
        for (batch, numbers) in zip(batches, vectors) {
            guard numbers.allFinite else {
                throw ISRFError(
                    .numericalFailure, "The model's weights lead to vectors that are not finite: they are damaged.",
                    at: .init(file: path))
            }
            for (place, row) in batch.enumerated() {
                result.elements.replaceSubrange(
                    row * dimensions..<(row + 1) * dimensions,
                    with: numbers[place * dimensions..<(place + 1) * dimensions])
            }
        }
        return result
    }

    /// The numbers of the texts that are computed together, longest texts first; texts without tokens are in none.
    static func batches(of lengths: [Int], tokens most: Int = tokensInBatch) -> [[Int]] {
        let sorted = lengths.indices.filter { lengths[$0] > 0 }
            .sorted { (lengths[$1], $0) < (lengths[$0], $1) }
        var batches: [[Int]] = []
        var room = 0
        for text in sorted {
            if lengths[text] > room {
                batches.append([])
                room = max(most, lengths[text])
            }
            batches[batches.count - 1].append(text)
            room -= lengths[text]
        }
        return batches
    }
}
