import ISRFKit
import Testing

@Suite("LightGCN propagation")
struct LightGCNTests {
    /// Users and items in one dense matrix of double precision.
    struct DenseGraph {
        let users: Int
        let items: Int
        var adjacency: [[Double]]

        /// `D^-1/2 A D^-1/2`; the edges of excluded users are taken out after normalising.
        init(_ log: InteractionLog, excluding excluded: [Int] = []) {
            users = log.userCount
            items = log.itemCount
            let size = users + items
            adjacency = Array(repeating: Array(repeating: 0, count: size), count: size)
            for (user, history) in log.histories.enumerated() {
                for item in history {
                    adjacency[user][users + item] = 1
                    adjacency[users + item][user] = 1
                }
            }
            let degrees = adjacency.map { $0.reduce(0, +) }
            for row in 0..<size {
                for column in 0..<size where adjacency[row][column] != 0 {
                    adjacency[row][column] = 1 / (degrees[row] * degrees[column]).squareRoot()
                }
            }
            for user in excluded {
                for node in 0..<size { (adjacency[user][node], adjacency[node][user]) = (0, 0) }
            }
        }

        /// The mean over 0...layers of the powers of the adjacency times the vectors.
        func propagate(_ userVectors: Matrix, _ itemVectors: Matrix, layers: Int) -> (users: Matrix, items: Matrix) {
            let width = userVectors.columns
            var current = (0..<users).map { userVectors.row($0).map(Double.init) }
            current += (0..<items).map { itemVectors.row($0).map(Double.init) }
            var sum = current
            for _ in 0..<layers {
                current = adjacency.map { row in
                    (0..<width).map { column in
                        zip(row, current).reduce(0.0) { $0 + $1.0 * $1.1[column] }
                    }
                }
                for node in sum.indices { for column in 0..<width { sum[node][column] += current[node][column] } }
            }
            let mean = Matrix(sum.map { $0.map { Float($0 / Double(layers + 1)) } })
            return (mean.selectingRows(Array(0..<users)), mean.selectingRows(Array(users..<users + items)))
        }
    }

    @Test(
        "Agrees with dense algebra, users excluded or not", arguments: [0, 1, 2, 4],
        [[], [0], [2, 5, 11], Array(0..<12)])
    func denseAlgebra(layers: Int, excluded: [Int]) throws {
        let log = try randomLog()
        let (users, items) = (randomMatrix(12, 5, seed: 2), randomMatrix(10, 5, seed: 3))
        let tape = Tape()
        let (userInput, itemInput) = (tape.variable(users), tape.variable(items))
        let propagation = LightGCNPropagation(training: log, layers: layers)
        let result = propagation.propagate(
            NodeVectors(users: userInput, items: itemInput), excludingUsers: excluded)
        let dense = DenseGraph(log, excluding: excluded)
        let expected = dense.propagate(users, items, layers: layers)
        #expect(distance(result.users.value, expected.users) < 1e-5)
        #expect(distance(result.items.value, expected.items) < 1e-5)

        // The operator is symmetric, so the gradient of a weighted sum is the operator applied to the weights.
        let (userWeights, itemWeights) = (randomMatrix(12, 5, seed: 4), randomMatrix(10, 5, seed: 5))
        let sum =
            result.users.multiplied(elementwise: tape.constant(userWeights)).sum()
            + result.items.multiplied(elementwise: tape.constant(itemWeights)).sum()
        tape.backward(from: sum)
        let gradient = dense.propagate(userWeights, itemWeights, layers: layers)
        #expect(distance(tape.gradient(of: userInput), gradient.users) < 1e-5)
        #expect(distance(tape.gradient(of: itemInput), gradient.items) < 1e-5)
    }

    @Test("The gradient is that of finite differences")
    func finiteDifferences() throws {
        let propagation = LightGCNPropagation(training: try randomLog(), layers: 2)
        let vectors = [randomMatrix(12, 3, seed: 6), randomMatrix(10, 3, seed: 7)]
        let weights = randomMatrix(10, 3, seed: 8)
        func record(_ vectors: [Matrix]) -> (inputs: [Variable], output: Variable) {
            let tape = Tape()
            let inputs = vectors.map { tape.variable($0) }
            let result = propagation.propagate(
                NodeVectors(users: inputs[0], items: inputs[1]), excludingUsers: [1])
            // Not linear, so that the gradient depends on the vectors.
            let square = result.items.multiplied(elementwise: result.items)
            return (inputs, square.multiplied(elementwise: tape.constant(weights)).sum())
        }
        let (inputs, output) = record(vectors)
        output.tape.backward(from: output)
        for input in 0..<2 {
            let gradient = output.tape.gradient(of: inputs[input])
            for element in gradient.elements.indices {
                var (above, below) = (vectors, vectors)
                above[input].elements[element] += 0.125
                below[input].elements[element] -= 0.125
                let difference = (record(above).output.scalar - record(below).output.scalar) / 0.25
                #expect(abs(gradient.elements[element] - difference) < 1e-3)
            }
        }
    }

