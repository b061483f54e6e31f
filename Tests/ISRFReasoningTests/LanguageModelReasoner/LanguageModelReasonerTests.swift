import ISRFKit
import ISRFKitTesting
import Synchronization
import Testing

@Suite("Language model reasoner")
struct LanguageModelReasonerTests {
    @Test("It keeps the contract of SemanticReasoner")
    func conforms() async throws {
        let reasoner = AnsweringModel().reasoner()
        try await Conformance.violations(of: reasoner).requireNone()
    }

    @Test("Three calls make a profile, each seeing the answers before; asked again there is none")
    func chains() async throws {
        let model = AnsweringModel()
        let reasoner = model.reasoner()
        let request = ItemReasoningRequest(item: Item(id: "a", title: "Soap"))
        let profile = try await reasoner.profile(for: request)
        #expect(model.calls == 3)
        #expect(model.prompts[0].contains("\"Soap\""))
        #expect(model.prompts[1].contains(profile.positive.summary))
        #expect(
            model.prompts[2].contains(profile.positive.summary) && model.prompts[2].contains(profile.negative.summary))

        #expect(try await reasoner.profile(for: request) == profile)
        #expect(model.calls == 3)
        let user = UserReasoningRequest(user: "u", recentItems: [.init(item: request.item, profile: profile)])
        let preference = try await reasoner.profile(for: user)
        #expect(model.calls == 6)
        #expect(model.prompts[3].contains(profile.feature.summary))
        #expect(
            model.prompts[5].contains(preference.likes.summary)
                && model.prompts[5].contains(preference.dislikes.summary))
    }

    @Test("Other models, prompts and parameters do not share answers")
    func keysTellApart() async throws {
        let store = InMemoryResponseStore()
        let request = ItemReasoningRequest(item: Item(id: "a", title: "Soap"))
        let models = ["one", "two"].map { AnsweringModel(name: $0) }
        for model in models { _ = try await model.reasoner(store: store).profile(for: request) }
        #expect(models.map(\.calls) == [3, 3])
        let prompts = try ReasoningPrompts(version: "other")
        _ = try await models[0].reasoner(store: store, prompts: prompts).profile(for: request)
        #expect(models[0].calls == 6)
        #expect(await store.totals().answers == 9)

        let question = ReasoningPrompts.standard.question(.positive, about: request.item)
        var keys: Set<ResponseKey> = [ResponseKey(question, model: "m", promptVersion: "v")]
        for change in [
            { $0.temperature = 0.5 }, { $0.seed = 1 }, { $0.maximumTokens += 1 }, { $0.messages[1].text += " " },
            { $0.fields[0].maximumCharacters += 1 }, { $0.fields.removeLast() },
        ] as [(inout StructuredQuestion) -> Void] {
            var changed = question
            change(&changed)
            keys.insert(ResponseKey(changed, model: "m", promptVersion: "v"))
        }
        #expect(keys.count == 7)
        #expect(keys.allSatisfy { ResponseKey(digest: $0.digest) == $0 })
        #expect(ResponseKey(digest: "short") == nil)
    }

    @Test("A changed item is asked about anew with the users who hold it, and nothing else is")
    func reasonsAnewWhereNeeded() async throws {
        let store = InMemoryResponseStore()
        let model = AnsweringModel()
        var data = SmallData(items: 6, histories: [[0, 1, 2], [2, 3], [4], [5, 4]])
        _ = try await data.run(model.reasoner(store: store)).run()
        #expect(model.calls == 3 * (6 + 4))
        data.items[2].title = "Something else"
        let outcome = try await data.run(model.reasoner(store: store)).run()
        #expect(model.calls == 30 + 3 * (1 + 2))
        #expect(outcome.items.count == 6 && outcome.users.count == 4)
        #expect(outcome.storeHits == 30 - 9)
        data.histories[3].append(0)
        _ = try await data.run(model.reasoner(store: store)).run()
        #expect(model.calls == 39 + 3)
    }

    @Test("An answer is stored before the next question is asked, and one that was stored first counts")
    func storesFirst() async throws {
        let events = Mutex<[String]>([])
        let model = AnsweringModel { _, call in events.withLock { $0.append("call \(call)") } }
        let store = ObservedStore { event in events.withLock { $0.append(event) } }
        let profile = try await model.reasoner(store: store).profile(
            for: ItemReasoningRequest(item: Item(id: "a", title: "Soap")))
        #expect(
            events.withLock { $0 } == [
                "call 1", "stored positive", "call 2", "stored negative", "call 3", "stored feature",
            ])
        #expect(profile.positive.summary == "Another process was first.")
        #expect(model.prompts[1].contains("Another process was first."))
    }

    @Test("Tasks that want the same answer ask once")
    func asksOnce() async throws {
        let model = AnsweringModel(delay: .milliseconds(20))
        let reasoner = model.reasoner()
        let profiles = try await withThrowingTaskGroup(of: ItemProfile.self) { group in
            for number in 0..<10 {
                let request = ItemReasoningRequest(item: Item(id: "copy \(number)", title: "Soap"))
                group.addTask { try await reasoner.profile(for: request) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(model.calls == 3)
        #expect(Set(profiles.map(\.item)).count == 10)
        #expect(Set(profiles.map(\.feature)).count == 1)
    }

    @Test("Who waits for the same answer and is cancelled leaves at once; the others get it")
    func cancelsWaiting() async throws {
        let model = AnsweringModel(delay: .milliseconds(600))
        let reasoner = model.reasoner()
        let request = ItemReasoningRequest(item: Item(id: "a", title: "Soap"))
        let asking = Task { try await reasoner.profile(for: request) }
        try await model.waitForCalls(1)
        let waiting = Task { try await reasoner.profile(for: request) }
        try await Task.sleep(for: .milliseconds(50))
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        #expect(model.calls == 1)
        _ = try await asking.value
        #expect(model.calls == 3)
    }

    @Test("What nothing is known of costs nothing")
    func asksNothing() async throws {
        let model = AnsweringModel()
        let reasoner = model.reasoner()
        let item = try await reasoner.profile(for: ItemReasoningRequest(item: Item(id: "a", title: " ")))
        #expect(item.positive.summary == ItemDocument.unknownAudience)
        let user = try await reasoner.profile(for: UserReasoningRequest(user: "u", recentItems: []))
        #expect(UserDocument.text(for: user).isEmpty)
        #expect(model.calls == 0)
    }

    @Test("Statements that run on are cut to their words")
    func cutsStatements() async throws {
        let profile = try await AnsweringModel(words: 30).reasoner().profile(
            for: ItemReasoningRequest(item: Item(id: "a", title: "Soap")))
        #expect(profile.feature.summary.split(separator: " ").count == 25)
        #expect(profile.positive.summary.split(separator: " ").count == 30)
    }

    @Test("A question without a valid answer is an error, with its tokens in the store and nothing stored as an answer")
    func reportsUnanswered() async throws {
        let store = InMemoryResponseStore()
        let model = ScriptedLanguageModel(texts: Array(repeating: "Error 500: please try again", count: 10))
        let reasoner = LanguageModelReasoner(model: model, store: store)
        await #expect(throws: UnansweredQuestion.self) {
            try await reasoner.profile(for: ItemReasoningRequest(item: Item(id: "a", title: "Soap")))
        }
        let totals = await store.totals()
        #expect(totals.answers == 0)
        #expect(totals.failures == 1)
        #expect(await store.failures.first?.subject == ResponseSubject(step: .positive, identifier: "a"))
    }
}

/// A store in which another process has always stored the first step's answer before.
private struct ObservedStore: ResponseStore {
    let base = InMemoryResponseStore()
    let stored: @Sendable (String) -> Void

    init(_ stored: @escaping @Sendable (String) -> Void) {
        self.stored = stored
    }

    func answer(for key: ResponseKey) async -> StructuredAnswer? { await base.answer(for: key) }

    func store(_ answer: StructuredAnswer, for key: ResponseKey, subject: ResponseSubject) async -> StructuredAnswer {
        try? await Task.sleep(for: .milliseconds(20))
        stored("stored \(subject.step)")
        guard subject.step == .positive else { return answer }
        var first = answer
        first.fields["summary"] = "Another process was first."
        return first
    }

    func recordFailure(
        usage: LanguageModelResponse.Usage, for key: ResponseKey, subject: ResponseSubject, reason: String
    ) async {}

    func totals() async -> ResponseTotals { .init() }
}
