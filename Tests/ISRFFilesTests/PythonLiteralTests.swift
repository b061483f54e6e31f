import Testing

@testable import ISRFFiles

@Suite("Python literals")
struct PythonLiteralTests {
    private func value(_ literal: String) throws -> FieldValue? {
        try FieldRecord(Line(number: 1, bytes: Array("{'x': \(literal)}".utf8)), allowsPython: true).fields["x"]
    }

    @Test(
        "Literals are read as Python writes them",
        arguments: [
            ("'a'", .text("a")), ("\"a\"", .text("a")), ("u'a'", .text("a")), ("b'a'", .text("a")), ("''", .text("")),
            (#"'it\'s'"#, .text("it's")), (#""it's""#, .text("it's")), (#"'say "x"'"#, .text("say \"x\"")),
            (#"'a\\b'"#, .text("a\\b")), (#"'a\nb\tc\rd'"#, .text("a\nb\tc\rd")), (#"'a\/b'"#, .text(#"a\/b"#)),
            (#"u'\xe9'"#, .text("é")), (#"'\xc3\xa9'"#, .text("é")), (#"'\xe9'"#, .text("é")),
            (#"u'\xc3\xa9'"#, .text("Ã©")),
            (#"u'\u20ac'"#, .text("€")), (#"u'\U0001f34e'"#, .text("🍎")), (#"u'\ud83c\udf4e'"#, .text("🍎")),
            ("'\u{7}\u{1f}'", .text("\u{7}\u{1f}")), ("'ю'", .text("ю")), ("True", .truth(true)),
            ("False", .truth(false)),
            ("None", .null), ("nan", .null), ("3", .integer(3)), ("3L", .integer(3)), ("-2.5", .number(-2.5)),
            ("1e3", .integer(1000)), ("1.5E-1", .number(0.15)), ("[]", .list([])),
            ("[1, 'a',]", .list([.integer(1), .text("a")])),
            ("('a',)", .list([.text("a")])), ("()", .list([])),
            ("[['a'], ('b', None)]", .list([.list([.text("a")]), .list([.text("b"), .null])])),
            ("{'k': {'l': 1}}", .object(["k": .object(["l": .integer(1)])])),
        ] as [(String, FieldValue)])
    func values(literal: String, expected: FieldValue) throws {
        #expect(try value(literal) == expected)
    }

    @Test(
        "What is no literal is malformed",
        arguments: [
            "'a", "\"a'", "[1, 2", "(1, 2]x", "1 2", "'a' 'b'", "foo", "__import__('os')", "lambda: 1", "1 + 1",
            "{1: 2}",
            "{'a'}", #"'\x4'"#, #"'\xzz'"#, #"u'\u12'"#, #"u'\ud800'"#, #"u'\ud83cx'"#, #"u'\ud83c\u0041'"#,
            #"u'\U00110000'"#,
            #"'\"#, "", ",", "[,1]", "u", "L", "'a'}{'b'", "0x10", "1_000", ".5",
        ])
    func malformed(literal: String) {
        #expect(throws: RecordFault.self) { try value(literal) }
    }

    @Test("Only a dictionary whose first key is in single quotes is Python")
    func recognition() {
        for text in ["{'a': 1}", " {\t'a': 1}", "{u'a': 1}"] { #expect(PythonLiteral.isDictionary(Array(text.utf8))) }
        for text in ["{\"a\": 'b'}", "{}", "['a']", "", "{", "{u", "{u\"a\": 1}", "'a'"] {
            #expect(!PythonLiteral.isDictionary(Array(text.utf8)))
        }
    }
}
