import Foundation
import ISRFCore
import ISRFData
import ISRFFiles
import Testing

@Suite("Writing")
struct WritingTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private let awkward = [
        "plain", "two words", " edges ", "a,b", "say \"hi\"", "line\nend", "return\r\nend", "tab\there", "日本", "🍎",
        "\u{FEFF}mark",
        "é", "\"", "::", "{", "'", "\\", "null", "007", "\u{301}", "\r",
    ]

    @Test("A catalogue written as JSON Lines is read as it was")
    func catalogueRoundTrip() throws {
        let items =
            awkward.map { text in
                Item(
                    id: text, title: "T \(text)", brand: text == "\r" ? nil : "b\(text)", description: "\(text)d",
                    categories: [["c\(text)", "x"], ["y"]],
                    attributes: [
                        "one": ["v\(text)"], "two": ["1", "w\(text)"], "k \(text)": ["z"],
                    ])
            } + [Item(id: "bare")]
        let catalogue = try Catalogue(items: items)
        try catalogue.writeJSONLines(to: scratch.path("items.jsonl"))
        let file = try ItemFile(reading: scratch.path("items.jsonl"))
        #expect(file.format == .jsonLines)
        #expect(file.catalogue == catalogue)
        let lines = try String(contentsOfFile: scratch.path("items.jsonl"), encoding: .utf8).split(separator: "\n")
        #expect(lines.count == items.count)
        #expect(lines.last == #"{"id":"bare"}"#)
    }

    @Test("Blank texts and empty lists are left out of JSON Lines")
    func blanks() throws {
        let item = Item(
            id: "a", title: " ", brand: "", description: "\n", categories: [[], ["", "x"]],
            attributes: ["none": [], "blank": [" "], "some": ["", "y"]])
        try Catalogue(items: [item]).writeJSONLines(to: scratch.path("x.jsonl"))
        let read = try ItemFile(reading: scratch.path("x.jsonl")).catalogue[0]
        #expect(read == Item(id: "a", categories: [["x"]], attributes: ["some": ["y"]]))
    }

    @Test(
        "An attribute with the name of a field is refused and leaves no file", arguments: ["id", "title", "categories"])
    func reservedNames(name: String) throws {
        let catalogue = try Catalogue(items: [Item(id: "a", attributes: [name: ["x"]])])
        expectError(field: name, "Rename the attribute") { try catalogue.writeJSONLines(to: scratch.path("x.jsonl")) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).isEmpty)
    }

    @Test("A log written as CSV is read as it was, whatever the identifiers")
    func logAsCSV() throws {
        let catalogue = try catalogue(awkward)
        let users = IdentifierMap(awkward.reversed())
        let histories = users.identifiers.indices.map { user in (0...user).map { ($0 * 7 + user) % awkward.count } }
        let log = try InteractionLog(users: users, histories: histories, itemCount: catalogue.count)
        try log.writeCSV(to: scratch.path("log.csv"), catalogue: catalogue)
        let file = try InteractionFile(reading: scratch.path("log.csv"), catalogue: catalogue)
        #expect(file.format == .csv)
        #expect(file.log == log)
    }

    @Test("A log written as sequences is read as it was")
    func logAsSequences() throws {
        let words = ["b", "{", "::", "a::b::c", "[", "\"", "日本", "null", ","]
        let catalogue = try catalogue(words)
        let users = IdentifierMap(words)
        let histories = words.indices.map { user in (0...user).map { ($0 * 5 + user) % words.count } }
        let log = try InteractionLog(users: users, histories: histories, itemCount: catalogue.count)
        try log.writeSequences(to: scratch.path("log.txt"), catalogue: catalogue)
        #expect(try InteractionFile(reading: scratch.path("log.txt"), catalogue: catalogue).log == log)
    }

    @Test("Interactions written as CSV are read in the same order, with only the columns that are needed")
    func interactions() throws {
        let some = [
            Interaction(user: "u", item: "a", timestamp: 1_700_000_000, rating: 4.5),
            Interaction(user: "u", item: "b", timestamp: -0.25), Interaction(user: "v", item: "c", timestamp: 1e300),
        ]
        try some.writeCSV(to: scratch.path("x.csv"))
        let text = try String(contentsOfFile: scratch.path("x.csv"), encoding: .utf8)
        #expect(text == "user,item,timestamp,rating\nu,a,1700000000,4.5\nu,b,-0.25,\nv,c,1e+300,\n")
        let catalogue = try catalogue(["a", "b", "c"])
        let log = try InteractionFile(reading: scratch.path("x.csv"), catalogue: catalogue).log
        #expect(log == (try InteractionLog(interactions: some, catalogue: catalogue)))
        try [Interaction(user: "u", item: "a")].writeCSV(to: scratch.path("x.csv"))
        #expect(try String(contentsOfFile: scratch.path("x.csv"), encoding: .utf8) == "user,item\nu,a\n")
    }

    @Test("What a file cannot hold is refused, and a file that was there stays as it was")
    func refusals() throws {
        let path = try scratch.write("log", "before".utf8)
        func log(_ user: String, _ item: String, _ history: [Int] = [0]) throws -> (InteractionLog, Catalogue) {
            (
                try InteractionLog(users: IdentifierMap([user]), histories: [history], itemCount: 1),
                try catalogue([item])
            )
        }
        for (user, item, field) in [
            ("two words", "a", "user"), ("u", "a\tb", "item"), ("u\n", "a", "user"), ("\u{FEFF}u", "a", "user"),
            ("", "a", "user"),
        ] {
            let (log, catalogue) = try log(user, item)
            expectError(field: field) { try log.writeSequences(to: path, catalogue: catalogue) }
        }
        for (user, item, field) in [("", "a", "user"), ("u\u{0}", "a", "user"), ("u", "\u{0}", "item")] {
            let (log, catalogue) = try log(user, item)
            expectError(field: field) { try log.writeCSV(to: path, catalogue: catalogue) }
            expectError(field: field) { try [Interaction(user: user, item: item)].writeCSV(to: path) }
        }
        expectError(field: "timestamp", "finite") {
            try [Interaction(user: "u", item: "a", timestamp: .nan)].writeCSV(to: path)
        }
        let (empty, one) = try log("u", "a", [])
        expectError(.invalidData, "has no items") { try empty.writeCSV(to: path, catalogue: one) }
        expectError(.invalidData, "has no items") { try empty.writeSequences(to: path, catalogue: one) }
        let two = try catalogue(["a", "b"])
        expectError(.invalidData, "a catalogue of 1 items") { try log("u", "a").0.writeCSV(to: path, catalogue: two) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "before")
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path) == ["log"])
    }

    @Test("A directory that is not there is named")
    func noDirectory() throws {
        expectError(.fileAccess, "cannot be created") {
            try catalogue(["a"]).writeJSONLines(to: scratch.path("none/x.jsonl"))
        }
        expectError(.fileAccess, "cannot be written") { try catalogue(["a"]).writeJSONLines(to: scratch.url.path) }
    }
}
