import ISRFData
import ISRFFiles
import Testing

/// A small well-formed file of items in one format: items "a", "id b" and "яблоко", in this order.
struct ItemSample: CustomTestStringConvertible, Sendable {
    var testDescription: String { name }

    let name: String
    let format: ItemFileFormat
    var header: String?
    let records: [String]
    /// One line that is not a record.
    let malformed: String
    /// Words of what is wrong with it.
    var problem = "fields"
    /// The second record over again, with another title.
    let repeated: String

    var headerLines: Int { header == nil ? 0 : 1 }
    var lines: [String] { (header.map { [$0] } ?? []) + records }
    var text: String { lines.map { $0 + "\n" }.joined() }

    static let identifiers = ["a", "id b", "яблоко"]

    static let all = [
        ItemSample(
            name: "items.jsonl", format: .jsonLines,
            records: [
                #"{"id": "a", "title": "First", "brand": "Acme", "categories": [["Home", "Garden"]], "colour": "red"}"#,
                #"{"id": "id b", "title": "Second, \"quoted\""}"#,
                #"{"id": "яблоко", "title": "Яблоко"}"#,
            ],
            malformed: #"{"id": "d", "title": "#, problem: "not valid JSON",
            repeated: #"{"id": "id b", "title": "Again"}"#),
        ItemSample(
            name: "items.csv", format: .csv, header: "id,title,brand,categories,colour",
            records: ["a,First,Acme,Home > Garden,red", #"id b,"Second, ""quoted""",,,"#, "яблоко,Яблоко,,,"],
            malformed: "d,Fourth", repeated: "id b,Again,,,"),
        ItemSample(
            name: "items.tsv", format: .tsv, header: "id\ttitle\tbrand\tcategories\tcolour",
            records: ["a\tFirst\tAcme\tHome > Garden\tred", "id b\tSecond, \"quoted\"\t\t\t", "яблоко\tЯблоко\t\t\t"],
            malformed: "d\tFourth", repeated: "id b\tAgain\t\t\t"),
        ItemSample(
            name: "shop.item", format: .recbole,
            header: "item_id:token\ttitle:token_seq\tbrand:token\tcategories:token_seq\tcolour:token",
            records: ["a\tFirst\tAcme\tGarden\tred", "id b\tSecond, \"quoted\"\t\t\t", "яблоко\tЯблоко\t\t\t"],
            malformed: "d\tFourth", repeated: "id b\tAgain\t\t\t"),
        ItemSample(
            name: "meta_2014.json", format: .amazon,
            records: [
                "{'asin': 'a', 'title': 'First', 'brand': 'Acme', 'categories': [['Home', 'Garden']], 'colour': 'red'}",
                #"{'asin': 'id b', 'title': 'Second, "quoted"', 'imUrl': None}"#,
                #"{'asin': 'яблоко', 'title': u'\u042f\u0431\u043b\u043e\u043a\u043e'}"#,
            ],
            malformed: "{'asin': 'd', 'title': 'Fourth", problem: "has no end",
            repeated: "{'asin': 'id b', 'title': 'Again'}"),
        ItemSample(
            name: "meta_2018.json", format: .amazon,
            records: [
                #"{"asin": "a", "title": "First", "brand": "Acme", "category": ["Home", "Garden"], "colour": "red"}"#,
                #"{"asin": "id b", "title": "Second, &quot;quoted&quot;", "also_buy": ["a"]}"#,
                #"{"asin": "яблоко", "title": "Яблоко"}"#,
            ],
            malformed: #"{"asin": "d", "title": "#, problem: "not valid JSON",
            repeated: #"{"asin": "id b", "title": "Again"}"#),
        ItemSample(
            name: "movies.dat", format: .movielens,
            records: ["a::First::Garden", #"id b::Second, "quoted"::(no genres listed)"#, "яблоко::Яблоко::"],
            malformed: "d::Fourth", repeated: "id b::Again::"),
        ItemSample(
            name: "movies.csv", format: .movielens, header: "movieId,title,genres",
            records: ["a,First,Garden", #"id b,"Second, ""quoted""",(no genres listed)"#, "яблоко,Яблоко,"],
            malformed: "d,Fourth", repeated: "id b,Again,"),
    ]
}

/// A small well-formed file of interactions in one format: histories a b c, b, and c a.
struct InteractionSample: CustomTestStringConvertible, Sendable {
    var testDescription: String { name }

    let name: String
    let format: InteractionFileFormat
    var header: String?
    /// One user's records after the other's; within a user in time order.
    let records: [String]
    /// One line that is not a record.
    let malformed: String
    /// Words of what is wrong with it.
    var problem = "fields"
    /// A record of a new user with the item "d", which the catalogue does not have.
    let unknownItem: String

    var headerLines: Int { header == nil ? 0 : 1 }
    var lines: [String] { (header.map { [$0] } ?? []) + records }
    var text: String { lines.map { $0 + "\n" }.joined() }

    static let histories = ["u1": ["a", "b", "c"], "u2": ["b"], "ю3": ["c", "a"]]

    private static let taken = [("u1", "a"), ("u1", "b"), ("u1", "c"), ("u2", "b"), ("ю3", "c"), ("ю3", "a")]

    /// One record for each interaction, with times 1, 2, ...
    private static func records(_ record: (_ user: String, _ item: String, _ time: Int) -> String) -> [String] {
        taken.enumerated().map { record($1.0, $1.1, $0 + 1) }
    }

    static let all = [
        InteractionSample(
            name: "sequences.txt", format: .sequences, records: ["u1 a b c", "u2 b", "ю3\tc  a"], malformed: "u4",
            problem: "without items",
            unknownItem: "u4 a d"),
        InteractionSample(
            name: "log.csv", format: .csv, header: "user,item,timestamp,rating",
            records: records { "\($0),\"\($1)\",\($2),5" }, malformed: "u4,a", unknownItem: "u4,d,1,"),
        InteractionSample(
            name: "log.tsv", format: .tsv, header: "user_id\titem_id\ttimestamp",
            records: records { "\($0)\t\($1)\t\($2)" }, malformed: "u4\ta", unknownItem: "u4\td\t1"),
        InteractionSample(
            name: "shop.inter", format: .recbole, header: "user_id:token\titem_id:token\trating:float\ttimestamp:float",
            records: records { "\($0)\t\($1)\t4.0\t\($2).0" }, malformed: "u4\ta", unknownItem: "u4\td\t1\t1"),
        InteractionSample(
            name: "reviews.json", format: .amazon,
            records: records {
                #"{"reviewerID": "\#($0)", "asin": "\#($1)", "overall": 5.0, "summary": "", "unixReviewTime": \#($2)}"#
            },
            malformed: #"{"reviewerID": "u4""#, problem: "not valid JSON",
            unknownItem: #"{"reviewerID": "u4", "asin": "d"}"#),
        InteractionSample(
            name: "ratings.dat", format: .movielens, records: records { "\($0)::\($1)::5::\($2)" },
            malformed: "u4::a::5", unknownItem: "u4::d::5::1"),
        InteractionSample(
            name: "ratings.csv", format: .movielens, header: "userId,movieId,rating,timestamp",
            records: records { "\($0),\($1),4.5,\($2)" }, malformed: "u4,a", unknownItem: "u4,d,1,1"),
    ]
}
