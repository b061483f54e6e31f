import ISRFKit
import ISRFKitTesting
import Testing

@Suite("Retries of language model calls")
struct RetryTests {
    typealias Kind = LanguageModelFailure.Kind

    static let passing: [Kind] = [.rateLimited, .overloaded, .timedOut, .connectionLost, .invalidResponse, .failed]
    static let lasting: [Kind] = [.rejectedRequest, .unauthorised, .forbidden, .notFound, .balanceExhausted]

    @Test("Failures that pass are tried again", arguments: passing)
    func passingFailures(_ kind: Kind) throws {
        let time = VirtualTime()
        let model = WatchedModel(time: time) { call, _ in
            if call <= 3 {
                var failure = LanguageModelFailure.sample(kind)
                failure.usage = .init(promptTokens: 5, completionTokens: 1)
                throw failure
            }
            return .saying()
        }
        let session = LanguageModelSession(model: model, clock: time)
        let answer = try time.run { try await session.answer(.sample) }
        #expect(answer.attempts == 4)
        #expect(answer.usage == .init(promptTokens: 3 * 5 + 30, completionTokens: 3 + 12))
        #expect(session.totals.calls == 4 && session.totals.failures == 3 && session.totals.retries == 3)
        #expect(session.totals.tokens == 3 * 6 + 42)
    }

    @Test("Errors of a host's own are tried again, too")
    func foreignErrors() throws {
        let time = VirtualTime()
        let model = WatchedModel(time: time) { call, _ in
            if call == 1 { throw DoubleError(message: "Out of order.") }
            if call == 2 { throw CancellationError() }
            return .saying()
        }
        let log = EventLog()
        let session = LanguageModelSession(model: model, clock: time, observer: log.observer)
        #expect(try time.run { try await session.answer(.sample) }.attempts == 3)
        #expect(log.retries.map(\.kind) == [.failed, .failed])
    }

    @Test("A failure that lasts ends the session for all callers with one message", arguments: lasting)
    func lastingFailures(_ kind: Kind) throws {
        let time = VirtualTime()
        let model = WatchedModel(time: time) { call, _ in
            try await time.sleep(for: .seconds(1))
            if call > 20 { throw LanguageModelFailure.sample(kind) }
            return .saying()
        }
        let log = EventLog()
        let session = LanguageModelSession(
            model: model, limits: .init(maximumConcurrency: 8), clock: time, observer: log.observer)
        let outcomes = try time.run { await session.ask(10_000) }
        #expect(outcomes.answers.count == 20)
        #expect(outcomes.failures.count == 9980 && Set(outcomes.failures) == [.sample(kind)])
        // Those that were under way with it still arrive.
        #expect(model.calls <= 20 + 8)
        #expect(log.events.filter { if case .stopped = $0 { true } else { false } } == [.stopped(.sample(kind))])
        #expect(throws: LanguageModelFailure.sample(kind)) { try time.run { try await session.answer(.sample) } }
        #expect(model.calls <= 20 + 8)
    }

    @Test("The end of a session wakes those who wait to try again")
    func endWakesSleepers() throws {
        let time = VirtualTime()
        let model = WatchedModel(time: time) { call, _ in
            try await time.sleep(for: .seconds(1))
            throw LanguageModelFailure.sample(call == 3 ? .unauthorised : .overloaded, retryAfter: .seconds(200))
        }
        let session = LanguageModelSession(model: model, clock: time)
        let outcomes = try time.run {
            async let early = session.ask(2, tasks: 2)
            try await time.sleep(for: .seconds(3))
            async let late = session.ask(1, tasks: 1)
            return await early.failures + late.failures
        }
        #expect(outcomes.count == 3 && Set(outcomes.map(\.kind)) == [.unauthorised])
        #expect(time.time == .seconds(4))
    }

