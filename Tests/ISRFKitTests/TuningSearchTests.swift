import Foundation
import ISRFKitTesting
import Synchronization
import Testing

@testable import ISRFKit

@Suite("Tuning")
struct TuningSearchTests {
    /// The trials that a search has fitted, as "number, epochs".
    private final class Fits: Sendable {
        private let seen = Mutex<[String]>([])

        func add(_ configuration: ISRFConfiguration) {
            seen.withLock { $0.append("\(configuration.training.epochs) at \(configuration.model.dropout)") }
        }

        /// What was fitted since it was last asked.
        func taken() -> [String] {
            seen.withLock { seen in
                defer { seen = [] }
                return seen
            }
        }
    }

    /// Trains as the default does, and tells that it was asked to.
    private struct CountedOptimizer: IterativeOptimizer {
        let configuration: ISRFConfiguration
        let fits: Fits

        func optimize(_ request: OptimizationRequest) async throws -> OptimizationResult {
            fits.add(configuration)
            return try await AlternatingBatchOptimizer(
                model: configuration.model, training: configuration.training
            ).optimize(request)
        }
    }

    private static let data = Result { try SampleData(groups: 3, itemsPerGroup: 8, usersPerGroup: 10) }

    private static let space = TuningSpace([
        TuningParameter("model.dropout", from: 0, to: 0.6),
        TuningParameter("training.learningRate", from: 1e-5, to: 3e-2, scale: .logarithmic),
        TuningParameter("graph.layers", values: [1, 2]),
    ])

    private func search(_ fits: Fits, space: TuningSpace = TuningSearchTests.space) -> TuningSearch {
        var configuration = ISRFConfiguration.small
        configuration.training.epochs = 4
        var search = TuningSearch(configuration: configuration, space: space) {
            var pipeline = RecommenderPipeline(
                configuration: $0, optimizer: CountedOptimizer(configuration: $0, fits: fits))
            // On data this small the other views leave little for training to show.
            pipeline.initialWeights = Ablation.generatorOnly.initialWeights
            return pipeline
        }
        search.trials = 4
        return search
    }

    private func run(_ search: TuningSearch, _ log: InteractionLog? = nil) async throws -> TuningReport {
        let data = try TuningSearchTests.data.get()
        return try await search.run(catalogue: data.catalogue, split: LeaveOneOutSplit(log ?? data.log))
    }

    /// A report without what clocks say.
    private func timeless(_ report: TuningReport) -> TuningReport {
        var report = report
        for index in report.trials.indices { report.trials[index].seconds = 0 }
        for index in report.earlier.indices { report.earlier[index].seconds = 0 }
        return report
    }

    @Test("The base is trial 0 and the others are drawn; each has the figures of an evaluation on validation")
    func random() async throws {
        let report = try await run(search(Fits()))
        #expect(report.trials.map(\.number).sorted() == [0, 1, 2, 3] && report.earlier.isEmpty)
        let base = try #require(report.base)
        var configuration = ISRFConfiguration.small
        configuration.training.epochs = 4
        #expect(base.configuration == configuration)
        #expect(base.values["model.dropout"] == .number(0.2) && base.values["graph.layers"] == .number(2))
        let scores = report.trials.compactMap { $0.metrics["ndcg@10"] }
        #expect(scores == scores.sorted(by: >) && report.best == report.trials[0])
        #expect(report.difference(of: base) == 0)
        for trial in report.trials where trial.number > 0 {
            #expect(trial.values == TuningSearchTests.space.values(ofTrial: trial.number, seed: 1))
            #expect(trial.configuration == (try configuration.replacing(trial.values)))
        }
        let data = try TuningSearchTests.data.get()
        let split = LeaveOneOutSplit(data.log)
        let best = try #require(report.best)
        #expect(Set(scores).count > 1)
        let recommender = try await search(Fits()).makePipeline(best.configuration)
            .fit(catalogue: data.catalogue, split: split)
        let result = try await Evaluator().evaluate(RecommenderSystem(recommender), on: split, part: .validation)
        #expect(best.metrics == result.metrics && best.bestEpoch == recommender.training.bestEpoch)
    }

