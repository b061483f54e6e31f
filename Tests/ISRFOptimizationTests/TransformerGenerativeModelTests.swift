import ISRFKit
import Testing

@Suite("The trained generative model")
struct TransformerGenerativeModelTests {
    static let optimizer = AlternatingBatchOptimizer.tiny(epochs: 2)

    static func trained() async throws -> TransformerGenerativeModel {
        let result = try await optimizer.optimize(try await Ring().request)
        return try #require(result.model as? TransformerGenerativeModel)
    }

    static let histories = [[0, 1, 2], [], [5], [3, 3, 9, 10, 11, 0, 1, 2]]
    static let groups: [[UserGraph.Neighbour]] = [
        [.init(user: 3, weight: 0.5), .init(user: 7, weight: 0.25)], [.init(user: 0, weight: 1)], [], [],
    ]

    static func queries(_ model: TransformerGenerativeModel) throws -> [GenerationResponse.View: Matrix] {
        try model.generate(GenerationRequest(histories: histories, groups: groups)).queries
    }

    /// `gain * x / rms(x)` times a map, in double precision.
    static func interest(_ mean: [Double], gain: Matrix, map: Matrix) -> [Float] {
        let square = mean.reduce(0) { $0 + $1 * $1 } / Double(mean.count)
        let normalized = mean.enumerated().map { $1 / (square + 1e-6).squareRoot() * Double(gain[0, $0]) }
        return (0..<map.columns).map { column in
            Float(normalized.enumerated().reduce(0) { $0 + $1.element * Double(map[$1.offset, column]) })
        }
    }

    @Test("Individual and group queries agree with their definitions")
    func definitions() async throws {
        let model = try await Self.trained()
        let state = model.state()
        let scales = try #require(state["vectors.scales"]).elements
        let members = try #require(state["vectors.groups"])
        let individual = try #require(try Self.queries(model)[.individual])
        let group = try #require(try Self.queries(model)[.group])
        let unit = try model.individualVectors(histories: Self.histories)
        for row in Self.histories.indices {
            let (history, neighbours) = (Self.histories[row], Self.groups[row])
            let mean = (0..<16).map { column in
                history.reduce(0.0) { $0 + Double(scales[$1] * model.itemVectors[$1, column]) }
                    / max(1e-30, history.reduce(0.0) { $0 + Double(scales[$1]) })
            }
            let groupMean = (0..<16).map { column in
                neighbours.reduce(0.0) { $0 + Double($1.weight * members[$1.user, column]) }
                    / max(1e-30, neighbours.reduce(0.0) { $0 + Double($1.weight) })
            }
            let expected = Self.interest(
                mean, gain: try #require(state["individual.gain"]), map: try #require(state["individual.output"]))
            let expectedGroup = Self.interest(
                groupMean, gain: try #require(state["group.gain"]), map: try #require(state["group.output"]))
            #expect(distance(individual.selectingRows([row]), Matrix([expected])) < 1e-4)
            #expect(distance(group.selectingRows([row]), Matrix([expectedGroup])) < 1e-4)
            let length = mean.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let direction = mean.map { length > 0 ? Float($0 / length) : 0 }
            #expect(distance(unit.selectingRows([row]), Matrix([direction])) < 1e-4)
        }
    }

    @Test("Who has no history or no group asks for nothing there")
    func nothingKnown() async throws {
        let queries = try Self.queries(try await Self.trained())
        let silent: [(GenerationResponse.View, [Int])] = [(.sequence, [1]), (.individual, [1]), (.group, [2, 3])]
        for (view, rows) in silent {
            let query = try #require(queries[view])
            for row in Self.histories.indices {
                #expect(query.row(row).allSatisfy { $0 == 0 } == rows.contains(row), "\(view) \(row)")
            }
        }
    }

    @Test("The sequence reads the most recent items, in their order, and of the others nothing")
    func window() async throws {
        let model = try await Self.trained()
        func sequence(_ history: [Int]) throws -> Matrix {
            try #require(
                try model.generate(GenerationRequest(histories: [history], groups: [[]])).queries[.sequence])
        }
        let recent = [9, 10, 11, 0, 1, 2]
        #expect(try sequence([4, 7] + recent) == sequence([8] + recent))
        #expect(try sequence([4, 7] + recent) == sequence(recent))
        #expect(try sequence(recent) != sequence([10, 9, 11, 0, 1, 2]))
    }

    @Test("Indices that do not exist are refused")
    func refusals() async throws {
        let model = try await Self.trained()
        let requests = [
            GenerationRequest(histories: [[12]], groups: [[]]), GenerationRequest(histories: [[-1]], groups: [[]]),
            GenerationRequest(histories: [[]], groups: [[.init(user: 24, weight: 1)]]),
            GenerationRequest(histories: [[]], groups: [[.init(user: -1, weight: 1)]]),
        ]
        for request in requests {
            let error = #expect(throws: ISRFError.self) { _ = try model.generate(request) }
            #expect(error?.code == .notFound)
        }
        let error = #expect(throws: ISRFError.self) { _ = try model.individualVectors(histories: [[99]]) }
        #expect(error?.code == .notFound)
    }

    @Test("Restored from its state a model answers the same to the last bit")
    func stateRoundTrip() async throws {
        let model = try await Self.trained()
        let restored = try TransformerGenerativeModel(
            configuration: Self.optimizer.model, state: model.state())
        #expect(restored.state() == model.state())
        #expect(try Self.queries(restored) == Self.queries(model))
        #expect(restored.itemVectors == model.itemVectors)
        let texts = randomMatrix(2, 6, seed: 1).normalizedRows()
        #expect(
            try restored.addingItems(textVectors: texts).itemVectors
                == model.addingItems(textVectors: texts).itemVectors
        )
    }