    @Test("Waits double up to the longest, half of each at random, the same for the same seed")
    func backoff() throws {
        func delays(seed: UInt64) throws -> [Duration] {
            let time = VirtualTime()
            let log = EventLog()
            let model = WatchedModel(time: time) { _, _ in throw LanguageModelFailure.sample(.connectionLost) }
            let limits = LanguageModelLimits(
                maximumAttempts: 9, initialBackoff: .milliseconds(100), maximumBackoff: .seconds(5), seed: seed)
            let session = LanguageModelSession(model: model, limits: limits, clock: time, observer: log.observer)
            let error = #expect(throws: UnansweredQuestion.self) { try time.run { try await session.answer(.sample) } }
            #expect(error?.attempts == 9 && error?.failure == .sample(.connectionLost))
            #expect(error?.reason.contains("It is connectionLost.") == true)
            #expect(log.retries.reduce(.zero) { $0 + $1.delay } == time.time)
            return log.retries.map(\.delay)
        }
        let sequences = try (0..<3).map { try delays(seed: $0) }
        let longest: [Double] = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5]
        for sequence in sequences {
            #expect(sequence.count == longest.count)
            for (delay, longest) in zip(sequence, longest) {
                #expect(delay >= .seconds(longest / 2) && delay <= .seconds(longest))
            }
        }
        #expect(Set(sequences).count == 3)
        #expect(try delays(seed: 2) == sequences[2])
    }

    @Test("What the server asks for is waited, within bounds, and nobody comes early")
    func retryAfter() throws {
        let time = VirtualTime()
        let model = WatchedModel(time: time) { call, _ in
            if call == 1 { throw LanguageModelFailure.sample(.rateLimited, retryAfter: .seconds(20)) }
            if call == 2 { throw LanguageModelFailure.sample(.overloaded, retryAfter: .seconds(86_400)) }
            if call == 3 { throw LanguageModelFailure.sample(.overloaded, retryAfter: .seconds(-5)) }
            return .saying()
        }
        let limits = LanguageModelLimits(initialBackoff: .seconds(1), maximumRetryAfter: .seconds(100))
        let session = LanguageModelSession(model: model, limits: limits, clock: time)
        _ = try time.run { try await session.answer(.sample) }
        let starts = model.starts
        #expect(starts[0] == .zero)
        #expect(starts[1] >= .seconds(20) && starts[1] <= .seconds(20.5))
        #expect(starts[2] - starts[1] >= .seconds(100) && starts[2] - starts[1] <= .seconds(100.5))
        #expect(starts[3] - starts[2] <= .seconds(0.5))
    }

    @Test("A wait that the server asks many callers for holds the others back as well")
    func pauseForAll() throws {
        let time = VirtualTime()
        let model = WatchedModel(time: time) { _, _ in
            let now = time.time
            try await time.sleep(for: .milliseconds(100))
            if now >= .seconds(1), now < .seconds(31) {
                throw LanguageModelFailure.sample(.rateLimited, retryAfter: .seconds(31) - now)
            }
            return .saying()
        }
        let session = LanguageModelSession(model: model, limits: .init(maximumConcurrency: 16), clock: time)
        let outcomes = try time.run { await session.ask(1000) }
        #expect(outcomes.answers.count == 1000)
        // One round of 16 is sent away; hardly anybody asks before the time is over.
        #expect(session.totals.failures <= 2 * 16)
    }

    @Test("A server that is gone gives one failure after some questions, not one for each")
    func goneServer() throws {
        let time = VirtualTime()
        let model = WatchedModel(time: time) { _, _ in throw LanguageModelFailure.sample(.connectionLost) }
        let limits = LanguageModelLimits(maximumAttempts: 3, maximumConsecutiveFailures: 10)
        let session = LanguageModelSession(model: model, limits: limits, clock: time)
        let outcomes = try time.run { await session.ask(10_000) }
        #expect(outcomes.unanswered.count == 9)
        #expect(outcomes.failures.count == 9991 && Set(outcomes.failures).count == 1)
        #expect(outcomes.failures[0].message.contains("10 questions in a row"))
        #expect(model.calls <= 64 * 3)
    }

    @Test("Questions without an answer here and there do not end a session")
    func scatteredFailures() throws {
        let time = VirtualTime()
        let model = WatchedModel(time: time) { _, request in
            if request.messages.last!.text.hasPrefix("Hard") { throw LanguageModelFailure.sample(.invalidResponse) }
            return .saying()
        }
        let limits = LanguageModelLimits(maximumAttempts: 2, maximumConsecutiveFailures: 3)
        let session = LanguageModelSession(model: model, limits: limits, clock: time)
        let outcomes = try time.run {
            await session.ask(300, tasks: 1) { .sample($0 % 3 == 0 ? "Easy: who likes tea?" : "Hard: who likes tea?") }
        }
        #expect(outcomes.answers.count == 100 && outcomes.unanswered.count == 200)
        #expect(session.totals.answered == 100 && session.totals.unanswered == 200)
    }
}
