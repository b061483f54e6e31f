import Foundation
import ISRFKit
import Testing

@testable import ISRFOptimization

@Suite("The token decoder")
struct SemanticIdentifierNetworkTests {
    static let configuration: SemanticIdentifierConfiguration = {
        var configuration = SemanticIdentifierConfiguration()
        configuration.blocks = 2
        configuration.heads = 2
        return configuration
    }()
    static let width = 6
    static let states = randomMatrix(5, width, seed: 30)
    static let items = [0, 7, 3, 11, 7]

    static func vocabulary() throws -> SemanticIdentifierVocabulary {
        try drawnVocabulary(items: 12, places: 2, size: 3)
    }

    /// Every parameter at random, so that none is blind to the others.
    static func parameters() throws -> [String: Matrix] {
        let fresh = SemanticIdentifierNetwork.parameters(
            configuration, vocabulary: try vocabulary(), width: width, codebooks: [], seed: 1)
        var parameters: [String: Matrix] = [:]
        for (index, name) in fresh.names.enumerated() {
            let shape = fresh[name]
            let noise = randomMatrix(shape.rows, shape.columns, seed: 200 + UInt64(index)).scaled(by: 0.4)
            parameters[name] = name.hasSuffix(".gain") ? noise.adding(shape) : noise
        }
        return parameters
    }

    static func network(_ parameters: [String: Matrix]) throws -> SemanticIdentifierNetwork {
        SemanticIdentifierNetwork(
            configuration: configuration, vocabulary: try vocabulary(), constants: parameters, parallelism: .serial)
    }

    static func loss(_ parameters: [String: Matrix]) throws -> (loss: Variable, variables: [String: Variable]) {
        let tape = Tape()
        let variables = parameters.mapValues { tape.variable($0) }
        let network = SemanticIdentifierNetwork(
            configuration: configuration, vocabulary: try vocabulary(), parameters: variables, tape: tape)
        var none: SeededRandom?
        return (network.loss(states: tape.constant(states), items: items, droppingWith: &none), variables)
    }

    @Test("The loss's gradient with respect to every parameter is that of finite differences")
    func gradients() throws {
        let parameters = try Self.parameters()
        let (loss, variables) = try Self.loss(parameters)
        loss.tape.backward(from: loss)
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
            let gradient = loss.tape.gradient(of: try #require(variables[name]))
            var difference = Matrix(rows: value.rows, columns: value.columns)
            for element in value.elements.indices {
                func moved(_ step: Float) throws -> Double {
                    var changed = parameters
                    changed[name]?.elements[element] += step
                    return Double(try Self.loss(changed).loss.scalar)
                }
                // Of fourth order, so that steps can be large beside the rounding of single precision.
                let near = try moved(1.0 / 256) - moved(-1.0 / 256)
                let far = try moved(1.0 / 128) - moved(-1.0 / 128)
                difference.elements[element] = Float((8 * near - far) / 12 * 256)
            }
            let length = dot(gradient.elements, gradient.elements).squareRoot()
            let error = gradient.adding(difference, scaledBy: -1).elements
            #expect(length > 1e-3, "\(name) has no gradient")
            #expect(dot(error, error).squareRoot() < 0.01 * length, "\(name)")
        }
    }

    @Test("A position knows the tokens before it alone, and no other sequence")
    func causality() throws {
        let network = try Self.network(Self.parameters())
        func queries(_ prefixes: [[Int]]) -> Matrix {
            var none: SeededRandom?
            return network.queries(
                states: network.tape.constant(Self.states.selectingRows(Array(prefixes.indices))), prefixes: prefixes,
                droppingWith: &none
            ).value
        }
        let before = queries([[0, 3], [1, 4], [2, 5]])
        for changed in 0..<2 {
            var prefix = [1, 4]
            prefix[changed] = changed == 0 ? 2 : 5
            let after = queries([[0, 3], prefix, [2, 5]])
            for row in 0..<9 {
                let affected = row > 3 + changed && row < 6
                #expect((before.row(row) != after.row(row)) == affected, "row \(row)")
            }
        }
    }

