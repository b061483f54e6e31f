import Foundation
import ISRFKitTesting
import Synchronization
import Testing

@testable import ISRFKit

/// What a study reported of its progress.
private final class Activities: Sendable {
    private let seen = Mutex(Set<String>())

    var handler: ProgressHandler { { [self] report in seen.withLock { _ = $0.insert(report.activity) } } }

    /// The systems and seeds that were trained, as "name, seed n".
    var trained: Set<String> {
        Set(
            seen.withLock { $0 }.compactMap { activity in
                guard activity.contains("] Training, epoch 1 "), let start = activity.firstIndex(of: ":"),
                    let end = activity.firstIndex(of: "]")
                else { return nil }
                return activity[start..<end].dropFirst(2).description
            })
    }

    func forget() { seen.withLock { $0 = [] } }
}

@Suite("Ablations")
struct AblationStudyTests {
    private static let data = Result { try SampleData(groups: 3, itemsPerGroup: 8, usersPerGroup: 10) }

    private static var configuration: ISRFConfiguration {
        var configuration = ISRFConfiguration.small
        configuration.training.epochs = 2
        configuration.training.directEvery = 2
        configuration.training.explanationEvery = 2
        return configuration
    }

    private func study(_ ablations: [Ablation], _ directory: URL? = nil, _ activities: Activities) -> AblationStudy {
        var study = AblationStudy(configuration: AblationStudyTests.configuration, ablations: ablations)
        study.directory = directory
        study.progress = activities.handler
        study.bootstrap.resamples = 200
        return study
    }

    private func run(_ study: AblationStudy) async throws -> AblationReport {
        let data = try AblationStudyTests.data.get()
        return try await study.run(catalogue: data.catalogue, split: LeaveOneOutSplit(data.log))
    }

    @Test("Every standard ablation is measured, and those that train alike share a fit")
    func standard() async throws {
        let activities = Activities()
        let report = try await run(study(Ablation.standard, nil, activities))
        let names = ["full"] + Ablation.standard.map(\.name)
        #expect(report.systems.map(\.name) == names)
        #expect(report.results.rows.map(\.name) == names + names)
        #expect(report.dataset.users == 30 && report.protocol.reasoner == "attributes")
        for row in report.results.rows {
            #expect(Set(row.metrics.keys) == Set(SeedComparison.metricNames))
            #expect(row.metrics.values.allSatisfy { (0...1).contains($0) })
            #expect((row.comparison == nil) == (row.name == "full"))
        }
        // The settings of this study have all tasks already.
        let shared: Set = ["generator-only", "direct-views-only", "no-gate", "all-tasks"]
        #expect(activities.trained == Set(names.filter { !shared.contains($0) }.map { "\($0), seed 1" }))
        let again = try await run(study([.noUserGraph], nil, Activities()))
        #expect(again.results.rows.first == report.results.rows.first)
    }

    @Test("The whole pipeline has the figures that an evaluation of it has")
    func full() async throws {
        let data = try AblationStudyTests.data.get()
        let split = LeaveOneOutSplit(data.log)
        let report = try await run(study([.generatorOnly], nil, Activities()))
        let recommender = try await RecommenderPipeline(configuration: AblationStudyTests.configuration)
            .fit(catalogue: data.catalogue, split: split)
        let result = try await Evaluator().evaluate(RecommenderSystem(recommender), on: split, part: .test)
        // Users are added up in another order.
        let tolerance = 1e-12
        let full = try #require(report.results.rows.first?.metrics["ndcg@10"])
        #expect(abs(full - result.ndcg(at: 10)) < tolerance)
        let weights = try await recommender.relearningWeights(
            from: Ablation.generatorOnly.initialWeights, split: split
        )
        #expect(Set(weights.weights.terms.keys) == [.sequence, .individual, .group])
        #expect(try await recommender.relearningWeights(learningGate: false, split: split).weights.gate == nil)
        let part = try await Evaluator().evaluate(RecommenderSystem(weights), on: split, part: .test)
        let alone = try #require(report.results.rows.dropFirst().first?.metrics["ndcg@10"])
        #expect(abs(alone - part.ndcg(at: 10)) < tolerance)
        #expect(try await recommender.relearningWeights(split: split).weights == recommender.weights)
    }

