import Foundation
import ISRFKitTesting
import Testing

@testable import ISRFKit

@Suite("What fitting reads")
struct TrainingPartTests {
    /// The log with other items at a place of every history, counted from its end.
    private func changed(_ data: SampleData, fromEnd: [Int]) throws -> InteractionLog {
        var random = SeededRandom(seed: 5)
        let histories = data.log.histories.map { history in
            var history = history
            for place in fromEnd {
                let index = history.count - place
                history[index] =
                    (history[index] + 1 + random.index(below: data.catalogue.count - 1))
                    % data.catalogue.count
            }
            return history
        }
        return try InteractionLog(users: data.log.users, histories: histories, itemCount: data.catalogue.count)
    }

    private func saved(_ log: InteractionLog, _ data: SampleData, as name: String, in scratch: Scratch) async throws
        -> Recommender
    {
        let recommender = try await RecommenderPipeline(configuration: .small)
            .fit(catalogue: data.catalogue, split: LeaveOneOutSplit(log))
        try recommender.save(to: scratch[name])
        return recommender
    }

    @Test("With other test items the fitted model is the same, byte for byte")
    func testItems() async throws {
        let data = try SampleData()
        let scratch = try Scratch()
        let log = try changed(data, fromEnd: [1])
        #expect(zip(log.histories, data.log.histories).allSatisfy { $0.last != $1.last })
        let first = try await saved(data.log, data, as: "first", in: scratch)
        let second = try await saved(log, data, as: "second", in: scratch)
        for name in [ModelFiles.weights, ModelFiles.items, ModelFiles.interactions, ModelFiles.profiles] {
            #expect(
                try Data(contentsOf: scratch["first/" + name]) == Data(contentsOf: scratch["second/" + name]), "\(name)"
            )
        }
        #expect(first.weights == second.weights)
        #expect(first.training.bestEpoch == second.training.bestEpoch)
        #expect(first.training.epochs.map(\.losses) == second.training.epochs.map(\.losses))
        #expect(first.training.validationNDCG10 == second.training.validationNDCG10)
    }

    @Test("With other validation items profiles, vectors, graphs and statistics are the same")
    func validationItems() async throws {
        let data = try SampleData()
        let scratch = try Scratch()
        let first = try await saved(data.log, data, as: "first", in: scratch)
        let second = try await saved(try changed(data, fromEnd: [1, 2]), data, as: "second", in: scratch)
        #expect(first.itemProfiles == second.itemProfiles && first.userProfiles == second.userProfiles)
        #expect(first.userVectors == second.userVectors)
        #expect(first.scorer.views.textVectors == second.scorer.views.textVectors)
        #expect(first.transitions == second.transitions && first.log == second.log)
        #expect(first.interactions.edgeCount == second.interactions.edgeCount)
        // Validation chooses among models; it may choose otherwise now, and does here.
        #expect(first.training.validationNDCG10 != second.training.validationNDCG10)
    }

    @Test("Training items do matter")
    func trainingItems() async throws {
        let data = try SampleData()
        let scratch = try Scratch()
        let first = try await saved(data.log, data, as: "first", in: scratch)
        let second = try await saved(try changed(data, fromEnd: [3]), data, as: "second", in: scratch)
        #expect(first.userProfiles != second.userProfiles)
        #expect(first.transitions != second.transitions)
    }
}
