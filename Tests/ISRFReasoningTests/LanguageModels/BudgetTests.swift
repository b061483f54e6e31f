import ISRFKit
import Testing

@Suite("Budgets of language model calls")
struct BudgetTests {
    private func run(
        _ limits: LanguageModelLimits, count: Int = 500,
        answer: @escaping @Sendable (Int) throws -> LanguageModelResponse
    ) throws -> (outcomes: Outcomes, session: LanguageModelSession, model: WatchedModel, log: EventLog) {
        let time = VirtualTime()
        let model = WatchedModel(time: time) { call, _ in
            try await time.sleep(for: .milliseconds(100 + call % 17))
            return try answer(call)
        }
        let log = EventLog()
        let session = LanguageModelSession(model: model, limits: limits, clock: time, observer: log.observer)
        let outcomes = try time.run { await session.ask(count) }
        return (outcomes, session, model, log)
    }

    @Test("Calls never exceed their budget; those under way finish", arguments: [0, 1, 10, 100])
    func calls(_ maximum: Int) throws {
        let (outcomes, session, model, log) = try run(.init(maximumCalls: maximum)) { _ in .saying() }
        #expect(model.calls == maximum && session.totals.calls == maximum)
        #expect(outcomes.answers.count == maximum)
        #expect(outcomes.exhausted.count == 500 - maximum && outcomes.exhausted.allSatisfy { $0.budget == .calls })
        #expect(log.events.count { if case .budgetExhausted = $0 { true } else { false } } == 1)
    }

    @Test("Repeated calls and repairs count as calls")
    func repeatedCalls() throws {
        let (outcomes, session, model, _) = try run(.init(maximumCalls: 90)) { call in
            if call % 3 == 0 { throw LanguageModelFailure.sample(.invalidResponse) }
            return call % 3 == 1 ? .saying("What?") : .saying()
        }
        #expect(model.calls == 90)
        #expect(session.totals.retries + session.totals.repairs > 20)
        #expect(outcomes.answers.count + outcomes.exhausted.count + outcomes.unanswered.count == 500)
        #expect(outcomes.answers.count == session.totals.answered)
    }

    @Test("Tokens never exceed their budget when calls cost no more than expected, and use it nearly up")
    func tokens() throws {
        let limits = LanguageModelLimits(maximumTotalTokens: 10_000)
        let (outcomes, session, model, _) = try run(limits) { _ in
            .saying(usage: .init(promptTokens: 20, completionTokens: 80))
        }
        #expect(session.totals.tokens <= 10_000 && session.totals.tokens >= 9600)
        #expect(outcomes.answers.count == model.calls && outcomes.answers.count * 100 == session.totals.tokens)
        #expect(outcomes.exhausted.count == 500 - outcomes.answers.count)
        #expect(outcomes.exhausted.allSatisfy { $0.budget == .tokens && $0.message.contains("10000") })
    }

    @Test("Tokens of failed calls count")
    func failedTokens() throws {
        let limits = LanguageModelLimits(maximumTotalTokens: 10_000)
        let (outcomes, session, _, _) = try run(limits) { call in
            guard call % 2 == 0 else { return .saying(usage: .init(promptTokens: 20, completionTokens: 80)) }
            throw LanguageModelFailure(.invalidResponse, "No.", usage: .init(promptTokens: 20, completionTokens: 80))
        }
        #expect(session.totals.tokens <= 10_000 && session.totals.tokens >= 9000)
        #expect(outcomes.answers.count <= 60 && outcomes.answers.count >= 40)
    }

    @Test("Costs never exceed their budget, with the prices of messages and answers")
    func cost() throws {
        let limits = LanguageModelLimits(
            maximumCost: 0.02, pricePerMillionPromptTokens: 1, pricePerMillionCompletionTokens: 5)
        let (outcomes, session, _, _) = try run(limits) { _ in
            .saying(usage: .init(promptTokens: 20, completionTokens: 80))
        }
        // A call costs 20 * 1e-6 + 80 * 5e-6 = 0.00042.
        #expect(session.totals.cost <= 0.02 && session.totals.cost >= 0.018)
        #expect(abs(session.totals.cost - Double(outcomes.answers.count) * 0.00042) < 1e-9)
        #expect(outcomes.exhausted.allSatisfy { $0.budget == .cost })
    }

    @Test("A model that does not tell its tokens is held to the budget by estimates")
    func untoldTokens() throws {
        let limits = LanguageModelLimits(maximumTotalTokens: 10_000)
        let (outcomes, session, _, _) = try run(limits, count: 2000) { _ in .saying(usage: nil) }
        #expect(outcomes.answers.count > 50 && outcomes.answers.count < 500)
        #expect(session.totals.callsWithoutUsage == outcomes.answers.count)
        #expect(session.totals.tokens <= 10_000)
    }
}
