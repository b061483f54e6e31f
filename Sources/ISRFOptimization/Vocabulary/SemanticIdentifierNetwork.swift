internal import ISRFCore
internal import ISRFNumerics

/// The token decoder on a tape: from a user's state and the tokens so far to the next token.
///
/// A small causal transformer reads the state and then the tokens, one position each; what it finds is added to the
/// state. Logits are dot products with the vectors of the place's tokens, so that with the quantiser's centres as
/// token vectors and nothing learned yet, the logits of an item's tokens add up to that of its reconstructed vector.
struct SemanticIdentifierNetwork {
    let configuration: SemanticIdentifierConfiguration
    let vocabulary: SemanticIdentifierVocabulary
    let parameters: [String: Variable]
    let tape: Tape

    init(
        configuration: SemanticIdentifierConfiguration, vocabulary: SemanticIdentifierVocabulary,
        parameters: [String: Variable], tape: Tape
    ) {
        self.configuration = configuration
        self.vocabulary = vocabulary
        self.parameters = parameters
        self.tape = tape
    }

    /// The decoder on a tape of its own, for predicting.
    init(
        configuration: SemanticIdentifierConfiguration, vocabulary: SemanticIdentifierVocabulary,
        constants: [String: Matrix], parallelism: Parallelism
    ) {
        let tape = Tape(parallelism: parallelism)
        self.init(
            configuration: configuration, vocabulary: vocabulary,
            parameters: constants.mapValues { tape.constant($0) }, tape: tape)
    }

    subscript(name: String) -> Variable {
        guard let variable = parameters[name] else { preconditionFailure("there is no parameter \(name)") }
        return variable
    }

    /// Fresh parameters.
    /// - Parameter codebooks: First token vectors of the first places; used when they are as wide as the model.
    static func parameters(
        _ configuration: SemanticIdentifierConfiguration, vocabulary: SemanticIdentifierVocabulary, width: Int,
        codebooks: [Matrix], seed: UInt64
    ) -> ParameterStore {
        var random = SeededRandom(seed: seed, stream: 11)
        var store = ParameterStore()
        let deviation = configuration.initialDeviation
        let inverse = 1 / Float(width).squareRoot()
        var tokens = Matrix(rows: vocabulary.tokenCount, columns: width)
        for index in tokens.elements.indices { tokens.elements[index] = random.normal() * deviation }
        for (place, codebook) in codebooks.prefix(vocabulary.tokensPerItem).enumerated() {
            guard codebook.columns == width, codebook.rows == vocabulary.placeSizes[place] else { continue }
            let start = vocabulary.tokens(atPlace: place).lowerBound * width
            tokens.elements.replaceSubrange(start..<start + codebook.elements.count, with: codebook.elements)
        }
        store.add("tokens", tokens)
        store.addRandom(
            "position", rows: vocabulary.tokensPerItem, columns: width, deviation: deviation, using: &random)
        store.add("state.gain", Matrix(rows: 1, columns: width, repeating: 1))
        store.addRandom("state.input", rows: width, columns: width, deviation: inverse, using: &random)
        store.add("token.gain", Matrix(rows: 1, columns: width, repeating: 1))
        let inner = width * configuration.expansion
        for block in 0..<configuration.blocks {
            let name = "block.\(block)"
            store.add("\(name).attention.gain", Matrix(rows: 1, columns: width, repeating: 1))
            store.addRandom(
                "\(name).attention.input", rows: width, columns: 3 * width, deviation: inverse, using: &random)
            store.addRandom("\(name).attention.output", rows: width, columns: width, deviation: inverse, using: &random)
            store.add("\(name).inner.gain", Matrix(rows: 1, columns: width, repeating: 1))
            store.addRandom("\(name).inner.input", rows: width, columns: inner, deviation: inverse, using: &random)
            store.add("\(name).inner.bias", Matrix(rows: 1, columns: inner))
            store.addRandom("\(name).inner.output", rows: inner, columns: width, deviation: inverse, using: &random)
        }
        store.add("output.gain", Matrix(rows: 1, columns: width, repeating: 1))
        store.add("output.map", Matrix(rows: width, columns: width))
        return store
    }

