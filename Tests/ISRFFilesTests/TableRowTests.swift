import ISRFCore
import Testing

@testable import ISRFFiles

@Suite("Rows of tables")
struct TableRowTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    /// The rows as texts with their lines; faults as their lines alone.
    private func rows(
        _ text: String, _ dialect: TableDialect = .commas, limits: ReadingLimits = ReadingLimits()
    ) throws -> [(line: Int, fields: [String]?)] {
        let lines = try LineReader(path: scratch.write("rows", text.utf8), limits: limits)
        var reader = TableRowReader(lines, dialect: dialect)
        var rows: [(Int, [String]?)] = []
        while true {
            do {
                guard let row = try reader.next() else { return rows }
                rows.append((row.line, row.fields.indices.map { row[$0] }))
            } catch let fault as RecordFault {
                rows.append((fault.line ?? reader.line, nil))
            }
        }
    }

    @Test(
        "Quoted fields may hold commas, doubled quotes and ends of lines",
        arguments: [
            ("a,b", ["a", "b"]), ("", nil), (",", ["", ""]), ("\"\"", [""]), ("\"a,b\",c", ["a,b", "c"]),
            ("\"a\"\"b\"", ["a\"b"]), ("\"\"\"\"", ["\""]), ("\"a\nb\",c", ["a\nb", "c"]),
            ("\"a\r\nb\"\r\n", ["a\r\nb"]), ("\"a\n\n\nb\"", ["a\n\n\nb"]), ("\"a\rb\"", ["a\rb"]),
            (" a , b ", [" a ", " b "]),
            ("a,\"\"", ["a", ""]), ("\"ю\u{301}\",🍎", ["ю\u{301}", "🍎"]), ("\"\n\"", ["\n"]),
        ] as [(String, [String]?)])
    func fields(text: String, fields: [String]?) throws {
        #expect(try rows(text).first?.fields == fields)
    }

    @Test("A row knows the line at which it begins")
    func lines() throws {
        let rows = try rows("a\n\n\"b\nc\"\nd\n")
        #expect(rows.map(\.line) == [1, 3, 5])
        #expect(rows.map(\.fields) == [["a"], ["b\nc"], ["d"]])
    }

    @Test("A quote too many costs its own line, not those that it swallows")
    func unbalancedQuotes() throws {
        let never = try rows("a,b\nc,\"d\ne,f\ng,h\n")
        #expect(never.map(\.line) == [1, 2, 3, 4])
        #expect(never.map(\.fields) == [["a", "b"], nil, ["e", "f"], ["g", "h"]])
        let late = try rows("c,\"d\ne,f\ng,\"h\"\ni,j")
        #expect(late.map(\.fields) == [nil, ["e", "f"], ["g", "h"], ["i", "j"]])
    }

    @Test("A quoted field that goes on beyond the limit is malformed")
    func longQuoted() throws {
        let text = "\"a\n" + String(repeating: "b\n", count: 100)
        let rows = try rows(text, limits: ReadingLimits(lineLength: 50))
        #expect(rows.map(\.line) == Array(1...101))
        #expect(rows.map { $0.fields == nil } == [true] + [Bool](repeating: false, count: 100))
    }

    @Test("A carriage return, a quote or a NUL in a plain field is malformed", arguments: ["a\rb", "a\"b", "a\u{0}b"])
    func plainFields(field: String) throws {
        #expect(try rows("\(field),x\ny").map(\.fields) == [nil, ["y"]])
    }

    @Test("With tabs a quote is a character like others, and a row is a line")
    func tabs() throws {
        let rows = try rows("a\t\"b\nc,\"\"\td\"\n\"e\"\t\"\"\n", .tabs)
        #expect(rows.map(\.fields) == [["a", "\"b"], ["c,\"\"", "d\""], ["e", ""]])
    }

    /// Fields drawn from what is awkward, quoted by the rules of RFC 4180 alone.
    @Test("What is written by the rules is read as it was", arguments: 1...200)
    func rules(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let awkward = ["\"", ",", "\n", "\r\n", "\r", "a", "ю", " ", "\t", "\"\"", "🍎", "\u{301}"]
        let table = (0..<random.index(below: 6) + 1).map { _ in
            (0..<3).map { _ in
                (0..<random.index(below: 5)).map { _ in awkward[random.index(below: awkward.count)] }.joined()
            }
        }
        let text = table.map { row in
            row.map { field in
                // By scalars: an accent makes one character with the quote before it.
                let doubled = field.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }
                return "\"" + doubled.joined() + "\""
            }.joined(separator: ",")
        }.joined(separator: "\n")
        let read = try rows(text).map(\.fields)
        #expect(read.map { $0?.map { Array($0.utf8) } } == table.map { $0.map { Array($0.utf8) } })
    }
}