    @Test("A state that lacks a weight or has one of another shape is refused by name")
    func brokenState() async throws {
        let state = try await Self.trained().state()
        for name in state.keys.sorted() {
            var missing = state
            missing[name] = nil
            var misshapen = state
            misshapen[name] = Matrix(rows: 3, columns: 5)
            for broken in [missing, misshapen] {
                let error = #expect(throws: ISRFError.self, "\(name)") {
                    _ = try TransformerGenerativeModel(configuration: Self.optimizer.model, state: broken)
                }
                #expect(error?.code == .invalidModel)
            }
        }
        var wider = Self.optimizer.model
        wider.width = 32
        let error = #expect(throws: ISRFError.self) {
            _ = try TransformerGenerativeModel(configuration: wider, state: state)
        }
        #expect(error?.code == .invalidModel)
    }

    @Test("A new item is its text's share and what the ten most similar items have beyond theirs")
    func addingItems() async throws {
        let model = try await Self.trained()
        let state = model.state()
        let (texts, map) = (try #require(state["vectors.texts"]), try #require(state["item.text"]))
        func mapped(_ text: [Float]) -> [Double] {
            (0..<map.columns).map { column in dot(text, (0..<map.rows).map { map[$0, column] }) }
        }
        // The last new item has a text that says nothing.
        var new = randomMatrix(3, 6, seed: 2).normalizedRows()
        for column in 0..<6 { new[2, column] = 0 }
        let extended = try model.addingItems(textVectors: new)
        #expect(extended.itemVectors.rows == 15)
        #expect(extended.itemVectors.selectingRows(Array(0..<12)) == model.itemVectors)
        for row in 0..<3 {
            let nearest = (0..<12).map { (item: $0, weight: dot(new.row(row), texts.row($0))) }
                .sorted { $0.weight > $1.weight }.prefix(10).filter { $0.weight > 0 }
            let total = nearest.reduce(0) { $0 + $1.weight }
            var expected = mapped(new.row(row))
            for (item, weight) in nearest {
                for (column, share) in mapped(texts.row(item)).enumerated() {
                    expected[column] += weight / total * (Double(model.itemVectors[item, column]) - share)
                }
            }
            #expect(
                distance(extended.itemVectors.selectingRows([12 + row]), Matrix([expected.map { Float($0) }])) < 1e-4)
        }
        #expect(extended.itemVectors.row(14).allSatisfy { $0 == 0 })
        // It can be read in a history, added to again, and saved.
        let response = try extended.generate(GenerationRequest(histories: [[0, 13]], groups: [[]]))
        #expect(response.combinedQueries.isFinite)
        #expect(try extended.addingItems(textVectors: new).itemVectors.rows == 18)
        let restored = try TransformerGenerativeModel(configuration: Self.optimizer.model, state: extended.state())
        #expect(restored.itemVectors == extended.itemVectors)
        #expect(try model.addingItems(textVectors: Matrix(rows: 0, columns: 6)).itemVectors == model.itemVectors)

        let error = #expect(throws: ISRFError.self) {
            _ = try model.addingItems(textVectors: randomMatrix(1, 5, seed: 3))
        }
        #expect(error?.code == .contractViolation)
    }
}
