import ISRFCore
import ISRFFiles
import Testing

@Suite("Finding the format")
struct FormatDetectionTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    @Test(
        "The contents tell the format of items whatever the name",
        arguments: [
            ("x", "{\"id\": \"a\"}", ItemFileFormat.jsonLines),
            ("x.txt", "  {\"id\": \"a\", \"asin\": \"b\"}", .jsonLines),
            ("x", "{\"asin\": \"a\"}", .amazon), ("x.jsonl", "{'asin': 'a'}", .amazon),
            ("x", "{u'asin': 'a'}", .amazon),
            ("x", "id,title\na,b", .csv), ("x", "title\titem_id\nb\ta", .tsv), ("x.csv", "id\ttitle, long\na\tb", .tsv),
            ("x", "item_id:token\ttitle:token_seq\na\tb", .recbole), ("x", "1::A::B|C", .movielens),
            ("x", "movieId,title,genres\n1,a,b", .movielens), ("x", "\n\n\"id\",\"title\"\na,b", .csv),
            ("x", "id\na", .csv), ("x.tsv", "id\na", .tsv),
        ])
    func items(name: String, text: String, format: ItemFileFormat) throws {
        #expect(try scratch.items(name, text).format == format)
    }

    @Test(
        "The contents, then the name tell the format of interactions",
        arguments: [
            ("x", "u a b", InteractionFileFormat.sequences), ("x.txt", "user::1 a b", .sequences),
            ("x.txt", "user,item\nu,a", .csv), ("x.gz.txt", "u\ta", .sequences), ("x.dat", "u::a::5::1", .movielens),
            ("x.dat", "u v::a::5::1", .movielens), ("x", "u::a::5::1", .movielens),
            ("x", "userId,movieId,rating,timestamp\nu,a,5,1", .movielens), ("x.csv", "user_id,item_id\nu,a", .csv),
            ("x", "user_id\titem_id\nu\ta", .tsv), ("x", "user_id:token\titem_id:token\nu\ta", .recbole),
            ("x", "{\"reviewerID\": \"u\", \"asin\": \"a\"}", .amazon),
        ])
    func interactions(name: String, text: String, format: InteractionFileFormat) throws {
        #expect(try scratch.interactions(name, text).format == format)
    }

    @Test("Where the first line is malformed, the name still tells the format, so that the line is named")
    func names() {
        expectError(line: 1, field: "item identifier", "no column for the item identifier") {
            _ = try scratch.items("x.csv", "a,b\n")
        }
        expectError(line: 1, field: "item identifier", "no column for the item identifier") {
            _ = try scratch.items("x.tsv.gz.tsv", "a\tb\n")
        }
        expectError(line: 1, field: "a", "a name and a type") { _ = try scratch.items("x.item", "a\tb\n") }
        expectError(line: 1, "not an object") { _ = try scratch.items("x.jsonl", "[1]\n") }
        expectError(line: 1, field: "user", "no column for the user") { _ = try scratch.interactions("x.csv", "a,b\n") }
        expectError(line: 1, "without items") { _ = try scratch.interactions("x.txt", "u\n") }
        expectError(line: 1, "not an object") { _ = try scratch.interactions("x.json", "[1]\n") }
    }

    @Test("Where nothing tells the format, the error lists the formats")
    func unknown() {
        expectError(line: 2, "cannot be told", "jsonl, csv, tsv, recbole, amazon, movielens") {
            _ = try scratch.items("x", "\nsomething\n")
        }
        expectError(line: 1, "cannot be told", "sequences, csv, tsv, recbole, amazon, movielens") {
            _ = try scratch.interactions("x", "something\n")
        }
    }

    @Test("A format that is said is believed")
    func said() throws {
        expectError(line: 1, "not an object") { _ = try scratch.items("x.csv", "id\na\n", format: .jsonLines) }
        expectError(line: 1, field: "reviewerID", "missing") {
            _ = try scratch.interactions("x", "{\"user\": \"u\"}\n", format: .amazon)
        }
        #expect(try scratch.interactions("x.csv", "u a\n", format: .sequences).log.named() == ["u": ["a"]])
    }
}
