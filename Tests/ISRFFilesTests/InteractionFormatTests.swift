import ISRFData
import ISRFFiles
import Testing

@Suite("Interactions, format by format")
struct InteractionFormatTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    @Test("Every format is found and gives the same histories", arguments: InteractionSample.all)
    func everyFormat(sample: InteractionSample) throws {
        let found = try scratch.interactions(sample.name, sample.text)
        #expect(found.format == sample.format)
        #expect(found.skipped.isEmpty)
        #expect(found.log.named() == InteractionSample.histories)
        #expect(found.log.users.identifiers == ["u1", "u2", "ю3"])
        #expect(found.log.itemCount == 3)
        let said = try scratch.interactions("file", sample.text, format: sample.format)
        #expect(said.log == found.log)
        #expect(said.format == sample.format)
    }

    @Test("Dated interactions are put in time order, users stay in the order of the file")
    func timeOrder() throws {
        for sample in InteractionSample.all where sample.format != .sequences {
            let text = ((sample.header.map { [$0] } ?? []) + sample.records.reversed()).joined(separator: "\n")
            let file = try scratch.interactions(sample.name, text)
            #expect(file.log.named() == InteractionSample.histories, "\(sample.name)")
            #expect(file.log.users.identifiers == ["ю3", "u2", "u1"], "\(sample.name)")
        }
    }

    @Test("Equal times keep the order of the file")
    func ties() throws {
        let file = try scratch.interactions("log.csv", "user,item,timestamp\nu,b,5\nu,c,5\nu,a,5\nu,b,1\n")
        #expect(file.log.named() == ["u": ["b", "b", "c", "a"]])
    }

    @Test("Without times the order of the file is the order in time", arguments: [",timestamp", ""])
    func undated(column: String) throws {
        let end = column.isEmpty ? "" : ","
        let file = try scratch.interactions("log.csv", "user,item\(column)\nu,c\(end)\nv,a\(end)\nu,a\(end)\n")
        #expect(file.log.named() == ["u": ["c", "a"], "v": ["a"]])
    }

    @Test("An item taken again stands in the history again")
    func repeats() throws {
        #expect(try scratch.interactions("log.txt", "u a b a a\n").log.named() == ["u": ["a", "b", "a", "a"]])
        #expect(try scratch.interactions("log.csv", "user,item\nu,a\nu,a\n").log.named() == ["u": ["a", "a"]])
    }

    @Test("One user with one interaction is a log")
    func one() throws {
        for sample in InteractionSample.all {
            let text = ((sample.header.map { [$0] } ?? []) + sample.records.prefix(1)).joined(separator: "\n")
            let log = try scratch.interactions(sample.name, text).log
            #expect(log.userCount == 1)
            #expect(log.named()["u1"]?.first == "a")
        }
    }

    @Test("Columns are known by several names, further ones are ignored")
    func columns() throws {
        let file = try scratch.interactions(
            "log.csv", "Overall,REVIEWERID,comment,asin,unix_review_time\n5,u,\"a,\nb\",b,2\n,u,x,a,1\n")
        #expect(file.format == .csv)
        #expect(file.log.named() == ["u": ["a", "b"]])
    }

    @Test("Identifiers may hold spaces, commas, quotes, line ends and any script")
    func identifiers() throws {
        let items = ["two words", "a,b", "say \"hi\"", "日本\n語", "🍎", " edge "]
        let rows = items.map { "\"ю ю\",\"\($0.replacing("\"", with: "\"\""))\"\n" }
        let file = try scratch.interactions("log.csv", "user,item\n" + rows.joined(), items: items)
        #expect(file.log.named(items) == ["ю ю": items])
    }

    @Test("Times may be negative, fractional, huge or of several units' size, and are only compared")
    func times() throws {
        let file = try scratch.interactions(
            "log.csv", "user,item,timestamp\nu,a,1e300\nu,b, 0.5 \nu,c,-1700000000\nu,b,1700000000000\n")
        #expect(file.log.named() == ["u": ["c", "b", "b", "a"]])
    }

    @Test("Amazon: whole numbers are identifiers, fields that are not needed may be anything")
    func amazon() throws {
        let file = try scratch.interactions(
            "reviews.json.gz",
            #"{"reviewerID": 5, "asin": 7, "helpful": [0, 1], "vote": null, "style": {"Size:": "x"}}"#,
            format: .amazon, items: ["7"], compressed: true)
        #expect(file.log.users.identifiers == ["5"])
        #expect(file.log.histories == [[0]])
    }
}

extension Scratch {
    fileprivate func interactions(
        _ name: String, _ text: String, format: InteractionFileFormat?, items: [String], compressed: Bool
    ) throws -> InteractionFile {
        try InteractionFile(reading: write(name, gzip(text.utf8)), format: format, catalogue: catalogue(items))
    }
}
