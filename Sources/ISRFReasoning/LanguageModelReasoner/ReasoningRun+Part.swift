internal import ISRFCore
internal import Synchronization

/// Why a run stops, known to all its tasks: the first reason counts.
final class RunStop: Sendable {
    private let state = Mutex<ReasoningOutcome.Stop?>(nil)

    var reason: ReasoningOutcome.Stop? { state.withLock { $0 } }

    func stop(_ reason: ReasoningOutcome.Stop) {
        state.withLock { $0 = $0 ?? reason }
    }

    /// - Throws: `Stopped` once there is a reason.
    func check() throws {
        guard reason == nil else { throw Stopped() }
        try Task.checkCancellation()
    }

    struct Stopped: Error {}
}

/// What came of one item or user.
enum RunResult<Profile: Sendable>: Sendable {
    case profile(Profile)
    case failed(ReasoningStep, String)
    case stopped
}

extension ReasoningRun {
    /// Reasons about the items or users with the given indices, so many at a time.
    func part<Profile: Sendable>(
        _ unit: String, _ indices: [Int], _ stop: RunStop, _ progress: ProgressHandler?,
        _ body: @escaping @Sendable (Int) async throws -> Profile,
        finished: (Int, RunResult<Profile>) -> Void
    ) async throws {
        var meter = RunMeter(unit: unit, total: indices.count, reasoner: reasoner)
        if indices.isEmpty { return }
        if stop.reason == nil { progress?(meter.report()) }
        try await withThrowingTaskGroup(of: (Int, RunResult<Profile>).self) { group in
            // A sliding window: there are never more tasks than may be under way, however many items there are.
            var next = 0
            func start() {
                guard next < indices.count, stop.reason == nil else { return }
                let index = indices[next]
                next += 1
                group.addTask { (index, try await result(index, stop, body)) }
            }
            for _ in 0..<max(1, concurrency) { start() }
            while let (index, result) = try await group.next() {
                finished(index, result)
                start()
                if case .stopped = result { continue }
                if let report = meter.finished() { progress?(report) }
            }
            for index in indices[next...] { finished(index, .stopped) }
        }
        progress?(meter.report())
    }

    private func result<Profile: Sendable>(
        _ index: Int, _ stop: RunStop, _ body: @Sendable (Int) async throws -> Profile
    ) async throws -> RunResult<Profile> {
        do {
            return .profile(try await body(index))
        } catch let error as UnansweredStep {
            return .failed(error.step, error.question.reason)
        } catch let error as LanguageModelFailure {
            try Task.checkCancellation()
            stop.stop(.failure(error))
            return .stopped
        } catch let error as BudgetExhausted {
            stop.stop(.budget(error))
            return .stopped
        } catch is RunStop.Stopped {
            return .stopped
        }
    }
}
