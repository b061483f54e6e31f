import Foundation
import ISRFKit
import Testing

@testable import ISRFReasoning

@Suite("Concurrency of language model calls")
struct ConcurrencyTests {
    @Test("No more calls are under way than allowed by the limits, or by the model")
    func bounded() throws {
        for (limit, expected) in [(nil, 5), (3, 3), (1, 1)] as [(Int?, Int)] {
            let time = VirtualTime()
            let model = WatchedModel(capabilities: .init(concurrentRequests: 5), time: time) { _, _ in
                try await time.sleep(for: .seconds(1))
                return .saying()
            }
            let session = LanguageModelSession(model: model, limits: .init(maximumConcurrency: limit), clock: time)
            #expect(try time.run { await session.ask(60) }.answers.count == 60)
            #expect(model.most == expected && model.underWay == 0)
            #expect(time.time == .seconds(60 / expected))
        }
    }

    @Test("A server that takes eight calls at once soon gets about that many, and all is answered")
    func adapts() throws {
        let time = VirtualTime()
        let busy = Shared(0)
        let narrow = WatchedModel(time: time) { _, _ in
            let number = busy.change { count in
                count += 1
                return count
            }
            defer { busy.change { $0 -= 1 } }
            try await time.sleep(for: .milliseconds(number > 8 ? 5 : 1000))
            if number > 8 { throw LanguageModelFailure.sample(.rateLimited) }
            return .saying()
        }
        let log = EventLog()
        let session = LanguageModelSession(model: narrow, clock: time, observer: log.observer)
        let outcomes = try time.run { await session.ask(2000) }
        #expect(outcomes.answers.count == 2000)
        // Eight at once would take 250 seconds.
        #expect(time.time < .seconds(400), "\(time.time)")
        #expect(session.totals.failures < 300, "\(session.totals)")
        #expect(log.events.contains(.concurrency(32)))
    }

    @Test("Failures here and there among many calls do not slow a session down")
    func toleratesBackgroundFailures() throws {
        let time = VirtualTime()
        let random = Shared(SeededRandom(seed: 3))
        let model = WatchedModel(time: time) { _, _ in
            try await time.sleep(for: .milliseconds(100))
            let draw = random.change { $0.uniform() }
            if draw < 0.01 { throw LanguageModelFailure.sample(.rateLimited, retryAfter: .seconds(1)) }
            if draw < 0.02 { throw LanguageModelFailure.sample(.overloaded) }
            return .saying()
        }
        let session = LanguageModelSession(model: model, clock: time)
        let outcomes = try time.run { await session.ask(20_000, tasks: 72) }
        #expect(outcomes.answers.count == 20_000)
        #expect(time.time < .milliseconds(20_000 * 100 / 64 * 13 / 10), "\(time.time)")
    }

