internal import ISRFData

/// Amazon reviews, one object on each line.
struct AmazonInteractionReader: RecordReader {
    private struct Review: Decodable {
        let reviewerID: String
        let asin: String
        let unixReviewTime: Double?
        let overall: Double?
    }

    private var lines: TextLines

    var line: Int { lines.line }

    init(_ reader: LineReader) {
        lines = TextLines(reader)
    }

    mutating func next() throws -> Interaction? {
        guard let line = try lines.next() else { return nil }
        let review = try FieldRecord.decode(Review.self, from: line, allowsPython: true)
        for (identifier, field) in [(review.reviewerID, "reviewerID"), (review.asin, "asin")] where identifier.isEmpty {
            throw RecordFault("The identifier is empty.", field: field)
        }
        return Interaction(
            user: review.reviewerID, item: review.asin, timestamp: review.unixReviewTime, rating: review.overall)
    }
}