    /// What is asked of the next token: one row for each position of each sequence, sequence after sequence.
    ///
    /// Position 0 comes before the first token, position i after i tokens.
    /// - Parameters:
    ///   - states: One row for each sequence.
    ///   - prefixes: The tokens so far, all of the same number, less than the tokens of an item.
    ///   - random: When given, applies dropout (training).
    func queries(states: Variable, prefixes: [[Int]], droppingWith random: inout SeededRandom?) -> Variable {
        let length = (prefixes.first?.count ?? 0) + 1
        let count = prefixes.count
        func drop(_ variable: Variable) -> Variable {
            random == nil ? variable : variable.dropout(configuration.dropout, using: &random!)
        }
        // Every position reads the state, so that no attention is needed to hand it on.
        let owners = (0..<count).flatMap { Array(repeating: $0, count: length) }
        var hidden =
            states
            .rootMeanSquareNormalized(gain: self["state.gain"])
            .multiplied(by: self["state.input"])
            .gathered(rows: owners)
        hidden = hidden + self["position"].gathered(rows: (0..<count).flatMap { _ in 0..<length })
        // Position 0 has no token: a row of zeros, which stays zero when it is normalised.
        let none = vocabulary.tokenCount
        let read = self["tokens"]
            .stacked(above: tape.constant(Matrix(rows: 1, columns: states.columns)))
            .gathered(rows: prefixes.flatMap { [none] + $0 })
            .rootMeanSquareNormalized(gain: self["token.gain"])
        hidden = drop(hidden + read)
        let offsets = (0...count).map { $0 * length }
        for block in 0..<configuration.blocks {
            let name = "block.\(block)"
            let attended =
                hidden
                .rootMeanSquareNormalized(gain: self["\(name).attention.gain"])
                .multiplied(by: self["\(name).attention.input"])
                .causalSelfAttention(heads: configuration.heads, sequences: offsets)
                .multiplied(by: self["\(name).attention.output"])
            hidden = hidden + drop(attended)
            hidden = hidden + drop(inner(hidden, name))
        }
        let found = hidden.rootMeanSquareNormalized(gain: self["output.gain"]).multiplied(by: self["output.map"])
        return states.gathered(rows: owners) + found
    }

    /// What a block's inner layer makes of each position.
    func inner(_ hidden: Variable, _ block: String) -> Variable {
        hidden
            .rootMeanSquareNormalized(gain: self["\(block).inner.gain"])
            .multiplied(by: self["\(block).inner.input"])
            .adding(row: self["\(block).inner.bias"])
            .gelu()
            .multiplied(by: self["\(block).inner.output"])
    }

    /// The mean over the sequences of the items' negative log-probabilities, in nats.
    /// - Parameters:
    ///   - states: One row for each sequence.
    ///   - items: For each sequence the item that came next.
    func loss(states: Variable, items: [Int], droppingWith random: inout SeededRandom?) -> Variable {
        let sequences = items.map { vocabulary.tokens(ofItem: $0) }
        let places = vocabulary.tokensPerItem
        let queries = queries(
            states: states, prefixes: sequences.map { Array($0.dropLast()) }, droppingWith: &random)
        var total: Variable?
        for place in 0..<places {
            let range = vocabulary.tokens(atPlace: place)
            let loss = queries.gathered(rows: items.indices.map { $0 * places + place })
                .crossEntropy(
                    over: self["tokens"].rows(range), targets: sequences.map { $0[place] - range.lowerBound })
            total = total.map { $0 + loss } ?? loss
        }
        return total ?? tape.constant(Matrix(rows: 1, columns: 1))
    }

    /// The log-probabilities of one place's tokens, one column for each, from what is asked of them.
    func logProbabilities(of queries: Matrix, atPlace place: Int) -> Matrix {
        let range = vocabulary.tokens(atPlace: place)
        let table = self["tokens"].rows(range).value
        var logits = queries.multiplied(by: table, transposeOther: true, on: tape.parallelism)
        let (rows, columns) = (logits.rows, logits.columns)
        logits.elements.withUnsafeMutableBufferPointer { buffer in
            for row in 0..<rows {
                let values = UnsafeMutableBufferPointer(rebasing: buffer[row * columns..<(row + 1) * columns])
                let greatest = values.reduce(-.infinity) { max($0, $1) }
                // The greatest adds 1 to the sum.
                let others = values.reduce(-1.0) { $0 + Double(exponential($1 - greatest)) }
                let normalizer = greatest + logarithm(onePlus: Float(max(0, others)))
                for column in 0..<columns { values[column] -= normalizer }
            }
        }
        return logits
    }

    /// One log-probability for each row of `states`: that of the row's item, the sum over its tokens.
    func logProbabilities(of items: [Int], states: Matrix) -> [Float] {
        let sequences = items.map { vocabulary.tokens(ofItem: $0) }
        let places = vocabulary.tokensPerItem
        var none: SeededRandom?
        let queries = queries(
            states: tape.constant(states), prefixes: sequences.map { Array($0.dropLast()) }, droppingWith: &none
        ).value
        var sums = [Float](repeating: 0, count: items.count)
        for place in 0..<places {
            let start = vocabulary.tokens(atPlace: place).lowerBound
            let values = logProbabilities(
                of: queries.selectingRows(items.indices.map { $0 * places + place }), atPlace: place)
            for row in items.indices { sums[row] += values[row, sequences[row][place] - start] }
        }
        return sums
    }
}
