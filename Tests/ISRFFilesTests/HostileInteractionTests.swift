import ISRFCore
import ISRFData
import Testing

@testable import ISRFFiles

@Suite("Interactions, hostile input")
struct HostileInteractionTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func read(
        _ sample: InteractionSample, _ bytes: some Sequence<UInt8>, skipping: Bool = false,
        limits: ReadingLimits = ReadingLimits()
    ) throws -> InteractionFile {
        try InteractionFile(
            reading: scratch.write(sample.name, bytes), format: sample.format,
            catalogue: catalogue(["a", "b", "c"]), skippingMalformed: skipping, limits: limits)
    }

    /// Expects that a line put in after the first record is named, and that skipping leaves it out alone.
    private func expectFault(
        _ sample: InteractionSample, second: some Sequence<UInt8>, field: String? = nil, words: String,
        limits: ReadingLimits = ReadingLimits(), sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var lines = sample.lines.map { Array($0.utf8) }
        lines.insert(Array(second), at: sample.headerLines + 1)
        let bytes = Array(lines.joined(separator: [UInt8.lineFeed]))
        let line = sample.headerLines + 2
        expectError(line: line, field: field, words, sourceLocation: sourceLocation) {
            _ = try read(sample, bytes, limits: limits)
        }
        let file = try read(sample, bytes, skipping: true, limits: limits)
        #expect(file.log.named() == InteractionSample.histories, sourceLocation: sourceLocation)
        let location = ISRFError.Location(file: scratch.path(sample.name), line: line, field: field)
        #expect(file.skipped.map(\.location) == [location], sourceLocation: sourceLocation)
    }

    @Test("A malformed line is named with its file and number, or skipped", arguments: InteractionSample.all)
    func malformed(sample: InteractionSample) throws {
        try expectFault(sample, second: sample.malformed.utf8, words: sample.problem)
    }

    @Test("An item that the catalogue lacks makes its line malformed", arguments: InteractionSample.all)
    func unknownItem(sample: InteractionSample) throws {
        try expectFault(sample, second: sample.unknownItem.utf8, field: "item", words: "has no item \"d\"")
    }

    @Test("A line with a NUL byte or without UTF-8 is malformed", arguments: InteractionSample.all)
    func encoding(sample: InteractionSample) throws {
        let record = Array(sample.records[1].utf8)
        for (wrong, words) in [([0], "NUL"), ([0xFF], "UTF-8"), ([0xC3, 0x28], "UTF-8")] as [([UInt8], String)] {
            try expectFault(sample, second: record + wrong, words: words)
        }
    }

    @Test("An overlong line is malformed and is not held in memory", arguments: InteractionSample.all)
    func overlong(sample: InteractionSample) throws {
        try expectFault(
            sample, second: String(repeating: sample.records[0], count: 300).utf8, words: "longer than 300 bytes",
            limits: ReadingLimits(lineLength: 300))
    }

    @Test("An empty file, a mark alone and blank lines alone are errors", arguments: InteractionSample.all)
    func empty(sample: InteractionSample) {
        for bytes: [UInt8] in [[], [0xEF, 0xBB, 0xBF], Array("\n\r\n  \n\t\n".utf8)] {
            for skipping in [false, true] {
                expectError(.invalidData, "The file is empty") { _ = try read(sample, bytes, skipping: skipping) }
            }
        }
    }

    @Test("A header alone is an error", arguments: InteractionSample.all.filter { $0.header != nil })
    func headerOnly(sample: InteractionSample) throws {
        let header = try #require(sample.header)
        for text in [header, header + "\n", header + "\r\n\r\n"] {
            expectError(.invalidData, "The file has no interaction") { _ = try read(sample, text.utf8, skipping: true) }
        }
    }

    @Test("Where every line is malformed, skipping still fails and says how many", arguments: InteractionSample.all)
    func allMalformed(sample: InteractionSample) throws {
        let lines = (sample.header.map { [$0] } ?? []) + [sample.unknownItem, sample.malformed]
        do {
            _ = try read(sample, lines.joined(separator: "\n").utf8, skipping: true)
            Issue.record("nothing was thrown")
        } catch let error as ISRFError {
            #expect(error.message.contains("2 malformed lines were skipped"))
            #expect((error.underlying as? ISRFError)?.location?.field == "item")
        }
    }

    @Test("Marks, ends of lines and blank lines make no difference", arguments: InteractionSample.all)
    func ends(sample: InteractionSample) throws {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let variants: [[UInt8]] = [
            mark + sample.text.utf8, Array(sample.text.replacing("\n", with: "\r\n").utf8),
            Array(sample.text.utf8.dropLast()),
            mark + Array(sample.text.replacing("\n", with: "\r\n").utf8.dropLast(2)),
            Array("\n\r\n".utf8) + sample.text.utf8,
            Array(sample.text.replacing("\n", with: "\n\n").utf8),
        ]
        for variant in variants {
            let found = try InteractionFile(
                reading: scratch.write(sample.name, variant), catalogue: catalogue(["a", "b", "c"]))
            #expect(found.format == sample.format)
            #expect(found.log.named() == InteractionSample.histories)
        }
    }

    @Test("Lines that end with a carriage return alone are an error, not one long record")
    func carriageReturns() {
        for sample in InteractionSample.all {
            let text = sample.text.replacing("\n", with: "\r")
            #expect(throws: ISRFError.self, "\(sample.name)") { try read(sample, text.utf8) }
        }
    }

    @Test("Sequences: a user on two lines is malformed; skipping keeps the first line")
    func repeatedUser() throws {
        expectError(line: 3, field: "user", "\"u\" already stands on line 1") {
            _ = try scratch.interactions("x.txt", "u a b\nv c\nu c\n")
        }
        let file = try scratch.interactions("x.txt", "u a b\nv c\nu c\n", skipping: true)
        #expect(file.log.named() == ["u": ["a", "b"], "v": ["c"]])
    }

    @Test("A user with and without times is malformed where it changes; other users do not matter")
    func mixedTimes() throws {
        let text = "user,item,timestamp\nu,a,5\nv,b,\nu,b,\nv,c,3\nu,c,1\n"
        expectError(line: 4, field: "timestamp", "\"u\"", "the first is on line 2") {
            _ = try scratch.interactions("x.csv", text)
        }
        let file = try scratch.interactions("x.csv", text, skipping: true)
        #expect(file.log.named() == ["u": ["c", "a"], "v": ["b"]])
        #expect(file.skipped.map(\.location?.line) == [4, 5])
    }

    @Test("A time or a rating that is no finite number is malformed")
    func numbers() throws {
        for wrong in ["nan", "inf", "-Infinity", "1e999", "2014-05-01", "12:30", "1,5", "five", "1 2", "--1"] {
            expectError(line: 2, field: "timestamp", "is not a number") {
                _ = try scratch.interactions("x.csv", "user,item,timestamp,rating\nu,a,\"\(wrong)\",1\n")
            }
            expectError(line: 2, field: "rating", "is not a number") {
                _ = try scratch.interactions("x.csv", "user,item,timestamp,rating\nu,a,1,\"\(wrong)\"\n")
            }
            expectError(line: 1, field: "timestamp", "is not a number") {
                _ = try scratch.interactions("x.dat", "u::a::1::\(wrong)\n")
            }
        }
    }

    @Test(
        "Amazon reviews: what is wrong is named",
        arguments: [
            (#"{"asin": "a"}"#, "reviewerID", "missing"), (#"{"reviewerID": "u"}"#, "asin", "missing"),
            (#"{"reviewerID": "", "asin": "a"}"#, "reviewerID", "empty"),
            (#"{"reviewerID": null, "asin": "a"}"#, "reviewerID", "null"),
            (#"{"reviewerID": "u", "asin": ["a"]}"#, "asin", "a list"),
            (#"{"reviewerID": "u", "asin": "a", "unixReviewTime": "1"}"#, "unixReviewTime", "not of the kind"),
            (#"{"reviewerID": "u", "asin": "a", "overall": {}}"#, "overall", "not of the kind"),
            (#"{"reviewerID": "u", "asin": "a", "unixReviewTime": 1"#, nil, "not valid JSON"),
            ("[1]", nil, "not an object"),
        ] as [(String, String?, String)])
    func reviews(line: String, field: String?, words: String) {
        expectError(line: 1, field: field, words) { _ = try scratch.interactions("x.json", line, format: .amazon) }
    }

    @Test("Amazon reviews: times beyond every number are malformed")
    func hugeReviewTimes() {
        for number in ["1e999", "-1e999", "NaN", "Infinity"] {
            let line = #"{"reviewerID": "u", "asin": "a", "unixReviewTime": \#(number)}"#
            #expect(throws: ISRFError.self, "\(number)") { try scratch.interactions("x.json", line) }
        }
    }

    @Test(
        "Tables of interactions: what is wrong with the header is named",
        arguments: [
            ("user,thing\nu,a\n", "item", "no column for the item"),
            ("who,item\nu,a\n", "user", "no column for the user"),
            ("user,user_id,item\nu,u,a\n", "user", "could each be"), ("user,item,item\nu,a,a\n", "item", "twice"),
            ("user,item,time,timestamp\nu,a,1,1\n", "timestamp", "could each be"),
            ("user,item,Date\nu,a,1\n", "Date", "No column is named timestamp"),
            ("user,item,review_time\nu,a,1\n", "review_time", "No column is named timestamp"),
            ("user,item_id_list,item\nu,a,a\n", "item_id_list", "whole histories"),
        ])
    func headers(text: String, field: String, words: String) {
        for skipping in [false, true] {
            expectError(line: 1, field: field, words) {
                _ = try scratch.interactions("x.csv", text, format: .csv, skipping: skipping)
            }
        }
    }

    @Test("Fields too few, too many or without an identifier are named")
    func rows() {
        for (row, field, words) in [
            ("u", nil, "1 fields"), ("u,a,1", nil, "3 fields"), (",a", "user", "empty"), ("u,", "item", "empty"),
        ] as [(String, String?, String)] {
            expectError(line: 2, field: field, words) { _ = try scratch.interactions("x.csv", "user,item\n\(row)\n") }
        }
        for (row, field, words) in [
            ("u::a", nil, "2 fields"), ("u::a::1::2::3", nil, "5 fields"), ("::a::1::1", "user", "empty"),
            ("u::::1::1", "item", "empty"),
        ] as [(String, String?, String)] {
            expectError(line: 1, field: field, words) {
                _ = try scratch.interactions("x.dat", "\(row)\n", format: .movielens)
            }
        }
    }

    @Test("Sequences: an unknown item leaves the whole line out")
    func unknownInSequence() throws {
        let file = try scratch.interactions("x.txt", "u a d b\nv c\n", skipping: true)
        #expect(file.log.named() == ["v": ["c"]])
    }
}
