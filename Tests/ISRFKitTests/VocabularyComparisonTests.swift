import ISRFKitTesting
import Synchronization
import Testing

@testable import ISRFKit

@Suite("Vocabularies beside each other")
struct VocabularyComparisonTests {
    private static let data = Result { try SampleData(groups: 3, itemsPerGroup: 8, usersPerGroup: 10) }

    private static func comparison(progress: ProgressHandler? = nil) -> VocabularyComparison {
        var configuration = ISRFConfiguration.small
        configuration.training.epochs = 3
        configuration.training.learningRate = 0.01
        var comparison = VocabularyComparison(
            pipeline: RecommenderPipeline(configuration: configuration, progress: progress))
        comparison.quantizer = .init(levels: 2, codebookSize: 4)
        comparison.decoder.epochs = 4
        return comparison
    }

    @Test("The three systems are measured under one protocol, and the pipeline as it always is")
    func systems() async throws {
        let data = try Self.data.get()
        let split = LeaveOneOutSplit(data.log)
        let comparison = Self.comparison()
        let report = try await comparison.run(catalogue: data.catalogue, split: split)
        #expect(
            report.systems.map { "\($0.name) \($0.split)" }
                == VocabularyReport.systemNames.flatMap { ["\($0) test", "\($0) validation"] })
        #expect(report.systems.allSatisfy { $0.users == 30 && $0.metrics.count == 7 })

        let recommender = try await comparison.pipeline.fit(catalogue: data.catalogue, split: split)
        let alone = recommender.weighing(
            ScoreWeights(terms: [.sequence: .init(weight: 1), .individual: .init(weight: 1), .group: .init(weight: 1)]))
        for (place, part) in [LeaveOneOutSplit.Part.test, .validation].enumerated() {
            for (row, system) in [(place, recommender), (2 + place, alone)] {
                let result = try await Evaluator().evaluate(RecommenderSystem(system), on: split, part: part)
                #expect(report.systems[row].metrics == result.metrics)
            }
        }

        let how = report.identifiers
        let items = data.catalogue.count
        #expect(how.hasDisambiguation && how.placeSizes.count == 3 && how.beamWidth == items)
        #expect(how.epochs.count <= 4 && (1...how.epochs.count).contains(how.bestEpoch))
        #expect(how.epochs.allSatisfy { $0.validationLoss != nil })
        #expect(report.costs.map(\.name) == VocabularyReport.systemNames)
        let identifiers = try #require(report.costs.last)
        #expect(identifiers.vocabularyBytes == 4 * items * (3 + 1))
        #expect(identifiers.decoderBytes > 0 && identifiers.trieBytes > 8 * items)
        #expect(report.costs.dropLast().allSatisfy { $0.decoderBytes + $0.vocabularyBytes + $0.trieBytes == 0 })
        #expect(report.costs.allSatisfy { $0.modelBytes == identifiers.modelBytes && $0.rankingSeconds > 0 })
    }

    @Test("A beam as wide as the catalogue ranks by the log-probabilities of all items; what is not found comes last")
    func ranking() async throws {
        let data = try Self.data.get()
        let trunk = try await RecommenderPipeline(configuration: .small).fit(catalogue: data.catalogue, log: data.log)
            .scorer.model
        let quantizer = try ResidualQuantizer(
            fitting: trunk.itemVectors, configuration: .init(levels: 2, codebookSize: 4))
        let model = try SemanticIdentifierModel(
            untrainedOn: trunk,
            vocabulary: SemanticIdentifierVocabulary(quantizer: quantizer, vectors: trunk.itemVectors),
            quantizer: quantizer, seed: 1)
        let histories = Array(data.log.histories.prefix(6))
        let groups = histories.map { _ in [UserGraph.Neighbour]() }
        let items = Array(0..<data.catalogue.count)
        let all = try model.logProbabilities(
            GenerationRequest(histories: histories, groups: groups), items: histories.map { _ in items })
        let wide = try model.scores(histories: histories, groups: groups, beamWidth: items.count)
        let narrow = try model.scores(histories: histories, groups: groups, beamWidth: 3)
        for (row, history) in histories.enumerated() {
            for item in items {
                if history.contains(item) {
                    #expect(wide[row, item] == -.infinity)
                } else {
                    #expect(abs(wide[row, item] - all[row][item]) < 1e-4)
                }
                #expect(narrow[row, item] == -.infinity || abs(narrow[row, item] - all[row][item]) < 1e-4)
            }
            #expect(items.count { narrow[row, $0] > -.infinity } == 3)
        }
    }

    @Test("Settings out of their range are refused before anything is fitted")
    func refusals() async throws {
        let data = try Self.data.get()
        let changes: [(inout VocabularyComparison) -> Void] = [
            { $0.beamWidth = 0 }, { $0.quantizer.levels = 0 }, { $0.quantizer.sampleSize = 0 },
            { $0.decoder.heads = 7 }, { $0.decoder.epochs = 0 },
        ]
        for change in changes {
            var comparison = Self.comparison { Issue.record("\($0.activity) although settings are wrong") }
            change(&comparison)
            let error = await #expect(throws: ISRFError.self) {
                try await comparison.run(catalogue: data.catalogue, split: LeaveOneOutSplit(data.log))
            }
            #expect(error?.code == .invalidConfiguration)
        }
    }

    @Test("Cancelled while the decoder is trained, it stops", .timeLimit(.minutes(1)))
    func cancellation() async throws {
        let data = try Self.data.get()
        let (reached, continuation) = AsyncStream<Void>.makeStream()
        var comparison = Self.comparison { report in
            if report.activity.hasPrefix("Training the token decoder") { continuation.finish() }
        }
        comparison.decoder.epochs = 1_000_000
        comparison.decoder.patience = 1_000_000
        let running = comparison
        let task = Task { try await running.run(catalogue: data.catalogue, split: LeaveOneOutSplit(data.log)) }
        for await _ in reached {}
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
