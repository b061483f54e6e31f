@testable internal import isrf
internal import Foundation
internal import ISRFKit
internal import Testing

@Suite struct SpaceFileTests {
    private static func read(_ text: String) throws -> TuningSpace {
        try SpaceFile(text: text, path: "space.yaml", base: ISRFConfiguration()).space
    }

    @Test func thePrintedSpaceReadsBackAsTheStandardOne() throws {
        #expect(try SpaceFileTests.read(SpaceText.standard) == .standard)
        for parameter in TuningSpace.standard.parameters {
            let comment = try #require(ConfigurationComments.comment(parameter.key))
            #expect(SpaceText.standard.contains("# \(comment)\n# By default "), "\(parameter.key)")
        }
    }

    @Test func valuesAndRangesAreReadAsTheyStand() throws {
        let space = try SpaceFileTests.read(
            """
            # Some settings.
            training.learningRate: {from: 5e-4, to: 0.004, scale: logarithmic}
            model.dropout:
              from: 0
              to: 0.5
            model.width: {values: [64, 128]}
            """)
        #expect(
            space
                == TuningSpace([
                    TuningParameter("training.learningRate", from: 0.0005, to: 0.004, scale: .logarithmic),
                    TuningParameter("model.dropout", from: 0, to: 0.5),
                    TuningParameter("model.width", values: [64, 128]),
                ]))
    }

    @Test(
        arguments: [
            ("model.width: {values: [64]}\nmodel.widht: {values: [64]}", 2, "model.widht", "no such setting"),
            ("training:\n  learningRate: {values: [1]}", 2, "training", "no such key"),
            ("model.width: 64", 1, "model.width", "`values: [...]`"),
            ("model.width: [64]", 1, "model.width", "`values: [...]`"),
            ("model.width: {values: 64}", 1, "model.width", "must be a list"),
            ("model.width: {values: []}", 1, "model.width", "no values"),
            ("model.width:\n  values: [64, 1.5]", 1, "model.width", "expected was a whole number"),
            ("model.width: {values: [64, \"128\"]}", 1, "model.width", "expected was a whole number"),
            ("model.width: {values: [[64]]}", 1, "model.width", "a single value"),
            ("model.dropout: {values: [0.5, 2]}", 1, "model.dropout", "in 0..<1"),
            ("model.dropout: {from: 0.5}", 1, "model.dropout", "`to:`"),
            ("model.dropout: {from: low, to: 0.5}", 1, "model.dropout", "`from`"),
            ("model.dropout: {from: 0.5, to: 0.2}", 1, "model.dropout", "below `to`"),
            ("model.dropout: {from: 0.2, to: 1}", 1, "model.dropout", "in 0..<1"),
            ("model.dropout: {from: 0.2, to: .inf}", 1, "model.dropout", "expected was a number"),
            ("model.dropout: {from: 0.2, to: 0.5, scale: log}", 1, "model.dropout", "linear or logarithmic"),
            ("model.dropout: {from: 0, to: 0.5, scale: logarithmic}", 1, "model.dropout", "above 0"),
            ("model.dropout: {values: [0.2], from: 0.2, to: 0.5}", 1, "model.dropout", "either"),
            ("model.dropout: {value: [0.2]}", 1, "model.dropout", "`value`"),
            ("- model.width", 1, nil, "list of settings"), ("", nil, nil, "empty"), ("# nothing", nil, nil, "empty"),
        ] as [(String, Int?, String?, String)])
    func whatIsWrongIsNamedWithItsPlace(_ text: String, _ line: Int?, _ key: String?, _ words: String) throws {
        let error = try #require(throws: ISRFError.self) { try SpaceFileTests.read(text) }
        #expect(error.code == .invalidConfiguration)
        #expect(error.location == .init(file: "space.yaml", line: line, field: key), "\(error)")
        #expect(error.message.contains(words), "\(error)")
    }

    @Test(arguments: ["model.width: {values: [1]}\nmodel.width: {values: [2]}", "model.width: [", "a: b: c"])
    func whatIsNoYAMLIsRefused(_ text: String) throws {
        let error = try #require(throws: ISRFError.self) { try SpaceFileTests.read(text) }
        #expect(error.location?.file == "space.yaml")
    }
}
