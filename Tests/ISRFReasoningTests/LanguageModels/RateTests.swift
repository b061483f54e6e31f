import ISRFKit
import Testing

@Suite("Rates of language model calls")
struct RateTests {
    @Test("Calls are spaced evenly, below and above one a second", arguments: [0.5, 1, 30, 60, 1200])
    func requestRate(_ perMinute: Double) throws {
        let time = VirtualTime()
        let model = WatchedModel(time: time) { _, _ in
            try await time.sleep(for: .seconds(0.01))
            return .saying()
        }
        let session = LanguageModelSession(
            model: model, limits: .init(requestsPerMinute: perMinute), clock: time)
        let outcomes = try time.run { await session.ask(40) }
        #expect(outcomes.answers.count == 40)
        for (number, start) in model.starts.enumerated() {
            #expect(abs(start.inSeconds - Double(number) * 60 / perMinute) < 1e-6)
        }
    }

    @Test("No minute has more calls than allowed, whenever they are asked for, failed ones counted")
    func anyMinute() throws {
        let time = VirtualTime()
        let model = WatchedModel(time: time) { call, _ in
            try await time.sleep(for: .milliseconds(50 + call * 37 % 400))
            if call % 7 == 0 { throw LanguageModelFailure.sample(.connectionLost) }
            return .saying()
        }
        let session = LanguageModelSession(model: model, limits: .init(requestsPerMinute: 90), clock: time)
        let answered = try time.run {
            var random = SeededRandom(seed: 5)
            var answered = 0
            for _ in 0..<12 {
                answered += await session.ask(60 + random.index(below: 120)).answers.count
                // Idle times earn no credit.
                try await time.sleep(for: .seconds(Double(random.index(below: 20))))
            }
            return answered
        }
        let starts = model.starts.map(\.inSeconds)
        #expect(answered > 700 && starts.count > answered)
        for start in starts {
            #expect(starts.count { $0 >= start && $0 < start + 60 - 1e-6 } <= 90)
        }
    }

    @Test("Tokens a minute follow what calls did use, as a tick by tick account does")
    func tokenRate() throws {
        let perMinute = 6000.0
        let usages = (0..<60).map { 50 + $0 * 7919 % 900 }
        let time = VirtualTime()
        let model = WatchedModel(time: time) { call, _ in
            .saying(usage: .init(promptTokens: usages[call - 1] - 10, completionTokens: 10))
        }
        let session = LanguageModelSession(model: model, limits: .init(tokensPerMinute: perMinute), clock: time)
        let outcomes = try time.run { await session.ask(usages.count) }
        #expect(outcomes.answers.count == usages.count)
        // Every millisecond pays for 0.1 tokens; a call starts when nothing is owed.
        var (owed, tick, expected) = (0.0, 0, [Double]())
        for usage in usages {
            while owed > 1e-9 {
                owed -= perMinute / 60_000
                tick += 1
            }
            expected.append(Double(tick) / 1000)
            owed += Double(usage)
        }
        for (start, expected) in zip(model.starts, expected) { #expect(abs(start.inSeconds - expected) < 0.01) }
    }

    @Test("Estimates stand for tokens while calls are under way, and become better")
    func estimates() throws {
        let time = VirtualTime()
        let model = WatchedModel(time: time) { _, _ in
            try await time.sleep(for: .seconds(30))
            return .saying(usage: .init(promptTokens: 80, completionTokens: 20))
        }
        let session = LanguageModelSession(model: model, limits: .init(tokensPerMinute: 12_000), clock: time)
        _ = try time.run { await session.ask(2000, tasks: 500) }
        let starts = model.starts.map(\.inSeconds)
        // At most one minute's tokens and one call's in any minute, once the calls are known.
        for start in starts where start > 60 {
            #expect(starts.count { $0 >= start && $0 < start + 60 } <= 122)
        }
        // 2000 calls of 100 tokens are 16.7 minutes' worth.
        #expect(time.time > .seconds(16 * 60) && time.time < .seconds(19 * 60), "\(time.time)")
    }

    @Test("Absurd numbers of tokens are survived")
    func absurdUsage() throws {
        let time = VirtualTime()
        let model = WatchedModel(time: time) { call, _ in
            let usages = [(Int.max, Int.max), (Int.min, -1), (0, 0)]
            return .saying(usage: .init(promptTokens: usages[call % 3].0, completionTokens: usages[call % 3].1))
        }
        let session = LanguageModelSession(model: model, limits: .init(tokensPerMinute: 1), clock: time)
        #expect(try time.run { await session.ask(12) }.answers.count == 12)
    }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
