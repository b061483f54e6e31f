import Foundation
import ISRFKit
import Testing

/// Gives prepared scores: one row for each user of the log.
struct FixedScores: RankingSystem {
    let name = "fixed"
    var rows: [[Float]]

    func scores(for batch: ScoringBatch) async throws -> Matrix { Matrix(batch.users.map { rows[$0] }) }
}

/// Six items and four users, of whom the third is never evaluated.
enum Tiny {
    static func split() throws -> LeaveOneOutSplit {
        LeaveOneOutSplit(
            try InteractionLog(
                users: IdentifierMap(["a", "b", "c", "d"]),
                histories: [[0, 1, 2, 3], [1, 2, 0, 4], [2, 0], [5, 5, 1, 0]], itemCount: 6))
    }

    static let scores: [[Float]] = [
        [9, 8, 7, 1, 1, 2],
        [0, 0, 0, 5, 6, 4],
        [0, 0, 0, 0, 0, 0],
        [3, 3, 3, 3, 3, 3],
    ]
}

/// A log and a catalogue drawn at random, small enough to be counted by hand.
struct RandomData {
    let catalogue: Catalogue
    let split: LeaveOneOutSplit
    var training: [[Int]] { split.training.histories }

    init(seed: UInt64, items: Int = 14, users: Int = 25) throws {
        var random = SeededRandom(seed: seed)
        let words = ["Red", "blue", "LAMP", "chair-2", "oak", "\u{e9}tag\u{e8}re", "42", "it's"]
        catalogue = try Catalogue(
            items: (0..<items).map { index in
                var title: String?
                if index % 5 != 4 {
                    title = (0..<3).map { _ in words[random.index(below: words.count)] }.joined(separator: " ")
                }
                return Item(
                    id: "i\(index)", title: title, brand: index % 3 == 0 ? nil : ["Acme", "ACME", "Zeta"][index % 3],
                    categories: index % 7 == 6 ? [] : [["Home", ["Light", "Seat"][index % 2]], ["Sale"]])
            })
        let histories = (0..<users).map { _ in
            (0..<1 + random.index(below: 7)).map { _ in random.index(below: items) }
        }
        split = LeaveOneOutSplit(
            try InteractionLog(
                users: IdentifierMap((0..<users).map { "u\($0)" }), histories: histories, itemCount: items))
    }

    /// The scores of a baseline for the test cases.
    func scores(_ system: some TrainableSystem) async throws -> (cases: [LeaveOneOutSplit.Case], scores: Matrix) {
        let cases = split.cases(.test)
        let fitted = try await system.fitted(to: split, catalogue: catalogue, parallelism: .serial)
        let scores = try await fitted.validatedScores(
            for: ScoringBatch(users: cases.map(\.user), histories: cases.map(\.history)), items: catalogue.count)
        return (cases, scores)
    }
}

func expectScores(
    _ scores: Matrix, _ expected: [[Double]], tolerance: Double = 1e-4,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(scores.rows == expected.count, sourceLocation: sourceLocation)
    for (row, values) in expected.enumerated() {
        for (column, value) in values.enumerated() {
            #expect(
                abs(Double(scores[row, column]) - value) < tolerance, "row \(row), column \(column)",
                sourceLocation: sourceLocation)
        }
    }
}

func expectContractViolation(
    _ word: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async {
    do {
        try await body()
        Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    } catch let error as ISRFError {
        #expect(error.code == .contractViolation, "\(error)", sourceLocation: sourceLocation)
        #expect(error.message.contains(word), "\(error)", sourceLocation: sourceLocation)
    } catch {
        Issue.record("thrown was \(error)", sourceLocation: sourceLocation)
    }
}