    @Test("What is kept of shorter prefixes changes nothing, whichever go on and in whatever order")
    func decodingStepByStep() throws {
        let parameters = try Self.parameters()
        let model = try SemanticIdentifierModel(
            trunk: LastItemModel(itemVectors: randomMatrix(12, Self.width, seed: 51)), vocabulary: Self.vocabulary(),
            configuration: Self.configuration, state: parameters)
        let scorer = model.scorer(of: Self.states)
        let requests: [([Int], [[Int]])] = [
            ([0, 1, 2], [[], [], []]), ([2, 0, 0, 1], [[0], [1], [0], [2]]), ([1, 0, 2], [[2, 4], [0, 3], [0, 5]]),
            // These do not go on from what was scored last.
            ([0, 1], [[1, 3], [2, 4]]), ([3], [[1]]), ([3, 4], [[1, 4], [1, 4]]), ([4], [[]]), ([4, 4], [[2], [0]]),
        ]
        for (decodings, prefixes) in requests {
            let place = prefixes[0].count
            let network = try Self.network(parameters)
            var none: SeededRandom?
            let queries = network.queries(
                states: network.tape.constant(Self.states.selectingRows(decodings)), prefixes: prefixes,
                droppingWith: &none
            ).value
            let expected = network.logProbabilities(
                of: queries.selectingRows(prefixes.indices.map { $0 * (place + 1) + place }), atPlace: place)
            let response = try scorer.score(NextTokenRequest(decodings: decodings, prefixes: prefixes))
            #expect(response.tokens == model.vocabulary.tokens(atPlace: place))
            #expect(distance(response.logProbabilities, expected) < 1e-5, "\(prefixes)")
        }
    }

    @Test("Log-probabilities of a place's tokens are those of a softmax")
    func logProbabilities() throws {
        let network = try Self.network(Self.parameters())
        // Also logits so far apart that their exponentials vanish.
        let queries = Self.states.appendingRows(of: Self.states.scaled(by: 100))
        let table = try #require(Self.parameters()["tokens"])
        for place in 0..<(try Self.vocabulary().tokensPerItem) {
            let range = try Self.vocabulary().tokens(atPlace: place)
            let values = network.logProbabilities(of: queries, atPlace: place)
            for row in 0..<queries.rows {
                let logits = range.map { dot(queries.row(row), table.row($0)) }
                for column in 0..<range.count {
                    // -log of the sum of exp of differences, in double precision.
                    let share: Double = logits.reduce(0.0) { $0 + exponential($1 - logits[column]) }
                    guard share.isFinite else { continue }
                    let expected: Double = logarithm(share)
                    let error: Double = abs(Double(values[row, column]) + expected)
                    #expect(error < 1e-4 * (1 + expected))
                }
            }
            #expect(values.isFinite)
        }
    }

    @Test("The loss is the mean of the items' negative log-probabilities")
    func lossIsLogProbability() throws {
        let parameters = try Self.parameters()
        let values = try Self.network(parameters).logProbabilities(of: Self.items, states: Self.states)
        let mean = -values.reduce(0, +) / Float(values.count)
        #expect(abs(try Self.loss(parameters).loss.scalar - mean) < 1e-4)
    }

    @Test("It has as many parameters as the documentation says", arguments: [0, 1, 2])
    func size(blocks: Int) throws {
        var configuration = Self.configuration
        configuration.blocks = blocks
        configuration.expansion = 3
        let vocabulary = try Self.vocabulary()
        let store = SemanticIdentifierNetwork.parameters(
            configuration, vocabulary: vocabulary, width: 10, codebooks: [], seed: 1)
        let block = (4 + 2 * 3) * 100 + (2 + 3) * 10
        let expected = (vocabulary.tokenCount + vocabulary.tokensPerItem + 3) * 10 + 200 + blocks * block
        #expect(store.values.reduce(0) { $0 + $1.elements.count } == expected)
    }

    @Test("With nothing learned yet, an item's logits add up to that of its reconstructed vector")
    func start() throws {
        let vectors = randomMatrix(20, Self.width, seed: 40)
        let quantizer = try ResidualQuantizer(fitting: vectors, configuration: .init(levels: 2, codebookSize: 4))
        let vocabulary = try SemanticIdentifierVocabulary(quantizer: quantizer, vectors: vectors)
        let store = SemanticIdentifierNetwork.parameters(
            Self.configuration, vocabulary: vocabulary, width: Self.width, codebooks: quantizer.codebooks, seed: 1)
        let network = SemanticIdentifierNetwork(
            configuration: Self.configuration, vocabulary: vocabulary, constants: store.state, parallelism: .serial)
        var none: SeededRandom?
        let queries = network.queries(
            states: network.tape.constant(Self.states), prefixes: Array(repeating: [0], count: 5), droppingWith: &none
        ).value
        let reconstructed = try quantizer.vectors(of: quantizer.codes(of: vectors))
        for row in 0..<5 {
            #expect(
                distance(queries.selectingRows([2 * row, 2 * row + 1]), Self.states.selectingRows([row, row])) == 0)
            for item in 0..<20 {
                let tokens = vocabulary.tokens(ofItem: item)
                let sum = (0..<2).reduce(0.0) { $0 + dot(queries.row(2 * row + $1), store["tokens"].row(tokens[$1])) }
                #expect(abs(sum - dot(Self.states.row(row), reconstructed.row(item))) < 1e-4)
            }
        }
    }

    private func exponential(_ value: Double) -> Double { Foundation.exp(value) }
    private func logarithm(_ value: Double) -> Double { Foundation.log(value) }
}
