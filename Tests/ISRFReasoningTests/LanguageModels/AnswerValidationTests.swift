import ISRFKit
import Testing

@Suite("Validation and repair of structured answers")
struct AnswerValidationTests {
    static let description =
        "Pale ale extract kit with hops, yeast, a fermenter with an airlock, twenty bottles and caps"

    static let question = StructuredQuestion.sample(
        "Who would enjoy this? {\"title\": \"Home brewing kit\", \"description\": \"\(description).\"}")

    static let invalid: [(name: String, summary: String, reason: String)] = [
        ("blank", #"" \n""#, "blank"),
        ("a number", "7", "not a text"),
        ("a list", #"["Brewers."]"#, "not a text"),
        ("too many words", "\"\(String(repeating: "beer ", count: 26))\"", "26 words; at most 25"),
        ("too long", "\"\(String(repeating: "beer", count: 101))\"", "404 characters; at most 400"),
        ("a placeholder", #""<summary>""#, "says nothing"),
        ("another placeholder", #""Your summary here.""#, "says nothing"),
        ("a third placeholder", #""...""#, "says nothing"),
        ("only punctuation", #""-- !""#, "says nothing"),
        ("the schema's word", #""string""#, "says nothing"),
        ("what was asked for", #""Who would enjoy it""#, "repeats"),
        ("a copy", "\"\(description.uppercased())\"", "copies the question"),
        ("nearly a copy", "\"The kit: \(description)!\"", "copies the question"),
    ]

    @Test("What is not an answer is sent back once and then given up, with what it cost", arguments: invalid.indices)
    func invalidAnswers(_ index: Int) async throws {
        let (name, summary, reason) = Self.invalid[index]
        let model = WatchedModel { _, _ in .saying("{\"summary\":\(summary),\"reasoning\":\"Brewing takes patience.\"}")
        }
        let session = LanguageModelSession(model: model)
        let error = await #expect(throws: UnansweredQuestion.self, "\(name)") {
            try await session.answer(Self.question)
        }
        #expect(error?.reason.contains(reason) == true, "\(name): \(error?.reason ?? "")")
        #expect(error?.usage == .init(promptTokens: 60, completionTokens: 24))
        #expect(error?.attempts == 2 && model.calls == 2)
        #expect(session.totals.unanswered == 1 && session.totals.repairs == 1 && session.totals.answered == 0)
        #expect(session.totals.promptTokens == 60 && session.totals.completionTokens == 24)
    }

    @Test(
        "Answers in the model's own words are valid",
        arguments: [
            "Brewers.", "String instrument makers who brew.", "自宅で醸造する人",
            "Those who want: \(description) and who have time for it.",
            "Patient people who like pale ale with hops, yeast, and who own twenty bottles.",
        ])
    func validAnswers(_ summary: String) async throws {
        let model = WatchedModel { _, _ in .saying("{\"summary\":\"  \(summary)\\n\",\"reasoning\":\"It brews.\"}") }
        let answer = try await LanguageModelSession(model: model).answer(Self.question)
        #expect(answer.fields["summary"] == summary)
    }

    @Test("The model is told what is wrong, and a better answer counts")
    func repairs() async throws {
        let model = WatchedModel { call, _ in call == 1 ? .saying("{\"reasoning\":\"Because.\"}") : .saying() }
        let log = EventLog()
        let answer = try await LanguageModelSession(model: model, observer: log.observer).answer(.sample)
        #expect(answer.attempts == 2 && answer.usage == .init(promptTokens: 60, completionTokens: 24))
        let (first, second) = (model.requests[0], model.requests[1])
        #expect(Array(second.messages.prefix(first.messages.count)) == first.messages)
        #expect(second.messages.dropFirst(first.messages.count).map(\.role) == [.assistant, .user])
        #expect(second.messages[first.messages.count].text == "{\"reasoning\":\"Because.\"}")
        #expect(second.messages.last?.text.contains("\"summary\" is missing") == true)
        #expect(second.maximumTokens == first.maximumTokens)
        #expect(log.events.contains(.repair(reason: "The property \"summary\" is missing.")))
    }

    @Test("An answer that was cut gets twice the tokens, as far as the context goes")
    func cutAnswers() async throws {
        for (context, expected) in [(nil, 512...512), (900, 257...511), (100, 256...256)] as [(Int?, ClosedRange<Int>)]
        {
            let capabilities = LanguageModelCapabilities(contextTokens: context, concurrentRequests: 1)
            let model = WatchedModel(capabilities: capabilities) { call, _ in
                call == 1
                    ? .saying(
                        #"{"summary":"People who"#, .length, usage: .init(promptTokens: 200, completionTokens: 256))
                    : .saying()
            }
            _ = try await LanguageModelSession(model: model).answer(.sample)
            let tokens = try #require(model.requests.last?.maximumTokens)
            #expect(expected.contains(tokens))
        }
    }

    @Test("A long answer is not repeated in full, and an empty one not as an empty message")
    func repeatedAnswers() async throws {
        for (text, length) in [(String(repeating: "x", count: 1_000_000), 4000), ("", 9)] {
            let model = WatchedModel { call, _ in call == 1 ? .saying(text) : .saying() }
            _ = try await LanguageModelSession(model: model).answer(.sample)
            let repeated = model.requests[1].messages.last { $0.role == .assistant }
            #expect(repeated?.text.count == length)
        }
    }

    @Test("A complete answer counts even when the model was cut afterwards; a refusal is not argued with")
    func finishReasons() async throws {
        let cut = WatchedModel { _, _ in .saying(LanguageModelResponse.sound + "   ", .length) }
        #expect(try await LanguageModelSession(model: cut).answer(.sample).attempts == 1)
        let refusing = WatchedModel { _, _ in .saying("", .refusal) }
        let error = await #expect(throws: UnansweredQuestion.self) {
            try await LanguageModelSession(model: refusing).answer(.sample)
        }
        #expect(error?.attempts == 1 && error?.reason.contains("refused") == true && error?.failure == nil)
    }

    @Test("Questions and limits that make no sense are refused before anybody is asked")
    func senselessInput() async {
        let model = WatchedModel { _, _ in .saying() }
        let session = LanguageModelSession(model: model)
        let changes: [@Sendable (inout StructuredQuestion) -> Void] = [
            { $0.messages = [] }, { $0.fields = [] }, { $0.maximumTokens = 0 }, { $0.temperature = .nan },
            { $0.fields[0].name = " " }, { $0.fields[1].name = "summary" }, { $0.fields[0].maximumCharacters = 0 },
            { $0.fields[0].maximumWords = 0 },
        ]
        for change in changes {
            var question = StructuredQuestion.sample
            change(&question)
            let asked = question
            await #expect(throws: ISRFError.self) { try await session.answer(asked) }
        }
        let limits: [LanguageModelLimits] = [
            .init(maximumConcurrency: 0), .init(requestsPerMinute: 0), .init(requestsPerMinute: .nan),
            .init(tokensPerMinute: -1), .init(maximumAttempts: 0), .init(initialBackoff: .seconds(-1)),
            .init(maximumBackoff: .seconds(-1)), .init(maximumRetryAfter: .seconds(-1)),
            .init(maximumConsecutiveFailures: 0), .init(maximumCalls: -1), .init(maximumTotalTokens: -1),
            .init(maximumCost: -1), .init(maximumCost: 1), .init(pricePerMillionPromptTokens: .infinity),
        ]
        for limits in limits {
            let session = LanguageModelSession(model: model, limits: limits)
            await #expect(throws: ISRFError.self) { try await session.answer(.sample) }
        }
        #expect(model.calls == 0)
    }
}
