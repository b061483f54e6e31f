import ISRFCore
import ISRFData
import Testing

@testable import ISRFFiles

@Suite("Items, hostile input")
struct HostileItemTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func read(_ sample: ItemSample, _ bytes: some Sequence<UInt8>, skipping: Bool = false) throws -> ItemFile {
        try ItemFile(reading: scratch.write(sample.name, bytes), format: sample.format, skippingMalformed: skipping)
    }

    /// The sample's text with one line in place of the second record or before it.
    private func bytes(_ sample: ItemSample, second: some Sequence<UInt8>, replacing: Bool = false) -> [UInt8] {
        var lines = sample.lines.map { Array($0.utf8) }
        let place = sample.headerLines + 1
        lines.replaceSubrange(place..<(replacing ? place + 1 : place), with: [Array(second)])
        return Array(lines.joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")]
    }

    /// Expects one malformed line, named, that skipping leaves out.
    private func expectFault(
        _ sample: ItemSample, second: some Sequence<UInt8>, replacing: Bool = false, left: [String], words: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let bytes = bytes(sample, second: second, replacing: replacing)
        let line = sample.headerLines + 2
        do {
            _ = try read(sample, bytes)
            Issue.record("nothing was thrown", sourceLocation: sourceLocation)
        } catch let error as ISRFError {
            #expect(error.code == .invalidData, sourceLocation: sourceLocation)
            #expect(error.location?.file == scratch.path(sample.name), sourceLocation: sourceLocation)
            #expect(error.location?.line == line, "\(error)", sourceLocation: sourceLocation)
            #expect(error.message.contains(words), "\(error)", sourceLocation: sourceLocation)
        }
        let file = try read(sample, bytes, skipping: true)
        #expect(file.catalogue.items.map(\.id) == left, sourceLocation: sourceLocation)
        #expect(file.skipped.map(\.location?.line) == [line], sourceLocation: sourceLocation)
        #expect(file.skipped.map(\.location?.file) == [scratch.path(sample.name)], sourceLocation: sourceLocation)
        #expect(file.skipped.first?.message.contains(words) == true, sourceLocation: sourceLocation)
    }

    @Test("A malformed line is named with its file and number, or skipped", arguments: ItemSample.all)
    func malformed(sample: ItemSample) throws {
        try expectFault(sample, second: sample.malformed.utf8, left: ItemSample.identifiers, words: sample.problem)
    }

    @Test("A repeated item is malformed; skipping keeps the first", arguments: ItemSample.all)
    func repeated(sample: ItemSample) throws {
        let lines = sample.lines + [sample.repeated]
        let text = lines.joined(separator: "\n")
        expectError(
            line: lines.count, field: "id", "\"id b\" already stands on line \(sample.headerLines + 2)"
        ) { _ = try read(sample, text.utf8) }
        let file = try read(sample, text.utf8, skipping: true)
        #expect(file.catalogue == (try read(sample, sample.text.utf8).catalogue))
        #expect(file.skipped.count == 1)
    }

    @Test("A line with a NUL byte is malformed", arguments: ItemSample.all)
    func nul(sample: ItemSample) throws {
        let record = Array(sample.records[1].utf8)
        let bytes = record[..<(record.count / 2)] + [0] + record[(record.count / 2)...]
        try expectFault(sample, second: bytes, replacing: true, left: ["a", "яблоко"], words: "NUL")
    }

    @Test("A line that is not UTF-8 is malformed, but for movies.dat", arguments: ItemSample.all)
    func encoding(sample: ItemSample) throws {
        let record = Array(sample.records[1].utf8)
        for wrong: [UInt8] in [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0xAF]] {
            let bytes = record[..<(record.count / 2)] + wrong + record[(record.count / 2)...]
            if sample.name == "movies.dat" {
                #expect(try read(sample, self.bytes(sample, second: bytes, replacing: true)).catalogue.count == 3)
            } else {
                try expectFault(sample, second: bytes, replacing: true, left: ["a", "яблоко"], words: "UTF-8")
            }
        }
    }

    @Test("An overlong line is malformed and is not held in memory", arguments: ItemSample.all)
    func overlong(sample: ItemSample) throws {
        let limits = ReadingLimits(lineLength: 300)
        let long = String(repeating: sample.records[1], count: 20)
        let path = try scratch.write(sample.name, bytes(sample, second: long.utf8))
        expectError(line: sample.headerLines + 2, "longer than 300 bytes") {
            _ = try ItemFile(reading: path, format: nil, skippingMalformed: false, limits: limits)
        }
        let file = try ItemFile(reading: path, format: nil, skippingMalformed: true, limits: limits)
        #expect(file.catalogue.items.map(\.id) == ItemSample.identifiers)
        #expect(file.skipped.count == 1)
    }

    @Test("A line of a megabyte is read", arguments: ItemSample.all)
    func long(sample: ItemSample) throws {
        let title = String(repeating: "x", count: 1 << 20)
        let text = sample.text.replacing("First", with: title)
        #expect(try read(sample, text.utf8).catalogue[0].title == title)
    }

    @Test("An empty file, a mark alone and blank lines alone are errors, skipping or not", arguments: ItemSample.all)
    func empty(sample: ItemSample) {
        for bytes: [UInt8] in [[], [0xEF, 0xBB, 0xBF], Array("\n\r\n  \n\t\n".utf8)] {
            for skipping in [false, true] {
                expectError(.invalidData, "The file is empty") { _ = try read(sample, bytes, skipping: skipping) }
            }
        }
    }

    @Test("A header alone is an error", arguments: ItemSample.all.filter { $0.header != nil })
    func headerOnly(sample: ItemSample) throws {
        let header = try #require(sample.header)
        for text in [header, header + "\n", header + "\r\n\r\n"] {
            expectError(.invalidData, "The file has no item") { _ = try read(sample, text.utf8, skipping: true) }
        }
    }

    @Test("Where every line is malformed, skipping still fails and says how many", arguments: ItemSample.all)
    func allMalformed(sample: ItemSample) throws {
        let lines = (sample.header.map { [$0] } ?? []) + [sample.malformed, sample.malformed]
        do {
            _ = try read(sample, lines.joined(separator: "\n").utf8, skipping: true)
            Issue.record("nothing was thrown")
        } catch let error as ISRFError {
            #expect(error.message.contains("2 malformed lines were skipped"))
            #expect((error.underlying as? ISRFError)?.location?.line == sample.headerLines + 1)
        }
    }

    @Test("Marks, ends of lines and blank lines make no difference", arguments: ItemSample.all)
    func ends(sample: ItemSample) throws {
        let expected = try read(sample, sample.text.utf8).catalogue
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let variants: [[UInt8]] = [
            mark + sample.text.utf8, Array(sample.text.replacing("\n", with: "\r\n").utf8),
            Array(sample.text.utf8.dropLast()),
            mark + Array(sample.text.replacing("\n", with: "\r\n").utf8.dropLast(2)),
            Array("\n\r\n".utf8) + sample.text.utf8,
            Array(sample.text.replacing("\n", with: "\n\n").utf8), Array(sample.text.utf8.dropLast()) + [0x0D],
        ]
        for variant in variants {
            let found = try ItemFile(reading: scratch.write(sample.name, variant))
            #expect(found.format == sample.format)
            #expect(found.catalogue == expected)
        }
    }

    @Test("Items without any text are items")
    func withoutText() throws {
        let expected = [Item(id: "a"), Item(id: "b")]
        for (name, text) in [
            ("x.jsonl", "{\"id\":\"a\"}\n{\"id\":\"b\",\"title\":\"\",\"categories\":[]}"), ("x.csv", "id\na\nb"),
            ("x.csv", "id,title,brand\na,,\nb, ,"), ("x.item", "item_id:token\na\nb"),
            ("x.json", "{'asin': 'a'}\n{'asin': 'b', 'title': ''}"), ("x.dat", "a::::\nb::::(no genres listed)"),
        ] {
            #expect(try scratch.items(name, text).catalogue.items == expected, "\(name)")
        }
    }

    @Test(
        "Records of JSON: what is wrong is named",
        arguments: [
            (#"{"title": "x"}"#, "id", "missing"), (#"{"id": ""}"#, "id", "empty"), (#"{"id": null}"#, "id", "null"),
            (#"{"id": 1.5}"#, "id", "not exact"), (#"{"id": 123456789012345678901}"#, "id", "not exact"),
            (#"{"id": ["a"]}"#, "id", "a list"), (#"{"id": {"a": 1}}"#, "id", "an object"),
            (#"{"id": true}"#, "id", "true"),
            (#"{"id": "a", "title": {"en": "x"}}"#, "title", "an object"),
            (#"{"id": "a", "title": [["x"]]}"#, "title", "a list"),
            (#"{"id": "a", "brand": [{}]}"#, "brand", "an object"),
            (#"{"id": "a", "categories": {"x": 1}}"#, "categories", "an object"),
            (#"{"id": "a", "categories": [[["x"]]]}"#, "categories", "a list"),
            (#"{"id": "a", "categories": ["x", ["y"]]}"#, "categories", "mixes"),
            (#"["a"]"#, nil, "not an object"), ("\"a\"", nil, "not an object"), ("null", nil, "not an object"),
            (#"{"id": "a""#, nil, "not valid JSON"), (#"{"id": "a"} {"id": "b"}"#, nil, "not valid JSON"),
            (#"{"id": 'a'}"#, nil, "not valid JSON"), (#"{"id": NaN}"#, nil, "not valid JSON"),
            (#"{"id": "\ud800"}"#, "id", "not valid JSON"), (#"{"id": "a", "x": 01}"#, "x", "not valid JSON"),
            ("{'id': 'a'}", nil, "not valid JSON"),
            (#"{"id": "a\#u{9}b"}"#, "id", "not valid JSON"), (#"{"a": 1 "b": 2}"#, nil, "character 8"),
            (#"{"id": "a", "x": [1e999]}"#, "x", "1e999"),
        ] as [(String, String?, String)])
    func json(line: String, field: String?, words: String) throws {
        expectError(line: 2, field: field, words) {
            _ = try scratch.items("x.jsonl", "{\"id\":\"z\"}\n\(line)\n", format: .jsonLines)
        }
        let file = try scratch.items("x.jsonl", "{\"id\":\"z\"}\n\(line)\n", format: .jsonLines, skipping: true)
        #expect(file.catalogue.count == 1 && file.skipped.map(\.location?.field) == [field])
    }

    @Test("JSON that nests too deeply is malformed, JSON that nests deeply is read")
    func nesting() throws {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            func line(_ depth: Int) -> String {
                let (open, close) = (String(repeating: open, count: depth), String(repeating: close, count: depth))
                return "{\"id\":\"a\",\"x\":\(open)1\(close)}\n"
            }
            #expect(try scratch.items("x.jsonl", line(50)).catalogue[0].attributes.map(\.value) == [["1"]])
            for depth in [70, 500] {
                expectError(line: 1, field: "x", "64 levels") { _ = try scratch.items("x.jsonl", line(depth)) }
            }
            for depth in [600, 100_000] {
                expectError(line: 1, "not valid JSON", "nested") { _ = try scratch.items("x.jsonl", line(depth)) }
            }
            let unclosed = "{\"id\":\"a\",\"x\":" + String(repeating: open, count: 100_000)
            expectError(line: 1, "not valid JSON") { _ = try scratch.items("x.jsonl", unclosed) }
        }
        let python = "{'asin': 'a', 'x': " + String(repeating: "(", count: 100_000)
        expectError(line: 1, "not valid as a Python dictionary") { _ = try scratch.items("x.json", python) }
    }

    @Test(
        "Tables of items: what is wrong with the header is named, skipping or not",
        arguments: [
            ("title,brand\nx,y\n", "item identifier", "no column for the item identifier"),
            ("id,title,title\na,b,c\n", "title", "twice"), ("id,asin\na,b\n", "item identifier", "could each be"),
            ("\"id,title\na,b\n", nil, "never closes"), ("id\u{0},title\na,b\n", nil, "NUL"),
        ] as [(String, String?, String)])
    func headers(text: String, field: String?, words: String) {
        for skipping in [false, true] {
            expectError(line: 1, field: field, words) {
                _ = try scratch.items("x.csv", text, format: .csv, skipping: skipping)
            }
        }
    }

    @Test(
        "Rows of items: what is wrong is named",
        arguments: [
            (",x", "id", "identifier is empty"), ("\"\",x", "id", "identifier is empty"), ("a", nil, "1 fields"),
            ("a,b,c", nil, "3 fields"), ("a,[x", "categories", "begins as a list"),
            ("a,\"[[['x']]]\"", "categories", "a list"), ("a,x\"y", nil, "quote within field 2"),
            ("a,\"x\"y", nil, "after the closing quote of field 2"), ("a,\"x", nil, "never closes"),
            ("a,x\ry", nil, "carriage return"), ("  ", nil, "1 fields"),
        ] as [(String, String?, String)])
    func rows(row: String, field: String?, words: String) throws {
        let text = "id,categories\nz,\n\(row)\n"
        expectError(line: 3, field: field, words) { _ = try scratch.items("x.csv", text) }
        let file = try scratch.items("x.csv", text, skipping: true)
        #expect(file.catalogue.items.map(\.id) == ["z"] && file.skipped.count == 1)
    }

    @Test("Lines that end with a carriage return alone are an error, not one long record")
    func carriageReturns() {
        for sample in ItemSample.all {
            let text = sample.text.replacing("\n", with: "\r")
            #expect(throws: ISRFError.self, "\(sample.name)") { try read(sample, text.utf8) }
        }
    }
}
