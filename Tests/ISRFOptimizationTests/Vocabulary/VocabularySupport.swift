import ISRFKit

/// A scorer whose log-probabilities are drawn from a hash of the decoding and the prefix: a step on a grid when
/// `grid` is given, so that ties are common.
struct DrawnScorer: NextTokenScorer {
    var vocabulary: SemanticIdentifierVocabulary
    var seed: UInt64 = 1
    var grid: Float?

    func row(_ decoding: Int, _ prefix: [Int]) -> [Float] {
        let range = vocabulary.tokens(atPlace: prefix.count)
        var random = SeededRandom(
            seed: prefix.reduce(seed &+ UInt64(decoding) &* 1_000_003) { $0 &* 8191 &+ UInt64($1) &+ 17 })
        return range.map { _ in
            let value = -0.1 - 5 * random.uniform()
            return grid.map { (value / $0).rounded() * $0 } ?? value
        }
    }

    func score(_ request: NextTokenRequest) throws -> NextTokenResponse {
        NextTokenResponse(
            tokens: vocabulary.tokens(atPlace: request.prefixes[0].count),
            logProbabilities: Matrix(zip(request.decodings, request.prefixes).map { row($0, $1) }))
    }

    /// The score of an item, token by token.
    func score(of item: Int, decoding: Int) -> Float {
        let tokens = vocabulary.tokens(ofItem: item)
        return tokens.indices.reduce(0) { sum, place in
            sum + row(decoding, Array(tokens[..<place]))[tokens[place] - vocabulary.tokens(atPlace: place).lowerBound]
        }
    }
}

/// A vocabulary of drawn codes, with some items that share theirs.
func drawnVocabulary(items: Int = 40, places: Int = 3, size: Int = 4, seed: UInt64 = 3) throws
    -> SemanticIdentifierVocabulary
{
    var random = SeededRandom(seed: seed)
    return try SemanticIdentifierVocabulary(
        codes: (0..<items).map { _ in (0..<places).map { _ in random.index(below: size) } })
}

/// A trained model that says of a history the vector of its last item, and of a group the weight of its first user.
struct LastItemModel: GenerativeModel {
    var itemVectors = randomMatrix(12, 8, seed: 50)

    func generate(_ request: GenerationRequest) throws -> GenerationResponse {
        let width = itemVectors.columns
        let sequence = request.histories.map {
            $0.last.map { itemVectors.row($0) } ?? Array(repeating: 0, count: width)
        }
        let group = request.groups.map { Array(repeating: $0.first?.weight ?? 0, count: width) }
        return GenerationResponse(queries: [.sequence: Matrix(sequence), .group: Matrix(group)])
    }

    func addingItems(textVectors: Matrix) throws -> any GenerativeModel { self }

    func individualVectors(histories: [[Int]]) throws -> Matrix {
        Matrix(rows: histories.count, columns: itemVectors.columns)
    }

    func state() -> [String: Matrix] { [:] }
}
