public import ISRFCore
public import ISRFNumerics
internal import ISRFUserGraph

/// The default generative model after training: a causal transformer over graph-aware item vectors, joined by the
/// user's individual and group vectors; one token for each item (method, step 3).
public struct TransformerGenerativeModel: GenerativeModel {
    /// The shape of the model.
    public let configuration: GenerativeConfiguration
    /// How heavy work is divided over threads.
    public var parallelism: Parallelism
    /// Graph-aware item vectors, one row for each item.
    public let itemVectors: Matrix
    // One row for each user of the training log: what the user contributes to the group vectors of others.
    let groupTable: Matrix
    // One column for each item: its weight in individual vectors.
    let itemScales: Matrix
    // What was reasoned about each item, for borrowing from similar items when a new one comes.
    let textVectors: Matrix
    let parameters: [String: Matrix]

    init(
        configuration: GenerativeConfiguration, parallelism: Parallelism, itemVectors: Matrix, groupTable: Matrix,
        itemScales: Matrix, textVectors: Matrix, parameters: [String: Matrix]
    ) {
        self.configuration = configuration
        self.parallelism = parallelism
        self.itemVectors = itemVectors
        self.groupTable = groupTable
        self.itemScales = itemScales
        self.textVectors = textVectors
        self.parameters = parameters.filter { !TransformerGenerativeModel.trainingOnly.contains($0.key) }
    }

    private static let trainingOnly: Set<String> = ["item.learned", "graph.users", "attribute.output"]

    /// Says what each view of the users asks for; see `GenerationResponse`.
    ///
    /// An empty history asks for nothing in the views `sequence` and `individual`, an empty group for nothing in
    /// `group`: their rows are zero.
    /// - Throws: `ISRFError` (`notFound`) when a history or a group names an index that does not exist.
    public func generate(_ request: GenerationRequest) throws -> GenerationResponse {
        try check(request)
        let tape = Tape(parallelism: parallelism)
        let network = GenerativeNetwork(
            configuration: configuration, parameters: parameters.mapValues { tape.constant($0) }, tape: tape)
        let vectors = tape.constant(itemVectors)
        let filled = request.histories.indices.filter { !request.histories[$0].isEmpty }
        var sequence = Matrix(rows: request.histories.count, columns: configuration.width)
        if !filled.isEmpty {
            let windows = filled.map { request.histories[$0].suffix(configuration.historyLength) }
            var random: SeededRandom?
            let states = network.sequenceVectors(histories: windows, vectors: vectors, droppingWith: &random).value
            var end = 0
            for (place, row) in filled.enumerated() {
                end += windows[place].count
                let width = configuration.width
                sequence.elements.replaceSubrange(
                    row * width..<(row + 1) * width, with: states.elements[(end - 1) * width..<end * width])
            }
        }
        let individual = network.individualVectors(
            membership: membership(of: request.histories.map { $0[...] }), vectors: vectors)
        let group = network.groupVectors(
            similarUsers: BatchAssembler.similarUsers(request.groups, userCount: groupTable.rows),
            members: tape.constant(groupTable))
        return GenerationResponse(queries: [
            .sequence: sequence, .individual: individual.value, .group: group.value,
        ])
    }

    /// Unit rows: where in the space of items each history's individual interests lie.
    /// - Throws: `ISRFError` (`notFound`) when a history names an index that does not exist.
    public func individualVectors(histories: [[Int]]) throws -> Matrix {
        try check(GenerationRequest(histories: histories, groups: histories.map { _ in [] }))
        return membership(of: histories.map { $0[...] })
            .multiplied(by: itemVectors, on: parallelism).normalizedRows()
    }

