internal import ISRFCore
internal import ISRFData

/// Interactions from tables with a header: CSV, TSV, RecBole and MovieLens `ratings.csv`.
struct TableInteractionReader: RecordReader {
    static let userNames = ["user", "userid", "reviewerid"]
    static let itemNames = ["item", "itemid", "asin", "movieid", "productid"]
    static let timestampNames = ["timestamp", "time", "unixreviewtime"]
    static let ratingNames = ["rating", "overall"]

    private var table: TableReader
    private let user: Int
    private let item: Int
    private let timestamp: Int?
    private let rating: Int?

    var line: Int { table.line }

    /// Reads the header.
    /// - Throws: `ISRFError` (`invalidData`) when the header is malformed or a column is missing.
    init(_ reader: LineReader, dialect: TableDialect, isRecBole: Bool = false) throws {
        table = try TableReader(reader, dialect: dialect, hasTypes: isRecBole)
        let header = table.header
        user = try header.requiredColumn(named: Self.userNames, for: "user")
        item = try header.requiredColumn(named: Self.itemNames, for: "item")
        timestamp = try header.column(named: Self.timestampNames, for: "timestamp")
        rating = try header.column(named: Self.ratingNames, for: "rating")
        if let name = header.names.first(where: { TableHeader.key($0) == "itemidlist" }) {
            throw header.error(
                "The column \"\(name)\" holds whole histories, as in RecBole's prepared benchmarks. Give the plain "
                    + "interactions, one item on each line.",
                field: name)
        }
        let dated = header.names.first { name in
            ["time", "date"].contains { TableHeader.key(name).contains($0) } || name.lowercased() == "ts"
        }
        if timestamp == nil, let dated {
            throw header.error(
                "No column is named timestamp, but \"\(dated)\" may be one. If it is, rename it \"timestamp\"; if the "
                    + "lines are in time order already, remove it.",
                field: dated)
        }
    }

    mutating func next() throws -> Interaction? {
        guard let row = try table.next() else { return nil }
        let names = table.header.names
        for column in [user, item] where row.fields[column].isEmpty {
            throw RecordFault("The identifier is empty.", field: names[column])
        }
        return Interaction(
            user: row[user], item: row[item],
            timestamp: try timestamp.flatMap { try Interaction.number(row[$0], field: names[$0]) },
            rating: try rating.flatMap { try Interaction.number(row[$0], field: names[$0]) })
    }
}
