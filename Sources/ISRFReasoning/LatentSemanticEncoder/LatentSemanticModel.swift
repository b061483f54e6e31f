internal import ISRFCore
internal import ISRFNumerics

/// What a latent semantic encoder has learned; immutable and shared by reference.
final class LatentSemanticModel: Sendable {
    /// The terms; a term's number is its place here.
    let terms: [String]
    /// The inverse document frequency of each term.
    let weights: [Float]
    /// Each term's vector, head and residual side by side.
    let projection: Matrix
    /// The number of texts that the weights come from.
    let textCount: Int

    private let extractor: SemanticTerms
    private let numbers: [String: Int]
    private let phrases: PhraseSet
    private let subwords: SubwordIndex

    init(terms: [String], weights: [Float], projection: Matrix, textCount: Int, pathWeight: Float) {
        self.terms = terms
        self.weights = weights
        self.projection = projection
        self.textCount = textCount
        extractor = SemanticTerms(pathWeight: pathWeight)
        numbers = Dictionary(uniqueKeysWithValues: terms.enumerated().map { ($0.element, $0.offset) })
        phrases = PhraseSet(terms.filter(SemanticTerms.isPhrase))
        subwords = SubwordIndex(
            words: terms.enumerated().filter { !SemanticTerms.isPhrase($0.element) }.map { ($0.offset, $0.element) },
            count: terms.count)
    }

    /// Encodes texts: the weighted sum of each text's term vectors, of unit length.
    func encode(_ texts: [String], parallelism: Parallelism) throws -> Matrix {
        let unseenWeight = TermStatistics.weight(frequency: 1, texts: textCount)
        var offsets = [0]
        var columns: [Int32] = []
        var values: [Float] = []
        for (place, text) in texts.enumerated() {
            if place % 256 == 0 { try Task.checkCancellation() }
            var row: [(column: Int32, value: Float)] = []
            for entry in extractor.terms(of: text, phrases: phrases) {
                if let number = numbers[entry.term] {
                    row.append((Int32(number), entry.weight * weights[number]))
                } else if !SemanticTerms.isPhrase(entry.term) {
                    for (number, share) in subwords.resembling(entry.term) {
                        row.append((Int32(number), entry.weight * unseenWeight * share))
                    }
                }
            }
            // A term that is there itself and as part of an unseen word has one entry.
            row.sort { ($0.column, $0.value) < ($1.column, $1.value) }
            for (column, value) in row where value > 0 {
                if let last = columns.indices.last, last >= offsets[place], columns[last] == column {
                    values[last] += value
                } else {
                    columns.append(column)
                    values.append(value)
                }
            }
            offsets.append(columns.count)
        }
        let bag = SparseMatrix(
            rows: texts.count, columns: terms.count, rowOffsets: offsets, columnIndices: columns, values: values)
        return bag.multiplied(by: projection, on: parallelism).normalizedRows()
    }

    /// Learns from texts.
    convenience init(
        texts: [String], configuration: LatentSemanticEncoder.Configuration, parallelism: Parallelism
    ) throws {
        let statistics = try TermStatistics(texts: texts, configuration: configuration)
        guard !statistics.terms.isEmpty else {
            // Texts without a single word: everything encodes as nothing.
            self.init(
                terms: [], weights: [], projection: Matrix(rows: 0, columns: 1), textCount: texts.count,
                pathWeight: configuration.pathWeight)
            return
        }
        let projection = try Self.projection(of: statistics, configuration: configuration, parallelism: parallelism)
        self.init(
            terms: statistics.terms, weights: statistics.weights, projection: projection, textCount: texts.count,
            pathWeight: configuration.pathWeight)
    }

    /// Each term's vector: its row of `V S^(p - 1) c` beside its row of `(I - V V^T) G / sqrt(m)`.
    private static func projection(
        of statistics: TermStatistics, configuration: LatentSemanticEncoder.Configuration, parallelism: Parallelism
    ) throws -> Matrix {
        let matrix = statistics.unitRows
        let rank = min(configuration.latentDimensions, matrix.rows, matrix.columns)
        let decomposition = try matrix.randomizedSVD(
            rank: rank, oversampling: 16, powerIterations: 4, seed: configuration.seed, on: parallelism)
        try Task.checkCancellation()
        // Components with next to no share are noise that a small power would blow up.
        let values = decomposition.values
        let strongest = values.first ?? 0
        let kept = values.prefix { $0 > strongest * 1e-3 }.count
        let energy = values.prefix(kept).reduce(0) { $0 + $1 * $1 }
        let powers = values.prefix(kept).map { $0.power(configuration.spectrumPower) }
        let scale = (energy / powers.reduce(0) { $0 + $1 * $1 }).squareRoot()
        let factors = (0..<kept).map { powers[$0] / values[$0] * scale }

        let termCount = matrix.columns
        var right = Matrix(rows: termCount, columns: kept)
        for term in 0..<termCount {
            for component in 0..<kept { right[term, component] = decomposition.right[term, component] }
        }
        let residualDimensions = kept < termCount ? configuration.residualDimensions : 0
        let signs = randomSigns(rows: termCount, columns: residualDimensions, seed: configuration.seed)
        let overlap = right.multiplied(by: signs, transposeSelf: true, on: parallelism)
        let explained = right.multiplied(by: overlap, on: parallelism)
        let width = max(1, kept + residualDimensions)
        var projection = Matrix(rows: termCount, columns: width)
        for term in 0..<termCount {
            for component in 0..<kept { projection[term, component] = right[term, component] * factors[component] }
            for column in 0..<residualDimensions {
                projection[term, kept + column] = signs[term, column] - explained[term, column]
            }
        }
        guard projection.isFinite else {
            throw ISRFError(.numericalFailure, "The text encoder's decomposition gave values that are not finite.")
        }
        return projection
    }

    /// Signs of either kind with equal chance, divided by the square root of their number in a row.
    private static func randomSigns(rows: Int, columns: Int, seed: UInt64) -> Matrix {
        var signs = Matrix(rows: rows, columns: columns)
        guard columns > 0 else { return signs }
        let size = 1 / Float(columns).squareRoot()
        var random = SeededRandom(seed: seed, stream: 1)
        var bits: UInt64 = 0
        for place in signs.elements.indices {
            if place % 64 == 0 { bits = random.next() }
            signs.elements[place] = bits & 1 == 0 ? size : -size
            bits >>= 1
        }
        return signs
    }
}