    @Test("With other test items everything is the same, and trials go on in the same directory")
    func testItemsDoNotMatter() async throws {
        let data = try TuningSearchTests.data.get()
        let count = data.catalogue.count
        let histories = data.log.histories.map { Array($0.dropLast()) + [($0[$0.count - 1] + 7) % count] }
        let log = try InteractionLog(users: data.log.users, histories: histories, itemCount: count)
        let (scratch, fits) = (try Scratch(), Fits())
        var search = search(fits)
        search.trials = 2
        let first = try await run(search)
        #expect(timeless(try await run(search, log)) == timeless(first))
        search.directory = scratch["search"]
        _ = try await run(search)
        _ = fits.taken()
        #expect(timeless(try await run(search, log)) == timeless(first))
        #expect(fits.taken().isEmpty)
        // Other validation items are other data.
        let others = histories.map { Array($0.dropLast(2)) + [($0[$0.count - 2] + 7) % count, $0[$0.count - 1]] }
        await expectError(.invalidData, "validation interactions are others") {
            _ = try await run(
                search, try InteractionLog(users: data.log.users, histories: others, itemCount: count))
        }
    }

    @Test("A finished trial is not run again, and more trials extend a search")
    func resumes() async throws {
        let (scratch, fits) = (try Scratch(), Fits())
        var search = search(fits)
        search.trials = 3
        search.directory = scratch["search"]
        let ended = Mutex<[Int]>([])
        search.whenTrialEnds = { trial, report in
            ended.withLock { $0.append(trial.number) }
            #expect(report.trials.contains(trial))
        }
        let first = try await run(search)
        #expect(fits.taken().count == 3)
        let files = ["search.json", "trial-0000.json", "trial-0001.json", "trial-0002.json"]
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch["search"].path).sorted() == files)
        #expect(try await run(search) == first)
        #expect(fits.taken().isEmpty)

        search.trials = 5
        search.configuration.threads = 2
        let extended = try await run(search)
        #expect(fits.taken().count == 2)
        #expect(ended.withLock { $0 } == [0, 1, 2, 3, 4])
        for trial in first.trials { #expect(extended.trials.contains(trial)) }
        try FileManager.default.removeItem(at: scratch["search"].appendingPathComponent("trial-0003.json"))
        #expect(timeless(try await run(search)) == timeless(extended))
        #expect(fits.taken().count == 1)
    }

    @Test("Halving goes on with the best third and twice the epochs, and with the base")
    func halves() async throws {
        let fits = Fits()
        var search = search(fits)
        search.method = .halving
        search.trials = 6
        let report = try await run(search)
        let all = report.trials + report.earlier
        let rungs = TuningTrial.Budget.allCases.map { budget in all.filter { $0.budget == budget } }
        #expect(rungs[0].map(\.number).sorted() == [0, 1, 2, 3, 4, 5])
        #expect(rungs.map { Set($0.map(\.configuration.training.epochs)) } == [[1], [2], [4]])
        for (rung, next) in zip(rungs, rungs.dropFirst()) {
            let best = rung.sorted { TuningReport.isBefore($0, $1, "ndcg@10") }.prefix((rung.count + 2) / 3)
            #expect(Set(next.map(\.number)) == Set(best.map(\.number)).union([0]))
        }
        #expect(fits.taken().count == all.count)
        #expect(report.best?.budget == .full && report.trials.first == report.best)
        #expect(report.trials.map(\.number).sorted() == [0, 1, 2, 3, 4, 5])
        #expect(report.importanceBudget == .quarter && report.compared.count == 6)
        let quarters = rungs[0].first { $0.number == 0 }?.metrics["ndcg@10"] ?? 0
        for trial in report.earlier where trial.budget == .quarter {
            #expect(report.difference(of: trial) == (trial.metrics["ndcg@10"] ?? 0) - quarters)
        }
    }

    @Test("The best third is by the metric; failed and repeated trials go no further")
    func survivors() {
        func trial(_ number: Int, _ metric: Double, repeats: Int? = nil, fails: Bool = false) -> TuningTrial {
            TuningTrial(
                number: number, budget: .quarter, values: [:], configuration: .init(),
                metrics: fails ? [:] : ["hr@5": metric, "ndcg@10": -metric], bestEpoch: 1, seconds: 1,
                failure: fails ? .init(code: nil, message: "") : nil, repeats: repeats)
        }
        let trials = [
            trial(0, 0.1), trial(1, 0.5), trial(2, 0.9, repeats: 1), trial(3, 0.4), trial(4, 0.5),
            trial(5, 1, fails: true), trial(6, 0.3),
        ]
        #expect(TuningRun.survivors(of: trials, metric: "hr@5") == [0, 1, 4])
        #expect(TuningRun.survivors(of: [trials[0]], metric: "hr@5") == [0])
    }

    @Test("A trial that fails is recorded with its reason; what has been fitted already is not fitted again")
    func failures() async throws {
        let (scratch, fits) = (try Scratch(), Fits())
        var search = search(
            fits,
            space: TuningSpace([
                TuningParameter("model.heads", values: [1, 2, 3]), TuningParameter("model.width", values: [16, 24]),
            ]))
        search.trials = 16
        search.configuration.training.epochs = 1
        search.directory = scratch["search"]
        let report = try await run(search)
        let failed = report.trials.filter { $0.failure != nil }
        #expect(!failed.isEmpty && report.trials.suffix(failed.count) == failed[...])
        for trial in failed {
            #expect(trial.values == ["model.heads": .number(3), "model.width": .number(16)])
            #expect(trial.failure?.message.contains("a divisor of model.width") == true)
            #expect(trial.metrics.isEmpty && report.difference(of: trial) == nil)
        }
        let repeated = report.trials.filter { $0.repeats != nil }
        #expect(!repeated.isEmpty && fits.taken().count == 16 - failed.count - repeated.count)
        for trial in repeated {
            let first = try #require(report.trials.first { $0.number == trial.repeats })
            #expect(first.metrics == trial.metrics && first.number < trial.number)
        }
        #expect(try await run(search) == report)
        #expect(fits.taken().isEmpty)
    }

    @Test("A failure that was not the configuration's is tried again; the base's ends the search")
    func passingFailures() async throws {
        let scratch = try Scratch()
        let isDown = Mutex(true)
        var search = search(Fits())
        search.trials = 3
        search.directory = scratch["search"]
        let make = search.makePipeline
        let base = search.configuration
        search.makePipeline = { configuration in
            var pipeline = make(configuration)
            if configuration != base, isDown.withLock({ $0 }) {
                pipeline.encoder = FailingEncoder(.init(failingEvery: 1))
            }
            return pipeline
        }
        let report = try await run(search)
        #expect(report.trials.map { $0.failure == nil } == [true, false, false])
        isDown.withLock { $0 = false }
        #expect(try await run(search).trials.allSatisfy { $0.failure == nil })

        search.directory = nil
        search.makePipeline = { configuration in
            var pipeline = make(configuration)
            pipeline.encoder = FailingEncoder(.init(failingEvery: 1))
            return pipeline
        }
        await #expect(throws: (any Error).self) { _ = try await run(search) }
    }

    @Test("A directory with anything else is refused and left alone")
    func refusesOthers() async throws {
        let scratch = try Scratch()
        var search = search(Fits())
        search.trials = 1
        search.directory = scratch["search"]
        _ = try await run(search)
        func expect(_ words: String, _ change: (inout TuningSearch) -> Void) async {
            var other = search
            change(&other)
            await expectError(.invalidData, "another search", words) { _ = try await run(other) }
        }
        await expect("its seed is 1, not 2") { $0.configuration.seed = 2 }
        await expect("training.patience at 3, not at 2") { $0.configuration.training.patience = 2 }
        await expect("its search space is another") { $0.space.parameters.removeLast() }
        await expect("its encoder is latent") { search in
            search.makePipeline = { RecommenderPipeline(configuration: $0, encoder: EchoingEncoder()) }
        }
        search.metric = "hr@5"
        search.method = .halving
        _ = try await run(search)
        try Data("{}".utf8).write(to: scratch["search"].appendingPathComponent("trial-0000.json"))
        await expectError(.invalidData, "trial-0000.json", "not a trial") { _ = try await run(search) }
        try Data("mine".utf8).write(to: scratch["file"])
        search.directory = scratch.url
        await expectError(.fileAccess, "neither an empty directory") { _ = try await run(search) }
        search.directory = scratch["file"]
        await expectError(.fileAccess, "cannot be made") { _ = try await run(search) }
        #expect(scratch.contents == ["file", "search"])
        search.directory = nil
        search.metric = "ndcg@3"
        await expectError(.invalidConfiguration, "ndcg@5") { _ = try await run(search) }
        search.metric = "hr@5"
        search.trials = 0
        await expectError(.invalidConfiguration, "number of trials") { _ = try await run(search) }
    }

    @Test("A search that is cancelled keeps what was finished")
    func cancels() async throws {
        let scratch = try Scratch()
        var search = search(Fits(), space: TuningSpace([TuningParameter("training.epochs", values: [100_000])]))
        search.configuration.training.patience = 100_000
        search.directory = scratch["search"]
        let (started, continuation) = AsyncStream<Void>.makeStream()
        search.progress = { if $0.activity.contains("trial 1] Training, epoch 3 ") { continuation.finish() } }
        let task = Task { [search] in try await run(search) }
        for await _ in started {}
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch["search"].path).sorted()
        #expect(names == ["search.json", "trial-0000.json"])
    }

    @Test("What mattered is found, and chance is told from it")
    func importance() throws {
        let space = TuningSpace([
            TuningParameter("model.dropout", from: 0, to: 0.9), TuningParameter("graph.layers", values: [1, 2, 3]),
            TuningParameter("training.learningRate", from: 1e-4, to: 1e-2),
            TuningParameter("users.neighbours", values: [5]),
        ])
        func trial(_ number: Int, _ metric: (Double, Double) -> Double) throws -> TuningTrial {
            let values = space.values(ofTrial: number, seed: 5)
            let (dropout, layers) = (values["model.dropout"]?.number ?? 0, values["graph.layers"]?.number ?? 0)
            return TuningTrial(
                number: number, budget: .full, values: values, configuration: .init(),
                metrics: ["ndcg@10": metric(dropout, layers)], bestEpoch: 1, seconds: 1)
        }
        let falling = TuningImportance.ranked(
            space, try (1...40).map { try trial($0) { dropout, _ in -dropout } }, metric: "ndcg@10")
        #expect(falling[0].key == "model.dropout" && abs((falling[0].strength ?? 0) + 1) < 1e-9)
        #expect((falling[0].chance ?? 1) < 0.001 && falling[0].trials == 40)
        #expect((falling.first { $0.key == "training.learningRate" }?.chance ?? 0) > 0.02)
        // What never changes has no link at all.
        #expect(falling.last?.key == "users.neighbours" && falling.last?.strength == nil)
        let grouped = TuningImportance.ranked(
            space, try (1...40).map { try trial($0) { _, layers in layers == 2 ? 1 : 0 } }, metric: "ndcg@10")
        #expect(grouped[0].key == "graph.layers" && abs((grouped[0].strength ?? 0) - 1) < 1e-9)
        let two = TuningImportance.ranked(space, try (1...2).map { try trial($0) { $0 + $1 } }, metric: "ndcg@10")
        #expect(two.allSatisfy { $0.strength == nil && $0.chance == nil })
        #expect(TuningImportance.ranks([3, 1, 3, 2]) == [2.5, 0, 2.5, 1])
        #expect(abs(TuningImportance.varianceShare([0, 0, 1, 1], [1, 3, 5, 7]) - 0.8) < 1e-12)
    }
}
