internal import ISRFData

/// Amazon reviews, one object on each line.
struct AmazonInteractionReader: RecordReader {
    private struct Review: Decodable {
        let reviewerID: FieldValue
        let asin: FieldValue
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
        return Interaction(
            user: try review.reviewerID.identifier(field: "reviewerID"),
            item: try review.asin.identifier(field: "asin"),
            timestamp: review.unixReviewTime, rating: review.overall)
    }
}
