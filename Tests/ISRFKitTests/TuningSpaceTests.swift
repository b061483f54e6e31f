import Foundation
import Testing

@testable import ISRFKit

@Suite("Search spaces")
struct TuningSpaceTests {
    private static let space = TuningSpace([
        TuningParameter("training.learningRate", from: 1e-4, to: 1e-2, scale: .logarithmic),
        TuningParameter("model.dropout", from: 0.2, to: 0.6),
        TuningParameter("users.neighbours", from: 10, to: 200, scale: .logarithmic),
        TuningParameter("graph.layers", from: 1, to: 3),
        TuningParameter("model.width", values: [64, 128]),
    ])

    private func number(_ key: String, _ values: [String: TuningValue]) throws -> Double {
        try #require(values[key]?.number)
    }

    @Test("A trial's values follow from seed and number alone, and each setting from itself")
    func drawsBySeedAndNumber() {
        let space = TuningSpaceTests.space
        let trials = (1...30).map { space.values(ofTrial: $0, seed: 7) }
        #expect(trials == (1...30).reversed().map { space.values(ofTrial: $0, seed: 7) }.reversed())
        #expect(Set(trials).count == 30)
        #expect(space.values(ofTrial: 3, seed: 8) != trials[2])
        let wider = TuningSpace(space.parameters + [TuningParameter("training.patience", values: [3, 5])])
        for (key, value) in space.values(ofTrial: 4, seed: 7) {
            #expect(wider.values(ofTrial: 4, seed: 7)[key] == value)
        }
    }

    @Test("Values stay in their ranges, reach all of them, and are whole where the setting is")
    func staysInRange() throws {
        let trials = (1...2000).map { TuningSpaceTests.space.values(ofTrial: $0, seed: 1) }
        let rates = try trials.map { try number("training.learningRate", $0) }
        #expect(rates.allSatisfy { (1e-4...1e-2).contains($0) })
        // Half of them lie below the geometric mean of the ends.
        #expect((900...1100).contains(rates.count { $0 < 1e-3 }))
        let dropouts = try trials.map { try number("model.dropout", $0) }
        #expect(dropouts.allSatisfy { (0.2...0.6).contains($0) })
        #expect((900...1100).contains(dropouts.count { $0 < 0.4 }))
        let neighbours = try trials.map { try number("users.neighbours", $0) }
        #expect(neighbours.allSatisfy { (10...200).contains($0) && $0 == $0.rounded() })
        #expect(Set(neighbours).isSuperset(of: [10, 11, 12, 13]) && (neighbours.max() ?? 0) > 190)
        let layers = try trials.map { try number("graph.layers", $0) }
        #expect(Set(layers) == [1, 2, 3])
        for layer in [1.0, 2, 3] { #expect((580...760).contains(layers.count { $0 == layer })) }
        #expect(Set(try trials.map { try number("model.width", $0) }) == [64, 128])
        // Numbers are short enough to be read and are the same when they are written and read.
        #expect(dropouts.allSatisfy { "\($0)".count <= 6 })
        let coded = try JSONDecoder().decode([[String: TuningValue]].self, from: try JSONEncoder().encode(trials))
        #expect(coded == trials)
    }

    @Test("A value that is put into the configuration stands there and changes nothing else")
    func replaces() throws {
        var base = ISRFConfiguration()
        base.seed = UInt64.max
        base.training.learningRate = 0.1
        base.reasoning.encoder.spectrumPower = 0.3
        #expect(try base.replacing([:]) == base)
        let changed = try base.replacing([
            "model.dropout": .number(0.3), "users.neighbours": .number(12), "views.historyDecay": .number(4),
        ])
        var expected = base
        expected.model.dropout = 0.3
        expected.users.neighbours = 12
        expected.views.historyDecay = 4
        #expect(changed == expected)
        #expect(changed.value(of: "model.dropout") == .number(0.3))
        for key in base.settingKeys where key != "seed" {
            let value = try #require(base.value(of: key))
            #expect(try base.replacing([key: value]) == base, "\(key)")
        }
        #expect(base.value(of: "model") == nil && base.value(of: "nothing") == nil && base.value(of: "") == nil)
        expectNothing(base)
    }

    private func expectNothing(_ base: ISRFConfiguration) {
        #expect(throws: ISRFError.self) { try base.replacing(["model.wdth": .number(1)]) }
        #expect(throws: ISRFError.self) { try base.replacing(["model.width": .number(1.5)]) }
        #expect(throws: ISRFError.self) { try base.replacing(["model.dropout": .number(1e300)]) }
    }

    @Test("The standard space is valid, and so is every trial of it")
    func standard() throws {
        try TuningSpace.standard.validate(for: .init())
        for number in 1...200 {
            try ISRFConfiguration().replacing(TuningSpace.standard.values(ofTrial: number, seed: 3)).validate()
        }
        let coded = try JSONDecoder().decode(TuningSpace.self, from: try JSONEncoder().encode(TuningSpace.standard))
        #expect(coded == TuningSpace.standard)
    }

    @Test(
        "What no trial could have is refused with its key and what was expected",
        arguments: [
            (TuningParameter("model.widht", values: [1]), "model.widht", "There is no such setting"),
            (TuningParameter("learningRate", values: [1]), "learningRate", "training.learningRate"),
            (TuningParameter("training", values: [1]), "training", "group of settings"),
            (TuningParameter("model.width", values: []), "model.width", "no values"),
            (TuningParameter("model.width", values: [64, 64]), "model.width", "twice"),
            (TuningParameter("model.width", values: [1.5]), "model.width", "expected was a whole number"),
            (TuningParameter("model.width", .values([.text("wide")])), "model.width", "\"wide\""),
            (TuningParameter("model.dropout", .values([.truth(true)])), "model.dropout", "expected was a number"),
            (TuningParameter("model.dropout", values: [0.5, 1]), "model.dropout", "in 0..<1"),
            (TuningParameter("model.dropout", from: 0.5, to: 1), "model.dropout", "in 0..<1"),
            (TuningParameter("model.dropout", from: 0.5, to: 0.5), "model.dropout", "below `to`"),
            (TuningParameter("model.dropout", from: 0, to: 0.5, scale: .logarithmic), "model.dropout", "above 0"),
            (TuningParameter("model.dropout", from: .nan, to: 0.5), "model.dropout", "expected was a number"),
            (TuningParameter("training.epochs", from: 1.5, to: 4), "training.epochs", "`from`"),
            (TuningParameter("model.heads", values: [3]), "model.heads", "a divisor of model.width"),
            (TuningParameter("seed", values: [-1]), "seed", "0 or more"),
        ] as [(TuningParameter, String, String)])
    func refuses(_ parameter: TuningParameter, _ key: String, _ words: String) throws {
        let error = try #require(throws: ISRFError.self) {
            try TuningSpace([TuningParameter("training.patience", values: [2]), parameter]).validate(for: .init())
        }
        #expect(error.code == .invalidConfiguration && error.location?.field == key, "\(error)")
        #expect(error.message.contains(words), "\(error)")
    }

    @Test("Nothing to search is refused; what fits beside another value of the space is not")
    func combinations() throws {
        #expect(throws: ISRFError.self) { try TuningSpace([]).validate(for: .init()) }
        let twice = TuningParameter("model.width", values: [64])
        #expect(throws: ISRFError.self) { try TuningSpace([twice, twice]).validate(for: .init()) }
        try TuningSpace([
            TuningParameter("model.heads", values: [2, 3]), TuningParameter("model.width", values: [64, 96]),
        ]).validate(for: .init())
    }
}