    /// The model with new items: the text's share of their vectors is mapped as in training; the share that
    /// interactions would give is borrowed from the ten known items whose texts are most similar.
    /// - Parameter new: One unit row for each new item, as wide as the text vectors at training.
    /// - Throws: `ISRFError` (`contractViolation`) when the width is another.
    public func addingItems(textVectors new: Matrix) throws -> any GenerativeModel {
        guard let map = parameters["item.text"], new.columns == map.rows else {
            throw ISRFError(
                .contractViolation,
                "New items' text vectors are \(new.columns) wide; the model was trained on "
                    + "\(textVectors.columns). Use the text encoder that it was trained with.")
        }
        let similarity = new.multiplied(by: textVectors, transposeOther: true, on: parallelism)
        let known = textVectors.multiplied(by: map, on: parallelism)
        var vectors = new.multiplied(by: map, on: parallelism)
        for row in 0..<new.rows {
            for (item, share) in ItemLenders.shares(of: similarity.row(row)) {
                for column in 0..<vectors.columns {
                    vectors[row, column] += share * (itemVectors[item, column] - known[item, column])
                }
            }
        }
        let scales = itemScales.elements + Array(repeating: 1, count: new.rows)
        return TransformerGenerativeModel(
            configuration: configuration, parallelism: parallelism,
            itemVectors: itemVectors.appendingRows(of: vectors), groupTable: groupTable,
            itemScales: Matrix(rows: 1, columns: scales.count, elements: scales),
            textVectors: textVectors.appendingRows(of: new), parameters: parameters)
    }

    private func check(_ request: GenerationRequest) throws {
        for history in request.histories {
            if let item = history.first(where: { $0 < 0 || $0 >= itemVectors.rows }) {
                throw ISRFError(
                    .notFound, "A history has the item index \(item); the model has \(itemVectors.rows) items.")
            }
        }
        for group in request.groups {
            if let user = group.first(where: { $0.user < 0 || $0.user >= groupTable.rows })?.user {
                throw ISRFError(
                    .notFound, "A group has the user index \(user); the model has \(groupTable.rows) users.")
            }
        }
    }

    private func membership(of histories: [ArraySlice<Int>]) -> SparseMatrix {
        BatchAssembler.membership(of: histories, itemScales: itemScales.elements)
    }
}

extension TransformerGenerativeModel {
    /// Everything that is needed to restore the model, by name.
    public func state() -> [String: Matrix] {
        var state = parameters
        state["vectors.items"] = itemVectors
        state["vectors.groups"] = groupTable
        state["vectors.scales"] = itemScales
        state["vectors.texts"] = textVectors
        return state
    }

    /// Restores a model from its state.
    /// - Throws: `ISRFError` (`invalidModel`) when a matrix is missing or its shape does not fit the configuration.
    public init(
        configuration: GenerativeConfiguration, state: [String: Matrix], parallelism: Parallelism = .serial
    ) throws {
        try configuration.validate()
        func matrix(_ name: String, rows: Int? = nil, columns: Int? = nil) throws -> Matrix {
            guard let matrix = state[name], rows == nil || matrix.rows == rows,
                columns == nil || matrix.columns == columns
            else {
                throw ISRFError(.invalidModel, "The model's weight \"\(name)\" is missing or has another shape.")
            }
            return matrix
        }
        let width = configuration.width
        let items = try matrix("vectors.items", columns: width)
        let texts = try matrix("vectors.texts", rows: items.rows)
        let expected = GenerativeNetwork.parameters(
            configuration, users: 0, items: 0, textWidth: texts.columns, attributes: 0, seed: 0
        ).state.filter { !TransformerGenerativeModel.trainingOnly.contains($0.key) }
        var parameters: [String: Matrix] = [:]
        for (name, shape) in expected {
            parameters[name] = try matrix(name, rows: shape.rows, columns: shape.columns)
        }
        self.init(
            configuration: configuration, parallelism: parallelism, itemVectors: items,
            groupTable: try matrix("vectors.groups", columns: width),
            itemScales: try matrix("vectors.scales", rows: 1, columns: items.rows), textVectors: texts,
            parameters: parameters)
    }
}
