internal import Foundation
internal import ISRFReasoning

/// The body of an answer from `/embeddings`.
struct EmbeddingsResponse: Decodable {
    private var data: [Row]

    private struct Row: Decodable {
        var index: Int?
        var embedding: [Double?]
    }

    /// Reads an answer with status 200 and puts its vectors into the order of the texts, each of unit length.
    /// - Parameters:
    ///   - answer: The answer.
    ///   - count: How many texts were sent.
    ///   - width: The width that is expected, nil for any.
    /// - Returns: `count` vectors of one width.
    /// - Throws: `LanguageModelFailure` (`invalidResponse`) saying what is wrong with them.
    static func read(_ answer: HTTPAnswer, count: Int, width: Int?) throws -> [[Float]] {
        func invalid(_ what: String) -> LanguageModelFailure {
            LanguageModelFailure(.invalidResponse, "The server's embeddings are not usable: \(what).")
        }
        guard let response = try? JSONDecoder().decode(EmbeddingsResponse.self, from: Data(answer.body)) else {
            throw invalid("the answer is cut off or not their JSON (\(answer.body.count) bytes)")
        }
        guard response.data.count == count else {
            throw invalid("\(count) texts were sent and \(response.data.count) vectors came back")
        }
        var vectors = [[Float]?](repeating: nil, count: count)
        var width = width
        for (place, row) in response.data.enumerated() {
            let index = row.index ?? place
            guard vectors.indices.contains(index) else { throw invalid("there is no text with the index \(index)") }
            guard vectors[index] == nil else { throw invalid("two vectors have the index \(index)") }
            let expected = width ?? row.embedding.count
            guard row.embedding.count == expected, expected > 0 else {
                throw invalid("vector \(index) has \(row.embedding.count) numbers; \(max(1, expected)) were expected")
            }
            width = expected
            guard let vector = unitVector(row.embedding) else {
                throw invalid("vector \(index) is zero or holds something that is no finite number")
            }
            vectors[index] = vector
        }
        return vectors.compactMap(\.self)
    }

    private static func unitVector(_ numbers: [Double?]) -> [Float]? {
        var largest = 0.0
        for number in numbers {
            guard let number, number.isFinite else { return nil }
            largest = max(largest, abs(number))
        }
        guard largest > 0 else { return nil }
        // Scaled first, so that squares neither overflow nor vanish.
        let square = numbers.reduce(0) { sum, number in
            let scaled = (number ?? 0) / largest
            return sum + scaled * scaled
        }
        let length = square.squareRoot()
        return numbers.map { Float(($0 ?? 0) / largest / length) }
    }
}
