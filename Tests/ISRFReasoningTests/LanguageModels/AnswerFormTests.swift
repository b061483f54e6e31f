import Foundation
import ISRFKit
import ISRFKitTesting
import Testing

@Suite("Forms of structured answers")
struct AnswerFormTests {
    static let able = LanguageModelCapabilities(jsonObject: true, jsonSchema: true, concurrentRequests: 64)

    private func kind(_ request: LanguageModelRequest) -> LanguageModelEvent.AnswerFormKind {
        switch request.answerForm {
        case .text: .text
        case .jsonObject: .jsonObject
        case .jsonSchema: .jsonSchema
        }
    }

    private func count(_ kind: LanguageModelEvent.AnswerFormKind, _ model: WatchedModel) -> Int {
        model.requests.count { self.kind($0) == kind }
    }

    @Test("A schema is asked for where the model takes it, with every field, its length and nothing else")
    func schemaIsAskedFor() async throws {
        let model = WatchedModel(capabilities: Self.able) { _, _ in .saying() }
        let answer = try await LanguageModelSession(model: model).answer(.sample)
        #expect(answer.fields["summary"] == "People who brew at home.")
        #expect(answer.fields.count == 2 && answer.attempts == 1 && answer.model == "watched")
        guard case .jsonSchema(let text)? = model.requests.first?.answerForm else {
            Issue.record("No schema was asked for.")
            return
        }
        let schema = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(schema["type"] as? String == "object")
        #expect(schema["required"] as? [String] == ["summary", "reasoning"])
        #expect(schema["additionalProperties"] as? Bool == false)
        let properties = try #require(schema["properties"] as? [String: [String: Any]])
        #expect(properties["summary"]?["maxLength"] as? Int == 400)
        #expect(properties["summary"]?["type"] as? String == "string")
        #expect(model.requests[0].messages == StructuredQuestion.sample.messages)
    }

    @Test("A schema is valid JSON whatever the fields are called")
    func schemaEscapes() async throws {
        let model = WatchedModel(capabilities: Self.able) { _, _ in .saying(#"{"a\"\\\n":"Well brewed."}"#) }
        var question = StructuredQuestion.sample
        question.fields = [.init(name: "a\"\\\n", description: "\"\u{1}é\\", maximumCharacters: 40)]
        let answer = try await LanguageModelSession(model: model).answer(question)
        #expect(answer.fields["a\"\\\n"] == "Well brewed.")
        guard case .jsonSchema(let text)? = model.requests.first?.answerForm else { return }
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(text.utf8)) }
    }

    @Test("64 callers at once try a refused form once between them, and get what works")
    func refusedOnce() async throws {
        let time = VirtualTime()
        let model = WatchedModel(capabilities: Self.able, time: time) { [self] _, request in
            try await time.sleep(for: .seconds(1))
            if kind(request) == .jsonSchema { throw LanguageModelFailure.sample(.unsupportedAnswerForm) }
            return .saying()
        }
        let session = LanguageModelSession(model: model, clock: time)
        let outcomes = try time.run { await session.ask(640) }
        #expect(outcomes.answers.count == 640)
        #expect(count(.jsonSchema, model) == 1)
        #expect(count(.jsonObject, model) == 640)
        let told = try #require(model.requests.last?.messages.last)
        #expect(told.role == .user && told.text.contains(#""maxLength":400"#))
        #expect(told.text.hasPrefix("Who would enjoy"))
        // One second for each of the two trials, then 639 questions at 64 a second.
        #expect(time.time == .seconds(2 + 10))
    }

    @Test("A model without forms is asked in text from the first call on, by all callers at once")
    func textAtOnce() throws {
        let time = VirtualTime()
        let model = WatchedModel(time: time) { _, _ in
            try await time.sleep(for: .seconds(1))
            return .saying("<think>{\"summary\": 1}</think>\n```json\n\(LanguageModelResponse.sound)\n```")
        }
        let session = LanguageModelSession(model: model, clock: time)
        let outcomes = try time.run { await session.ask(64) }
        #expect(outcomes.answers.count == 64 && count(.text, model) == 64)
        #expect(time.time == .seconds(1))
    }

    @Test("A server that breaks down over schemas is asked for objects, after one more try")
    func breakdown() throws {
        let time = VirtualTime()
        let model = WatchedModel(capabilities: Self.able, time: time) { [self] _, request in
            if kind(request) == .jsonSchema { throw LanguageModelFailure.sample(.overloaded) }
            return .saying()
        }
        let log = EventLog()
        let session = LanguageModelSession(model: model, clock: time, observer: log.observer)
        let outcomes = try time.run { await session.ask(100) }
        #expect(outcomes.answers.count == 100)
        #expect(count(.jsonSchema, model) == 3 && count(.jsonObject, model) == 100)
        #expect(log.events.contains(.answerForm(.jsonObject)))
    }

