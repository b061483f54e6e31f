import Foundation
import Testing

@testable import ISRFReasoning

@Suite("Extraction of structured answers")
struct AnswerExtractionTests {
    typealias Value = JSONObjectReader.Value

    private let extraction = AnswerExtraction(names: ["a", "b"])

    static let texts: [(name: String, text: String, a: String?)] = [
        ("plain", #"{"a":"x","b":"y"}"#, "x"),
        ("spaces", "\n\t {\"a\" : \"x\" , \"b\":\"y\"}\r\n ", "x"),
        ("fence", "```json\n{\"a\":\"x\",\"b\":\"y\"}\n```", "x"),
        ("prose around", #"Here you are {as asked}: {"a":"x","b":"y"}. Enjoy {it}!"#, "x"),
        ("thought first", #"<think>maybe {"a":"no","b":"no"}?</think>{"a":"x","b":"y"}"#, "x"),
        ("thought without a beginning", #"{"a":"no","b":"no"} hm </think> {"a":"x","b":"y"}"#, "x"),
        ("thought without an end", #"<think>{"a":"no","b":"no"}"#, nil),
        ("tag inside a text", #"{"a":"</think> {\"a\":1}","b":"y"}"#, "</think> {\"a\":1}"),
        ("two answers", #"{"a":"old","b":"old"} No, better: {"a":"x","b":"y"}"#, "x"),
        ("an example after it", #"{"a":"x","b":"y"} {"unrelated":"z"}"#, "x"),
        ("in a list", #"[{"a":"x","b":"y"}]"#, "x"),
        ("wrapped", #"{"answer":{"a":"x","b":"y"}}"#, "x"),
        ("braces in texts", #"{"a":"}{\"}","b":"{"}"#, "}{\"}"),
        ("escapes", #"{"a":"\u00e9\n\t\"\\\/ \ud83c\udf75","b":""}"#, "é\n\t\"\\/ 🍵"),
        ("half a pair", #"{"a":"\ud83c!","b":""}"#, "\u{FFFD}!"),
        ("line breaks in texts", "{\"a\":\"one\ntwo\",\"b\":\"y\"}", "one\ntwo"),
        ("a comma too many", #"{"a":"x","b":"y",}"#, "x"),
        ("other values", #"{"n":-1.5e3,"t":true,"l":[1,[2,{}],"x"],"a":"x","b":"y"}"#, "x"),
        ("the last of the same name", #"{"a":"old","a":"x","b":"y"}"#, "x"),
        ("unescaped quotes before", #"He said "{" and then {"a":"x","b":"y"}"#, "x"),
        ("cut in a text", #"{"a":"x","b":"y and so"#, nil),
        ("cut after a text", #"{"a":"x","b":"y""#, nil),
        ("empty", "", nil),
        ("no object", "I cannot say.", nil),
        ("error page", "<html><body>{{ message }}</body></html>", nil),
    ]

    @Test("The object is found", arguments: texts.indices)
    func isFound(_ index: Int) {
        let (name, text, expected) = Self.texts[index]
        let value = extraction.object(in: text)?["a"]
        #expect(value == expected.map(Value.text), "\(name): \(String(describing: value))")
    }

    @Test("An object that lacks something is still returned, for its faults to be named")
    func incompleteObjects() {
        #expect(extraction.object(in: #"{"a":"x"}"#) == ["a": .text("x")])
        #expect(extraction.object(in: #"{} {"a":"x"} {}"#) == ["a": .text("x")])
        #expect(extraction.object(in: #"{"a":["x"],"b":null}"#) == ["a": .other, "b": .other])
    }

    @Test("Hostile texts take little time and no stack")
    func hostileTexts() {
        let size = 200_000
        let hostile = [
            String(repeating: "{", count: size), String(repeating: "{\"a\":", count: size),
            "{\"a\":" + String(repeating: "[", count: size), String(repeating: "{\"", count: size),
            String(repeating: "{\"a\":\"", count: size), "{\"a\":\"" + String(repeating: "\\", count: size),
            String(repeating: "{\"a\":[{\"b\":\"x\"},", count: size / 4),
            String(repeating: "<think>", count: size), "{\"a\":\"\\u", "{\"a\":\"\\ud800\\u", "{\"a\":\"\\", "{",
            String(repeating: "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1,", count: size / 40),
        ]
        let start = ContinuousClock.now
        for text in hostile {
            let object = extraction.object(in: text)
            #expect(object.map(extraction.isComplete) != true)
        }
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test("What Foundation encodes is read back")
    func agreesWithFoundation() throws {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("ab{}[]\",:\\/\n\t\u{1}é世🍵\u{200B}'<>0e- ")
        for _ in 0..<500 {
            let strings = (0..<2).map { _ in
                String(
                    (0..<Int.random(in: 0..<20, using: &random)).map { _ in alphabet.randomElement(using: &random)! })
            }
            let data = try JSONSerialization.data(withJSONObject: ["a": strings[0], "b": strings[1], "c": [1, "}"]])
            let object = extraction.object(in: "So: " + String(decoding: data, as: UTF8.self) + " - that is it.")
            #expect(object?["a"] == .text(strings[0]))
            #expect(object?["b"] == .text(strings[1]))
        }
    }
}
