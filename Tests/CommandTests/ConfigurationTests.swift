@testable internal import isrf
internal import Foundation
internal import ISRFKit
internal import Testing

@Suite struct ConfigurationTests {
    private static func read(_ text: String) throws -> ISRFConfiguration {
        try ConfigurationFile(text: text, path: "config.yaml").configuration
    }

    private static func error(_ text: String) throws -> ISRFError {
        try #require(throws: ISRFError.self) { try read(text) }
    }

    /// Every key that the configuration is coded with, as paths with dots.
    private static func codedKeys() throws -> Set<String> {
        func keys(_ value: Any, _ path: String) -> [String] {
            guard let object = value as? [String: Any] else { return [path] }
            return (path.isEmpty ? [] : [path])
                + object.flatMap { keys($0.value, path.isEmpty ? $0.key : "\(path).\($0.key)") }
        }
        return Set(keys(try JSONSerialization.jsonObject(with: try JSONEncoder().encode(ISRFConfiguration())), ""))
    }

    @Test func thePrintedConfigurationHasEveryKeyWithAComment() throws {
        var commented: Set<String> = []
        var path: [String] = []
        var comment: String?
        for line in ConfigurationText.standard.split(separator: "\n", omittingEmptySubsequences: false) {
            let depth = line.prefix { $0 == " " }.count / 2
            let text = line.trimmingCharacters(in: .whitespaces)
            if text.hasPrefix("# ") {
                comment = text
            } else if let colon = text.firstIndex(of: ":") {
                path = path.prefix(depth) + [String(text[..<colon])]
                if comment != nil { commented.insert(path.joined(separator: ".")) }
                comment = nil
            } else {
                comment = nil
            }
        }
        #expect(commented == (try ConfigurationTests.codedKeys()))
    }

    @Test func thePrintedConfigurationReadsBackAsTheDefault() throws {
        #expect(try ConfigurationTests.read(ConfigurationText.standard) == ISRFConfiguration())
        #expect(try ConfigurationTests.read("") == ISRFConfiguration())
        #expect(try ConfigurationTests.read("# nothing\nmodel:\n") == ISRFConfiguration())
    }

    @Test func aPartialFileChangesWhatItNamesAlone() throws {
        var expected = ISRFConfiguration()
        expected.seed = UInt64.max
        expected.model.width = 64
        expected.training.learningRate = 2e-3
        expected.reasoning.attributes.priorStrength = 3
        let read = try ConfigurationTests.read(
            """
            seed: 18446744073709551615
            model: {width: 64}
            training:
              learningRate: 2e-3
            reasoning:
              attributes:
                priorStrength: 3
            """)
        #expect(read == expected)
    }

    @Test(arguments: [
        ("nothing: 1", 1, "nothing"), ("seed: 1\nmodel:\n  widht: 2", 3, "model.widht"),
        ("model:\n  width: wide", 2, "model.width"), ("model:\n  width: 1.5", 2, "model.width"),
        ("model:\n  width: [1]", 2, "model.width"), ("model:\n  width:", 2, "model.width"), ("model: 3", 1, "model"),
        ("seed: -1", 1, "seed"), ("training:\n  epochs: 0", 2, "training.epochs"),
        ("training:\n  learningRate: .nan", 2, "training.learningRate"),
        ("reasoning:\n  encoder:\n    latentDimensions: 0", 3, "reasoning.encoder.latentDimensions"),
        ("reasoning:\n  attributes:\n    priorStrength: 0", 3, "reasoning.attributes.priorStrength"),
        ("reasoning: {attributes: {usersRead: 0}}", 1, "reasoning.attributes.usersRead"),
        ("graph: {transitions: {maximumDistance: -1}}", 1, "graph.transitions.maximumDistance"),
        ("model:\n  width: 10\n  heads: 3", 3, "model.heads"),
        ("model:\n  width: 99999999999999999999", 2, "model.width"),
    ])
    func whatIsWrongIsNamedWithItsPlace(_ text: String, _ line: Int, _ key: String) throws {
        let error = try ConfigurationTests.error(text)
        #expect(error.code == .invalidConfiguration)
        #expect(error.location == .init(file: "config.yaml", line: line, field: key), "\(error)")
    }

    @Test func errorsSayWhatWasExpected() throws {
        #expect(try ConfigurationTests.error("model:\n  wdth: 2").message.contains("width, blocks, heads, expansion"))
        #expect(try ConfigurationTests.error("model:\n  width: x").message.contains("expected was a whole number"))
        #expect(try ConfigurationTests.error("model:\n  dropout: x").message.contains("expected was a number"))
    }

    @Test(
        arguments: [("seed: 1\nseed: 2", nil), ("seed: [1", nil), ("- 1\n- 2", 1), ("a: b: c", 1)] as [(String, Int?)])
    func whatIsNotAListOfKeysIsRefused(_ text: String, _ line: Int?) throws {
        let error = try ConfigurationTests.error(text)
        #expect(error.location?.file == "config.yaml")
        if let line { #expect(error.location?.line == line) }
    }
}
