import ISRFKitTesting
import Synchronization
import Testing

@testable import ISRFKit

/// Cancels a task as soon as a report of some activity arrives.
private final class Canceller: Sendable {
    private struct State {
        var task: Task<Recommender, any Error>?
        var isDue = false
        var cancelled: ContinuousClock.Instant?
    }

    private let activity: String
    private let state = Mutex(State())

    init(activity: String) {
        self.activity = activity
    }

    var cancelled: ContinuousClock.Instant? { state.withLock { $0.cancelled } }

    func watch(_ task: Task<Recommender, any Error>) {
        state.withLock { state in
            state.task = task
            if state.isDue { cancel(&state) }
        }
    }

    func report(_ report: ProgressReport) {
        guard report.activity.hasPrefix(activity) else { return }
        state.withLock { state in
            state.isDue = true
            cancel(&state)
        }
    }

    private func cancel(_ state: inout State) {
        guard let task = state.task, state.cancelled == nil else { return }
        state.cancelled = ContinuousClock.now
        task.cancel()
    }
}

@Suite("Cancelling")
struct CancellationTests {
    @Test(
        "Fitting stops soon after it is cancelled, whatever it is doing",
        arguments: ["Reasoning about items", "Reasoning about users", "Encoding", "Building graphs", "Training"])
    func fit(_ activity: String) async throws {
        let data = try SampleData(groups: 6, itemsPerGroup: 60, usersPerGroup: 150)
        // Would go on for hours.
        var configuration = ISRFConfiguration.small
        configuration.training.epochs = 100_000
        configuration.training.patience = 100_000
        let canceller = Canceller(activity: activity)
        let pipeline = RecommenderPipeline(configuration: configuration, progress: { canceller.report($0) })
        let task = Task { try await pipeline.fit(catalogue: data.catalogue, log: data.log) }
        canceller.watch(task)
        await #expect(throws: CancellationError.self) { try await task.value }
        let cancelled = try #require(canceller.cancelled)
        // About a second on a machine that is not busy.
        #expect(ContinuousClock.now - cancelled < .seconds(10))
    }

    @Test("A slow reasoner is not waited for")
    func slowReasoner() async throws {
        let data = try SampleData()
        let pipeline = RecommenderPipeline(
            configuration: .small, reasoner: FailingReasoner(.init(delay: .seconds(600))))
        let task = Task { try await pipeline.fit(catalogue: data.catalogue, log: data.log) }
        try await Task.sleep(for: .milliseconds(50))
        let start = ContinuousClock.now
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test("Recommending and explaining hear of cancellation as well")
    func use() async throws {
        let (data, recommender) = try await Fitted.sample()
        let user = data.log.users[0]
        let tasks = [
            Task {
                while !Task.isCancelled { await Task.yield() }
                _ = try await recommender.recommend(users: [user])
            },
            Task {
                while !Task.isCancelled { await Task.yield() }
                _ = try await recommender.explain(user: user, item: data.catalogue[0].id)
            },
        ]
        for task in tasks {
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }
}
