internal import ISRFData

/// Amazon product metadata of 2014 and 2018.
struct AmazonItemReader: RecordReader {
    /// Addresses of pictures, markup, and what Amazon itself derived from everybody's purchases: the last would let
    /// held-out interactions into training.
    static let ignoredFields = [
        "imUrl", "image", "imageURL", "imageURLHighRes", "tech1", "tech2", "related", "also_buy", "also_view",
        "similar_item", "salesRank", "rank",
    ]

    private var lines: TextLines

    var line: Int { lines.line }

    init(_ reader: LineReader) {
        lines = TextLines(reader)
    }

    mutating func next() throws -> Item? {
        guard let line = try lines.next() else { return nil }
        var record = try FieldRecord(line, allowsPython: true)
        record.drop(Self.ignoredFields)
        let identifier = try record.takeIdentifier("asin")
        let paths = try record.takeCategories("categories") + record.takeCategories("category", isOnePath: true)
        return Item(
            id: identifier, title: Self.tidied(try record.takeText("title")),
            brand: Self.tidied(try record.takeText("brand")),
            description: Self.tidied(try record.takeText("description")),
            categories: paths.map { $0.map(Self.withoutEntities) },
            attributes: record.attributes().mapValues { $0.map(Self.withoutEntities) })
    }

    /// The text with its entities resolved and each run of white space as one space.
    private static func tidied(_ text: String?) -> String? {
        guard let text else { return nil }
        let words = withoutEntities(text).split(whereSeparator: \.isWhitespace)
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    private static func withoutEntities(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        // The ampersand comes last, so that nothing is resolved twice.
        let entities = [
            ("&quot;", "\""), ("&#34;", "\""), ("&#39;", "'"), ("&apos;", "'"), ("&lt;", "<"), ("&gt;", ">"),
            ("&nbsp;", " "), ("&amp;", "&"),
        ]
        return entities.reduce(text) { $0.replacing($1.0, with: $1.1) }
    }
}
