import ISRFKit

/// A generative model without any training: a history asks for what is like the mean of its items.
struct PlainModel: GenerativeModel {
    var itemVectors: Matrix

    init(itemVectors: Matrix) {
        self.itemVectors = itemVectors
    }

    init(state: [String: Matrix]) throws {
        guard let items = state["items"] else { throw Refusal() }
        itemVectors = items
    }

    func generate(_ request: GenerationRequest) throws -> GenerationResponse {
        GenerationResponse(queries: [.individual: try individualVectors(histories: request.histories)])
    }

    func individualVectors(histories: [[Int]]) throws -> Matrix {
        var means = Matrix(rows: histories.count, columns: itemVectors.columns)
        for (row, history) in histories.enumerated() {
            for item in history {
                for column in 0..<means.columns { means[row, column] += itemVectors[item, column] }
            }
            // An item of which nothing is known must not make the mean vanish.
            if !history.isEmpty, means.row(row).allSatisfy({ $0 == 0 }) { means[row, 0] = 1 }
        }
        return means.normalizedRows()
    }

    func addingItems(textVectors: Matrix) throws -> any GenerativeModel {
        PlainModel(itemVectors: itemVectors.appendingRows(of: textVectors))
    }

    func state() -> [String: Matrix] { ["items": itemVectors] }
}

/// Gives the plain model after the epochs that were asked for.
struct PlainOptimizer: IterativeOptimizer {
    func optimize(_ request: OptimizationRequest) async throws -> OptimizationResult {
        try Task.checkCancellation()
        let count = request.epochs ?? 2
        return OptimizationResult(
            model: PlainModel(itemVectors: request.itemVectors), userGraph: request.userGraph,
            epochs: (1...count).map { EpochRecord(epoch: $0, losses: [:], validationNDCG10: nil, seconds: 0) },
            bestEpoch: count)
    }
}

/// The plain optimiser with one thing broken.
struct BrokenOptimizer: IterativeOptimizer {
    let change: @Sendable (OptimizationRequest, inout OptimizationResult) async throws -> Void

    init(_ change: @escaping @Sendable (OptimizationRequest, inout OptimizationResult) async throws -> Void) {
        self.change = change
    }

    func optimize(_ request: OptimizationRequest) async throws -> OptimizationResult {
        var result = try await PlainOptimizer().optimize(request)
        try await change(request, &result)
        return result
    }
}

/// The plain model with one thing broken.
struct BrokenModel: GenerativeModel {
    let base: PlainModel
    let changeQueries: @Sendable (inout [GenerationResponse.View: Matrix]) -> Void
    let changeIndividual: @Sendable (inout Matrix) -> Void
    let changeState: @Sendable (inout [String: Matrix]) -> Void
    let addItems: @Sendable (PlainModel, Matrix) throws -> any GenerativeModel

    init(
        _ base: PlainModel = PlainModel(itemVectors: Matrix([[1, 0, 0], [0, 1, 0], [0, 0, 1]])),
        generate: @escaping @Sendable (inout [GenerationResponse.View: Matrix]) -> Void = { _ in },
        individual: @escaping @Sendable (inout Matrix) -> Void = { _ in },
        state: @escaping @Sendable (inout [String: Matrix]) -> Void = { _ in },
        addItems: @escaping @Sendable (PlainModel, Matrix) throws -> any GenerativeModel = {
            try $0.addingItems(textVectors: $1)
        }
    ) {
        self.base = base
        changeQueries = generate
        changeIndividual = individual
        changeState = state
        self.addItems = addItems
    }

    var itemVectors: Matrix { base.itemVectors }

    func generate(_ request: GenerationRequest) throws -> GenerationResponse {
        var response = try base.generate(request)
        changeQueries(&response.queries)
        return response
    }

    func individualVectors(histories: [[Int]]) throws -> Matrix {
        var vectors = try base.individualVectors(histories: histories)
        changeIndividual(&vectors)
        return vectors
    }

    func addingItems(textVectors: Matrix) throws -> any GenerativeModel { try addItems(base, textVectors) }

    func state() -> [String: Matrix] {
        var state = base.state()
        changeState(&state)
        return state
    }
}

extension Matrix {
    mutating func fill(_ value: Float) {
        for index in elements.indices { elements[index] = value }
    }
}
