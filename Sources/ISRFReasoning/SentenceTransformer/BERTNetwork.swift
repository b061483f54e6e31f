internal import ISRFNumerics

/// The forward pass of a BERT encoder over texts that lie one after the other, without padding.
struct BERTNetwork: Sendable {
    struct Layer: Sendable {
        /// Queries, keys and values side by side.
        var projections: LinearLayer
        var attentionOutput: LinearLayer
        var attentionNormalization: LayerNormalization
        var intermediate: LinearLayer
        var output: LinearLayer
        var outputNormalization: LayerNormalization
    }

    let configuration: BERTConfiguration
    /// Vocabulary x width.
    let wordEmbeddings: [Float]
    /// Positions x width, with the embedding of the first token type, which all tokens have.
    let positionEmbeddings: [Float]
    let embeddingNormalization: LayerNormalization
    let layers: [Layer]
    private let attention: SequenceAttention

    init(
        configuration: BERTConfiguration, wordEmbeddings: [Float], positionEmbeddings: [Float],
        embeddingNormalization: LayerNormalization, layers: [Layer]
    ) {
        self.configuration = configuration
        self.wordEmbeddings = wordEmbeddings
        self.positionEmbeddings = positionEmbeddings
        self.embeddingNormalization = embeddingNormalization
        self.layers = layers
        attention = SequenceAttention(width: configuration.width, heads: configuration.heads)
    }

    /// Memory for the intermediate results of batches, used by one task at a time.
    final class Workspace {
        fileprivate var hidden = AlignedNumbers(count: 0)
        fileprivate var wide = AlignedNumbers(count: 0)
        fileprivate var attended = AlignedNumbers(count: 0)
        fileprivate var change = AlignedNumbers(count: 0)
        fileprivate var attention = AlignedNumbers(count: 0)

        fileprivate func prepare(tokens: Int, configuration: BERTConfiguration, attention count: Int) {
            func grow(_ numbers: inout AlignedNumbers, to count: Int) {
                if numbers.count < count { numbers = AlignedNumbers(count: count) }
            }
            grow(&hidden, to: tokens * configuration.width)
            grow(&wide, to: tokens * max(3 * configuration.width, configuration.innerWidth))
            grow(&attended, to: tokens * configuration.width)
            grow(&change, to: tokens * configuration.width)
            grow(&attention, to: count)
        }
    }

    /// The mean of each text's token vectors, scaled to unit length, one text after the other.
    /// - Parameter texts: The tokens of each text: at least one, at most the positions; numbers of the vocabulary.
    /// - Throws: `CancellationError` when the task is cancelled; looked for before each product.
    func meanVectors(of texts: [[Int32]], in workspace: Workspace) throws -> [Float] {
        let width = configuration.width
        let sequences = texts.reduce(into: [Int32(0)]) { $0.append($0[$0.count - 1] + Int32($1.count)) }
        let rows = texts.reduce(0) { $0 + $1.count }
        let longest = texts.reduce(0) { max($0, $1.count) }
        workspace.prepare(
            tokens: rows, configuration: configuration, attention: attention.workingCount(length: longest))
        let (hidden, wide) = (workspace.hidden.start, workspace.wide.start)
        let (attended, change) = (workspace.attended.start, workspace.change.start)
        embed(texts, into: hidden)
        embeddingNormalization.apply(to: rows, of: hidden, adding: nil)
        for layer in layers {
            try Task.checkCancellation()
            layer.projections.apply(to: hidden, rows: rows, into: wide)
            attention.apply(
                to: wide, sequences: sequences, working: workspace.attention.start, into: attended)
            try Task.checkCancellation()
            layer.attentionOutput.apply(to: attended, rows: rows, into: change)
            layer.attentionNormalization.apply(to: rows, of: hidden, adding: change)
            layer.intermediate.apply(to: hidden, rows: rows, into: wide)
            try Task.checkCancellation()
            layer.output.apply(to: wide, rows: rows, into: change)
            layer.outputNormalization.apply(to: rows, of: hidden, adding: change)
        }
        var means = Matrix(rows: texts.count, columns: width)
        for text in texts.indices {
            for row in Int(sequences[text])..<Int(sequences[text + 1]) {
                for column in 0..<width { means.elements[text * width + column] += hidden[row * width + column] }
            }
        }
        // The length of the sum is that of the mean but for a factor.
        return means.normalizedRows().elements
    }

    private func embed(_ texts: [[Int32]], into hidden: UnsafeMutablePointer<Float>) {
        let width = configuration.width
        var target = hidden
        wordEmbeddings.withUnsafeBufferPointer { words in
            positionEmbeddings.withUnsafeBufferPointer { positions in
                for text in texts {
                    for (position, token) in text.enumerated() {
                        let (word, place) = (Int(token) * width, position * width)
                        for column in 0..<width { target[column] = words[word + column] + positions[place + column] }
                        target += width
                    }
                }
            }
        }
    }
}