    @Test("Seeds are averaged, reports are written as they come, and what is there is not fitted again")
    func resumes() async throws {
        let scratch = try Scratch()
        let activities = Activities()
        let own = Ablation(name: "no-content", summary: "no content view", removing: [.content]) {
            $0.training.directNegatives = 5
        }
        var study = study([own, .generatorOnly], scratch["runs"], activities)
        study.seeds = [3, 8]
        let report = try await run(study)
        #expect(
            activities.trained == ["full, seed 3", "no-content, seed 3", "full, seed 8", "no-content, seed 8"])
        let files = try FileManager.default.contentsOfDirectory(atPath: scratch["runs"].path).sorted()
        #expect(
            files == ["full", "generator-only", "no-content"].flatMap { ["\($0).seed-3.json", "\($0).seed-8.json"] })
        #expect(report.seeds == [3, 8])
        for row in report.results.rows {
            #expect(row.seeds == [3, 8])
            for (name, mean) in row.metrics {
                let both = row.metricsBySeed.compactMap { $0[name] }
                #expect(both.count == 2 && abs(both.reduce(0, +) / 2 - mean) < 1e-12)
            }
        }
        // Each file is a report that can be compared with another.
        let reports = try ["full", "no-content"].map {
            try JSONDecoder().decode(
                EvaluationReport.self,
                from: Data(contentsOf: scratch["runs"].appendingPathComponent("\($0).seed-3.json")))
        }
        #expect(try ReportComparison(reports[0], reports[1]).rows.count == 2)
        for system in reports.flatMap(\.systems) {
            #expect(system.breakdown?.historyLengths.reduce(0) { $0 + $1.cases } == system.users)
        }

        activities.forget()
        #expect(try await run(study) == report)
        #expect(activities.trained.isEmpty)
        try FileManager.default.removeItem(at: scratch["runs"].appendingPathComponent("no-content.seed-8.json"))
        study.configuration.threads = 2
        _ = try await run(study)
        #expect(activities.trained == ["no-content, seed 8"])
        // Other settings are another system.
        activities.forget()
        study.seeds = [3]
        study.configuration.training.learningRate = 0.02
        _ = try await run(study)
        #expect(activities.trained == ["full, seed 3", "no-content, seed 3"])
    }

    @Test("A study that is cancelled keeps the reports that it wrote")
    func cancels() async throws {
        let scratch = try Scratch()
        let endless = Ablation(name: "endless", summary: "does not end") {
            $0.training.epochs = 100_000
            $0.training.patience = 100_000
        }
        let (started, continuation) = AsyncStream<Void>.makeStream()
        var study = study([endless], scratch["runs"], Activities())
        study.progress = { if $0.activity.contains("endless, seed 1] Training, epoch 3 ") { continuation.finish() } }
        let task = Task { [study] in try await run(study) }
        for await _ in started {}
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch["runs"].path)
        #expect(names == ["full.seed-1.json"])
    }

    @Test("What cannot be run is refused before anything is fitted")
    func refuses() async throws {
        let scratch = try Scratch()
        for name in ["", "full", "a/b", "../up", ".hidden", "two words"] {
            await expectError(.invalidConfiguration, "An ablation is called \"\(name)\"") {
                _ = try await run(study([Ablation(name: name, summary: "")], nil, Activities()))
            }
        }
        await expectError(.invalidConfiguration, "stand there once") {
            _ = try await run(study([.noUserGraph, .noUserGraph], nil, Activities()))
        }
        await expectError(.invalidConfiguration, "leaves out every view") {
            _ = try await run(
                study(
                    [Ablation(name: "nothing", summary: "", removing: Set(ScoreView.allCases))], nil, Activities()))
        }
        await expectError(.invalidConfiguration, "The seeds are 2, 2") {
            var study = study([], nil, Activities())
            study.seeds = [2, 2]
            _ = try await run(study)
        }
        await expectError(.invalidConfiguration, "training.epochs") {
            _ = try await run(
                study([Ablation(name: "none", summary: "") { $0.training.epochs = 0 }], nil, Activities()))
        }
        try Data("mine".utf8).write(to: scratch["full.seed-1.json"])
        await expectError(.invalidData, "full.seed-1.json", "not a report of an ablation") {
            _ = try await run(study([], scratch.url, Activities()))
        }
        #expect(try Data(contentsOf: scratch["full.seed-1.json"]) == Data("mine".utf8))
        await expectError(.fileAccess, "cannot be made") {
            _ = try await run(study([], scratch["full.seed-1.json"], Activities()))
        }
        let data = try SampleData()
        let recommender = try await Fitted.sample().1
        await expectError(.invalidData, "not fitted on the training part") {
            _ = try await recommender.relearningWeights(split: LeaveOneOutSplit(data.log))
        }
    }

    @Test("Without reasoning items and users are encoded by the catalogue's texts alone")
    func plainTexts() async throws {
        let data = try AblationStudyTests.data.get()
        let (item, other) = (data.catalogue[0], data.catalogue[1])
        let profile = try await PlainTextReasoner().profile(for: ItemReasoningRequest(item: item))
        #expect(ItemDocument.text(for: item, profile: profile) == ItemDocument.text(for: item, profile: nil))
        let entries = [item, other].map { UserReasoningRequest.Entry(item: $0, profile: profile) }
        let user = try await PlainTextReasoner().profile(for: UserReasoningRequest(user: "u", recentItems: entries))
        #expect(
            UserDocument.text(for: user)
                == ItemDocument.text(for: item, profile: nil) + "\n" + ItemDocument.text(for: other, profile: nil))
        let nobody = try await PlainTextReasoner().profile(for: UserReasoningRequest(user: "u", recentItems: []))
        #expect(UserDocument.text(for: nobody).isEmpty)
    }
}