    @Test("A server that was down for a moment is asked with schemas afterwards")
    func shortOutage() throws {
        let time = VirtualTime()
        let model = WatchedModel(capabilities: Self.able, time: time) { call, _ in
            if call <= 2 { throw LanguageModelFailure.sample(.overloaded) }
            return .saying()
        }
        let session = LanguageModelSession(model: model, clock: time)
        let outcomes = try time.run { await session.ask(100) }
        #expect(outcomes.answers.count == 100)
        #expect(count(.jsonObject, model) == 1 && count(.text, model) == 0)
    }

    @Test("A server that rejects requests with a form, without saying why, is asked in the next one")
    func rejected() throws {
        let time = VirtualTime()
        let model = WatchedModel(capabilities: Self.able, time: time) { [self] _, request in
            if kind(request) != .text { throw LanguageModelFailure.sample(.rejectedRequest) }
            return .saying()
        }
        let session = LanguageModelSession(model: model, clock: time)
        let outcomes = try time.run { await session.ask(100) }
        #expect(outcomes.answers.count == 100)
        #expect(count(.jsonSchema, model) == 1 && count(.jsonObject, model) == 1 && count(.text, model) == 100)
    }

    @Test("A server that takes a form and ignores it is asked in the next one")
    func ignored() throws {
        let time = VirtualTime()
        let model = WatchedModel(capabilities: Self.able, time: time) { [self] _, request in
            kind(request) == .text ? .saying("Sure! \(LanguageModelResponse.sound)") : .saying("Brewers enjoy it.")
        }
        let session = LanguageModelSession(model: model, clock: time)
        let outcomes = try time.run { await session.ask(100) }
        #expect(outcomes.answers.count == 100 && count(.text, model) == 100)
        #expect(model.calls == 102)
    }

    @Test("When every form is refused, all callers get one lasting failure after three calls")
    func allRefused() throws {
        let time = VirtualTime()
        let model = WatchedModel(capabilities: Self.able, time: time) { _, _ in
            throw LanguageModelFailure.sample(.unsupportedAnswerForm)
        }
        let log = EventLog()
        let session = LanguageModelSession(model: model, clock: time, observer: log.observer)
        let outcomes = try time.run { await session.ask(500) }
        #expect(outcomes.failures.count == 500 && Set(outcomes.failures).count == 1)
        #expect(outcomes.failures[0].message.contains("every form"))
        #expect(model.calls == 3)
        #expect(log.events.count { if case .stopped = $0 { true } else { false } } == 1)
    }

    @Test("A form that stops working is left for the next one")
    func laterRefusal() throws {
        let time = VirtualTime()
        let model = WatchedModel(capabilities: Self.able, time: time) { [self] call, request in
            if call > 10, kind(request) == .jsonSchema { throw LanguageModelFailure.sample(.unsupportedAnswerForm) }
            return .saying()
        }
        let session = LanguageModelSession(model: model, clock: time)
        let outcomes = try time.run { await session.ask(50, tasks: 1) }
        #expect(outcomes.answers.count == 50)
        #expect(count(.jsonSchema, model) == 11 && count(.jsonObject, model) == 40)
    }

    @Test("When the caller that tries the forms is cancelled, the next one goes on")
    func cancelledTrial() throws {
        let time = VirtualTime()
        let model = WatchedModel(capabilities: Self.able, time: time) { _, _ in
            try await time.sleep(for: .seconds(10))
            return .saying()
        }
        let session = LanguageModelSession(model: model, clock: time)
        let answered = try time.run {
            let first = Task(executorPreference: time) { try await session.answer(.sample) }
            try await time.sleep(for: .seconds(1))
            let others = (0..<8).map { _ in Task(executorPreference: time) { try await session.answer(.sample) } }
            try await time.sleep(for: .seconds(1))
            others[3].cancel()
            first.cancel()
            await #expect(throws: CancellationError.self) { try await first.value }
            await #expect(throws: CancellationError.self) { try await others[3].value }
            var answered = 0
            for (index, task) in others.enumerated() where index != 3 {
                if try await task.value.attempts == 1 { answered += 1 }
            }
            return answered
        }
        #expect(answered == 7)
    }
}