    @Test("Repeated interactions count once")
    func repeated() throws {
        let once = LightGCNPropagation(training: try log([[0, 1], [1, 2]], itemCount: 3), layers: 2)
        let often = LightGCNPropagation(training: try log([[1, 0, 1, 1], [2, 2, 1, 2]], itemCount: 3), layers: 2)
        #expect(once.usersByItems == often.usersByItems && once.itemsByUsers == often.itemsByUsers)
        #expect(often.itemsByUsers == often.usersByItems.transposed())
    }

    @Test("Users and items without edges keep their share of layer 0")
    func withoutEdges() throws {
        let tape = Tape()
        let (users, items) = (randomMatrix(3, 4, seed: 9), randomMatrix(3, 4, seed: 10))
        let result = LightGCNPropagation(training: try log([[0], [], [0, 1]], itemCount: 3), layers: 3).propagate(
            NodeVectors(users: tape.constant(users), items: tape.constant(items)), excludingUsers: [])
        #expect(distance(result.users.value.selectingRows([1]), users.selectingRows([1]).scaled(by: 0.25)) < 1e-6)
        #expect(distance(result.items.value.selectingRows([2]), items.selectingRows([2]).scaled(by: 0.25)) < 1e-6)
        let nobody = LightGCNPropagation(training: try log([], itemCount: 3), layers: 1).propagate(
            NodeVectors(users: tape.constant(Matrix(rows: 0, columns: 4)), items: tape.constant(items)),
            excludingUsers: [])
        #expect(distance(nobody.items.value, items.scaled(by: 0.5)) < 1e-6)
    }

    @Test("What excluded users took reaches no item vector", arguments: [1, 2])
    func exclusionHidesTargets(layers: Int) throws {
        // Users 0 and 1 took items 3 and 4 in one world, 4 and 3 in the other; degrees are the same in both.
        let worlds = try [[[0, 1, 3], [1, 2, 4], [2, 3, 4]], [[0, 1, 4], [1, 2, 3], [2, 3, 4]]].map {
            try log($0, itemCount: 5)
        }
        let (users, items) = (randomMatrix(3, 4, seed: 11), randomMatrix(5, 4, seed: 12))
        func itemVectors(_ world: InteractionLog, excluding excluded: [Int]) -> Matrix {
            let tape = Tape()
            return LightGCNPropagation(training: world, layers: layers).propagate(
                NodeVectors(users: tape.constant(users), items: tape.constant(items)), excludingUsers: excluded
            ).items.value
        }
        #expect(itemVectors(worlds[0], excluding: [0, 1]) == itemVectors(worlds[1], excluding: [0, 1]))
        #expect(itemVectors(worlds[0], excluding: []) != itemVectors(worlds[1], excluding: []))
    }

    @Test("A graph is built from training interactions, and impossible settings are refused")
    func build() async throws {
        let log = try randomLog()
        let request = InteractionGraphRequest(training: log, itemVectors: randomMatrix(10, 4, seed: 13))
        var transitions = ItemTransitions.Configuration()
        transitions.maximumDistance = 2
        let graph = try await LightGCNInteractionGraph(layers: 1, transitions: transitions).build(request)
        #expect(graph.transitions == ItemTransitions(training: log, configuration: transitions))
        #expect(graph.interactions.edgeCount == log.histories.reduce(0) { $0 + Set($1).count })
        let propagation = try #require(graph.propagation as? LightGCNPropagation)
        #expect(propagation.layers == 1)

        var refused = [LightGCNInteractionGraph(layers: -1)]
        let changes: [(inout ItemTransitions.Configuration) -> Void] = [
            { $0.backwardWeight = -0.1 }, { $0.backwardWeight = .infinity }, { $0.backwardWeight = .nan },
            { $0.maximumDistance = -1 },
        ]
        for change in changes {
            var transitions = ItemTransitions.Configuration()
            change(&transitions)
            refused.append(LightGCNInteractionGraph(transitions: transitions))
        }
        for graph in refused {
            let error = await #expect(throws: ISRFError.self) { _ = try await graph.build(request) }
            #expect(error?.code == .invalidConfiguration)
        }
    }
}
