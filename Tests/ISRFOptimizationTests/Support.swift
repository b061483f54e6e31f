import ISRFKit

/// A matrix of standard normal numbers.
func randomMatrix(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    var random = SeededRandom(seed: seed)
    return Matrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in random.normal() })
}

/// The greatest difference of two elements; infinite when shapes differ or a number is not finite.
func distance(_ left: Matrix, _ right: Matrix) -> Float {
    guard left.rows == right.rows, left.columns == right.columns else { return .infinity }
    return zip(left.elements, right.elements).reduce(0) {
        let difference = abs($1.0 - $1.1)
        return difference.isFinite ? max($0, difference) : .infinity
    }
}

/// The dot product in double precision.
func dot(_ left: [Float], _ right: [Float]) -> Double {
    zip(left, right).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
}

func makeLog(_ histories: [[Int]], itemCount: Int) throws -> InteractionLog {
    try InteractionLog(
        users: IdentifierMap(histories.indices.map { "user \($0)" }), histories: histories, itemCount: itemCount)
}

/// A log in which item i is always followed by item i + 1, around a ring, with all that training asks for.
struct Ring {
    let split: LeaveOneOutSplit
    var request: OptimizationRequest

    init(items: Int = 12, users: Int = 24, epochs: Int? = nil, seed: UInt64 = 1) async throws {
        let log = try makeLog(
            (0..<users).map { user in (0..<5 + user % 4).map { (user * 7 + $0) % items } }, itemCount: items)
        split = LeaveOneOutSplit(log)
        let training = split.training
        let catalogue = try Catalogue(
            items: (0..<items).map {
                Item(id: "item \($0)", brand: "brand \($0 / 3)", categories: [["half \($0 % 2)"]])
            })
        let texts = randomMatrix(items, 6, seed: 90).normalizedRows()
        let profiles = Matrix(
            training.histories.map { history in
                (0..<6).map { column in history.reduce(0) { $0 + texts[$1, column] } }
            }
        ).normalizedRows()
        let builder = CosineUserGraphBuilder()
        request = OptimizationRequest(
            training: training, itemVectors: texts, userVectors: profiles,
            statistics: try AttributeStatistics(
                vocabulary: AttributeVocabulary(catalogue: catalogue), training: training),
            interactionGraph: try await LightGCNInteractionGraph().build(
                InteractionGraphRequest(training: training, itemVectors: texts)),
            userGraph: try await builder.build(UserGraphRequest(users: profiles, neighbourCount: 5)),
            userGraphBuilder: builder, validation: split.cases(.validation), epochs: epochs, seed: seed)
    }
}

extension AlternatingBatchOptimizer {
    /// Small enough to train in a fraction of a second; in single precision on every processor.
    static func tiny(epochs: Int = 4, _ change: (inout AlternatingBatchOptimizer) -> Void = { _ in }) -> Self {
        var optimizer = AlternatingBatchOptimizer()
        optimizer.model.width = 16
        optimizer.model.blocks = 1
        optimizer.model.heads = 2
        optimizer.model.expansion = 2
        optimizer.model.historyLength = 6
        optimizer.model.dropout = 0.1
        optimizer.training.epochs = epochs
        optimizer.training.batchSize = 8
        optimizer.training.minimumBatchesPerEpoch = 1
        optimizer.training.pairBatchSize = 8
        optimizer.training.learningRate = 0.01
        optimizer.training.reducedPrecision = false
        optimizer.training.directEvery = 2
        optimizer.training.directNegatives = 5
        optimizer.training.explanationEvery = 3
        change(&optimizer)
        return optimizer
    }
}

/// A model whose answers are written down: each view has a row for each item, and the first item of a history picks it.
struct WrittenModel: GenerativeModel {
    var itemVectors: Matrix
    var rows: [GenerationResponse.View: Matrix]

    func generate(_ request: GenerationRequest) throws -> GenerationResponse {
        GenerationResponse(
            queries: rows.mapValues { $0.selectingRows(request.histories.map { $0.first ?? 0 }) })
    }

    func addingItems(textVectors: Matrix) throws -> any GenerativeModel { self }

    func individualVectors(histories: [[Int]]) throws -> Matrix {
        Matrix(rows: histories.count, columns: itemVectors.columns)
    }

    func state() -> [String: Matrix] { [:] }
}
