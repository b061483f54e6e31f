import ISRFKit
import Testing

@testable import ISRFOptimization

@Suite("The generative network")
struct NetworkGradientTests {
    static let configuration: GenerativeConfiguration = {
        var configuration = GenerativeConfiguration()
        configuration.width = 6
        configuration.blocks = 2
        configuration.heads = 2
        configuration.expansion = 2
        configuration.historyLength = 4
        return configuration
    }()
    static let histories: [[Int]] = [[0, 1, 2, 3], [4], [2, 6, 2], [5, 0]]

    /// Every parameter at random, so that none is blind to the others.
    static func parameters() -> [String: Matrix] {
        let fresh = GenerativeNetwork.parameters(
            configuration, users: 4, items: 7, textWidth: 3, attributes: 5, seed: 1)
        var parameters: [String: Matrix] = [:]
        for (index, name) in fresh.names.enumerated() {
            let shape = fresh[name]
            let noise = randomMatrix(shape.rows, shape.columns, seed: 100 + UInt64(index)).scaled(by: 0.4)
            parameters[name] = name.hasSuffix(".gain") ? noise.adding(shape) : noise
        }
        return parameters
    }

    /// All that training predicts, in one number: next items from the three views, candidates, attributes.
    static func loss(_ parameters: [String: Matrix]) throws -> (loss: Variable, variables: [String: Variable]) {
        let tape = Tape()
        let variables = parameters.mapValues { tape.variable($0) }
        let network = GenerativeNetwork(configuration: configuration, parameters: variables, tape: tape)
        let log = try makeLog(histories, itemCount: 7)
        var none: SeededRandom?
        let vectors = try network.graphAwareVectors(
            items: network.itemVectors(text: tape.constant(randomMatrix(7, 3, seed: 2)), hidingWith: &none),
            propagation: LightGCNPropagation(training: log, layers: 2), excludingUsers: [1])
        let assembler = BatchAssembler(training: log)
        let sequence = network.sequenceVectors(
            histories: histories.map { $0[...] }, vectors: vectors, droppingWith: &none)
        let last = [3, 4, 7, 9]
        let individual = network.individualVectors(
            membership: assembler.membership(of: histories.map { $0[...] }), vectors: vectors)
        let groups = [[(1, 0.5), (2, 0.25)], [(0, 1)], [], [(0, 0.3), (1, 0.3), (2, 0.1)]] as [[(Int, Float)]]
        let group = network.groupVectors(
            similarUsers: BatchAssembler.similarUsers(
                groups.map { $0.map { UserGraph.Neighbour(user: $0.0, weight: $0.1) } }, userCount: 4),
            members: vectors.multiplied(byLeft: assembler.means))
        let interests = individual + group
        let next = (sequence.gathered(rows: last) + interests).crossEntropy(over: vectors, targets: [4, 6, 0, 5])
        let everywhere = sequence.crossEntropy(over: vectors, targets: [1, 2, 3, 4, 5, 6, 2, 0, 0, 1])
        let direct = interests.scores(of: [[1, 2, 3], [4, 5, 6], [0, 1, 2], [3, 4, 5]], in: vectors)
            .crossEntropy(against: Matrix([[1, 0, 0], [1, 0, 0], [1, 0, 0], [1, 0, 0]]))
        let attributes = interests.multiplied(by: network["attribute.output"], transposeOther: true)
            .crossEntropy(against: Matrix(rows: 4, columns: 5, repeating: 0.2))
        return (next + everywhere + direct + attributes, variables)
    }

    @Test("The loss's gradient with respect to every parameter is that of finite differences")
    func gradients() throws {
        let parameters = NetworkGradientTests.parameters()
        let (loss, variables) = try NetworkGradientTests.loss(parameters)
        loss.tape.backward(from: loss)
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
            let variable = try #require(variables[name])
            let gradient = loss.tape.gradient(of: variable)
            var difference = Matrix(rows: value.rows, columns: value.columns)
            for element in value.elements.indices {
                func moved(_ step: Float) throws -> Double {
                    var changed = parameters
                    changed[name]?.elements[element] += step
                    return Double(try NetworkGradientTests.loss(changed).loss.scalar)
                }
                // Of fourth order, so that steps can be large beside the rounding of single precision.
                let near = try moved(1.0 / 64) - moved(-1.0 / 64)
                let far = try moved(1.0 / 32) - moved(-1.0 / 32)
                difference.elements[element] = Float((8 * near - far) / 12 * 64)
            }
            let length = dot(gradient.elements, gradient.elements).squareRoot()
            let error = gradient.adding(difference, scaledBy: -1).elements
            #expect(length > 1e-3, "\(name) has no gradient")
            #expect(dot(error, error).squareRoot() < 0.01 * length, "\(name)")
        }
    }

    /// The states of some histories, with everything but the histories fixed.
    static func states(_ histories: [[Int]]) -> Matrix {
        let tape = Tape()
        let network = GenerativeNetwork(
            configuration: configuration, parameters: parameters().mapValues { tape.constant($0) }, tape: tape)
        var none: SeededRandom?
        return network.sequenceVectors(
            histories: histories.map { $0[...] }, vectors: tape.constant(randomMatrix(7, 6, seed: 3)),
            droppingWith: &none
        ).value
    }

    @Test("A later item changes no earlier position, nor another history", arguments: 0..<4)
    func causality(changed: Int) {
        let histories = [[1, 2], [0, 1, 2, 3], [4, 5, 6]]
        var other = histories
        other[1][changed] = 6
        let (before, after) = (NetworkGradientTests.states(histories), NetworkGradientTests.states(other))
        for row in 0..<9 {
            let affected = row >= 2 + changed && row < 6
            #expect((before.row(row) != after.row(row)) == affected, "row \(row)")
        }
    }

    @Test("A history reads the same alone and beside others")
    func batching() {
        let histories = [[1, 2], [0, 1, 2, 3], [4], [4, 5, 6]]
        let together = NetworkGradientTests.states(histories)
        var start = 0
        for history in histories {
            let alone = NetworkGradientTests.states([history])
            #expect(distance(alone, together.selectingRows(Array(start..<start + history.count))) < 1e-5)
            start += history.count
        }
    }

    @Test("The order of a history counts")
    func order() {
        let (one, other) = (NetworkGradientTests.states([[1, 2, 3]]), NetworkGradientTests.states([[2, 1, 3]]))
        #expect(distance(one.selectingRows([2]), other.selectingRows([2])) > 1e-3)
    }
}