    @Test("One round of failures halves the number once, and windows of successes raise it one by one")
    func control() {
        var control = ConcurrencyControl(maximum: 64)
        let era = control.era
        for _ in 0..<64 { _ = control.callEnded(isOverload: true, era: era) }
        #expect(control.limit == 32)
        for expected in 33...63 {
            for call in 1..<expected {
                #expect(
                    control.callEnded(isOverload: false, era: control.era) == (call < expected - 1 ? .unchanged : .more)
                )
            }
            #expect(control.limit == expected)
        }
        for _ in 0..<100_000 { _ = control.callEnded(isOverload: false, era: control.era) }
        #expect(control.limit == 64)
        for _ in 0..<1000 { _ = control.callEnded(isOverload: true, era: control.era) }
        #expect(control.limit == 1)
    }

    @Test("A number that was too much is tried again ever more rarely")
    func caution() {
        var control = ConcurrencyControl(maximum: 4)
        var attempts = 0
        for _ in 0..<4000 {
            let isTooMany = control.limit > 2
            if control.callEnded(isOverload: isTooMany, era: control.era) == .more, control.limit > 2 { attempts += 1 }
        }
        #expect(attempts >= 3 && attempts <= 12)
    }

    @Test("Callers are served in the order in which they came")
    func order() throws {
        let time = VirtualTime()
        let model = WatchedModel(time: time) { _, _ in
            try await time.sleep(for: .seconds(1))
            return .saying()
        }
        let session = LanguageModelSession(model: model, limits: .init(maximumConcurrency: 2), clock: time)
        try time.run {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<30 {
                    group.addTask { _ = try await session.answer(.sample("Who likes number \(index)?")) }
                    try await time.sleep(for: .milliseconds(1))
                }
                try await group.waitForAll()
            }
        }
        let order = model.requests.compactMap { $0.messages.last?.text.prefix { $0 != "?" }.split(separator: " ").last }
        #expect(order.map { Int($0) } == Array(0..<30))
    }

    @Test("A caller that is cancelled leaves at once, wherever it waits, and keeps nobody's place")
    func cancellation() throws {
        for limits in [
            LanguageModelLimits(maximumConcurrency: 1), .init(requestsPerMinute: 1), .init(tokensPerMinute: 400),
        ] {
            let time = VirtualTime()
            let model = WatchedModel(time: time) { _, _ in
                try await time.sleep(for: .seconds(100))
                return .saying()
            }
            let session = LanguageModelSession(model: model, limits: limits, clock: time)
            try time.run {
                let tasks = (0..<10).map { _ in Task(executorPreference: time) { try await session.answer(.sample) } }
                try await time.sleep(for: .seconds(1))
                let start = time.time
                for task in tasks.dropLast() { task.cancel() }
                for task in tasks.dropLast() {
                    await #expect(throws: CancellationError.self) { try await task.value }
                }
                #expect(time.time - start == .zero)
                #expect(try await tasks[9].value.attempts == 1)
            }
            #expect(model.calls == 2 && model.underWay == 0)
            #expect(session.totals.calls == 2)
        }
    }

    @Test("A caller that is cancelled while it waits to try again leaves at once")
    func cancelledRetry() throws {
        let time = VirtualTime()
        let model = WatchedModel(time: time) { _, _ in
            throw LanguageModelFailure.sample(.overloaded, retryAfter: .seconds(100))
        }
        let session = LanguageModelSession(model: model, clock: time)
        try time.run {
            let task = Task(executorPreference: time) { try await session.answer(.sample) }
            try await time.sleep(for: .seconds(1))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(time.time == .seconds(1))
        }
    }

    @Test("Cancelling in the middle of real concurrency leaves nobody behind")
    func cancellationOnThreads() async throws {
        for round in 0..<20 {
            let model = WatchedModel { call, _ in
                if call % 5 == 0 { throw LanguageModelFailure.sample(.overloaded) }
                try await Task.sleep(for: .milliseconds(Int64(call % 4)))
                return .saying()
            }
            let limits = LanguageModelLimits(maximumConcurrency: 4, initialBackoff: .milliseconds(2))
            let session = LanguageModelSession(model: model, limits: limits)
            let task = Task { await session.ask(100_000, tasks: 32) }
            try await Task.sleep(for: .milliseconds(3 * round))
            let start = ContinuousClock.now
            task.cancel()
            _ = await task.value
            #expect(ContinuousClock.now - start < .seconds(10))
            #expect(model.underWay == 0)
            // The session is not harmed: others may go on with it.
            #expect(await session.ask(20, tasks: 8).answers.count == 20)
        }
    }

    @Test("A call takes a small part of a millisecond of the processor")
    func isCheap() async {
        let model = WatchedModel { _, _ in .saying() }
        let session = LanguageModelSession(model: model)
        let count = 20_000
        let before = clock()
        let outcomes = await session.ask(count)
        let perCall = Double(clock() - before) / Double(CLOCKS_PER_SEC) / Double(count)
        print("Processor time of a call: \(Int(perCall * 1e6)) microseconds.")
        #expect(outcomes.answers.count == count)
        #expect(perCall < 0.001)
    }
}
