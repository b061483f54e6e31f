import ISRFKit
import ISRFKitTesting
import Synchronization
import Testing

@Suite("Reasoning run")
struct ReasoningRunTests {
    @Test("Items and users get profiles in their order, with progress to the end")
    func completes() async throws {
        let sample = try SampleData()
        let model = AnsweringModel()
        let run = ReasoningRun(
            reasoner: model.reasoner(), catalogue: sample.catalogue, training: sample.evidence.training)
        let reports = Mutex<[ProgressReport]>([])
        let outcome = try await run.run { report in reports.withLock { $0.append(report) } }
        #expect(outcome.items.map(\.item) == sample.catalogue.items.map(\.id))
        #expect(outcome.users.map(\.user) == sample.log.users.identifiers)
        #expect(outcome.stop == nil && outcome.failures.isEmpty)
        #expect(outcome.totals.calls == model.calls)
        #expect(model.calls <= 3 * (sample.catalogue.count + sample.log.userCount))
        #expect(reports.withLock { $0.first }?.completed == 0)
        let last = try #require(reports.withLock { $0.last })
        #expect(last.completed == last.total && last.unit == "users")
        #expect(last.detail?.contains("calls/s") == true && last.detail?.contains("tokens in") == true)
    }

    @Test("Held-out interactions reach no prompt")
    func seesTrainingOnly() async throws {
        let data = SmallData(items: 8, histories: [[0, 1, 2, 6, 7], [2, 3, 4, 6, 7]])
        let whole = try data.run(AnsweringModel().reasoner())
        let model = AnsweringModel()
        let run = ReasoningRun(
            reasoner: model.reasoner(), catalogue: whole.catalogue,
            training: LeaveOneOutSplit(whole.training).training, options: .init(part: .users))
        _ = try await run.run()
        #expect(model.calls == 3 * (5 + 2))
        for prompt in model.prompts { #expect(!prompt.contains("number 6") && !prompt.contains("number 7")) }
    }

    @Test("Users are asked about by their latest 20 items, the latest first")
    func takesLatest() async throws {
        let model = AnsweringModel()
        let run = try SmallData(items: 30, histories: [Array(2..<30)]).run(model.reasoner(), .init(part: .users))
        _ = try await run.run()
        let prompt = try #require(model.prompts.first { $0.contains("\"feature\":") })
        let asked = prompt.split(separator: "\n").compactMap { $0.firstMatch(of: /"Thing number (\d+)"/)?.output.1 }
        #expect(asked.compactMap { Int($0) } == (10..<30).reversed())
    }

    @Test("No more is under way than asked for")
    func boundsConcurrency() async throws {
        let model = AnsweringModel(delay: .milliseconds(2))
        let reasoner = model.reasoner(limits: .init(maximumConcurrency: 5))
        _ = try await SmallData(items: 40, histories: (0..<40).map { [$0] }).run(reasoner).run()
        #expect(model.mostUnderWay <= 5)
        #expect(model.mostUnderWay >= 2)
    }

    @Test("Items alone, users with their items, and the first few of each")
    func choosesParts() async throws {
        let data = SmallData(items: 9, histories: [[8, 7], [0], [6], []])
        func outcome(_ options: ReasoningRun.Options) async throws -> (ReasoningOutcome, Int) {
            let model = AnsweringModel()
            return (try await data.run(model.reasoner(), options).run(), model.calls)
        }
        let items = try await outcome(.init(part: .items))
        #expect(items.0.items.count == 9 && items.0.users.isEmpty && items.1 == 27)
        let users = try await outcome(.init(part: .users))
        #expect(users.0.items.map(\.item) == ["i0", "i6", "i7", "i8"])
        #expect(users.0.users.count == 4 && users.1 == 12 + 9)
        let few = try await outcome(.init(limit: 2))
        #expect(few.0.items.map(\.item) == ["i0", "i1", "i7", "i8"])
        #expect(few.0.users.map(\.user) == ["u0", "u1"])
        await #expect(throws: ISRFError.self) { try await outcome(.init(limit: 0)) }
        await #expect(throws: ISRFError.self) { try await outcome(.init(concurrency: 0)) }
    }

    @Test("An item without a valid answer is left out and reported; its users go on without it")
    func leavesOutFailures() async throws {
        let model = AnsweringModel { prompt, _ in
            if prompt.contains("number 1\"") { throw LanguageModelFailure(.overloaded, "The server cannot answer.") }
        }
        let store = InMemoryResponseStore()
        let data = SmallData(items: 4, histories: [[0, 1], [1], [3]])
        let outcome = try await data.run(model.reasoner(store: store)).run()
        #expect(outcome.items.map(\.item) == ["i0", "i2", "i3"])
        #expect(outcome.users.map(\.user) == ["u0", "u1", "u2"])
        #expect(outcome.failures.map(\.subject) == [ResponseSubject(step: .positive, identifier: "i1")])
        #expect(outcome.failures.first?.reason.contains("cannot answer") == true)
        #expect(outcome.users[1].preference.summary == UserDocument.unknownPreference)
        #expect(outcome.stop == nil)
        #expect(await store.totals().failures == 1)
    }

    @Test("A lasting failure ends the run at once with one message")
    func stopsOnLastingFailure() async throws {
        let model = AnsweringModel(delay: .milliseconds(1)) { _, call in
            if call > 20 { throw LanguageModelFailure(.unauthorised, "The key was refused.") }
        }
        let data = SmallData(items: 200, histories: [[0]])
        let outcome = try await data.run(model.reasoner(limits: .init(maximumConcurrency: 4))).run()
        #expect(outcome.stop?.description.contains("The key was refused.") == true)
        #expect(model.calls <= 20 + 4)
        #expect(outcome.items.count + outcome.unfinishedItems == 200)
        #expect(outcome.unfinishedUsers == 1)
        #expect(outcome.failures.isEmpty)
    }

    @Test("A budget ends the run in order, and the runs that follow repeat nothing")
    func resumesAfterBudgets() async throws {
        let store = InMemoryResponseStore()
        let data = SmallData(items: 20, histories: (0..<10).map { [$0, $0 + 1] })
        let whole = InMemoryResponseStore()
        _ = try await data.run(AnsweringModel().reasoner(store: whole)).run()
        var calls = 0
        var runs = 0
        while runs < 20 {
            let model = AnsweringModel()
            let limits = LanguageModelLimits(maximumConcurrency: 3, maximumCalls: 17)
            let outcome = try await data.run(model.reasoner(store: store, limits: limits)).run()
            calls += model.calls
            runs += 1
            #expect(model.calls <= 17)
            guard case .budget(let budget)? = outcome.stop else {
                #expect(outcome.users.count == 10)
                break
            }
            #expect(budget.budget == .calls)
        }
        #expect(calls == 90)
        #expect(runs == 6)
        #expect(await store.answers == whole.answers)
    }

    @Test("Cancelling stops new calls at once and returns within a second; what was answered is kept")
    func cancels() async throws {
        let model = AnsweringModel(delay: .milliseconds(30))
        let store = InMemoryResponseStore()
        let run = try SmallData(items: 500, histories: [[0]]).run(model.reasoner(store: store))
        let task = Task { try await run.run() }
        try await model.waitForCalls(24)
        let start = ContinuousClock.now
        task.cancel()
        let calls = model.calls
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(ContinuousClock.now - start < .seconds(1))
        try await Task.sleep(for: .milliseconds(100))
        #expect(model.calls <= calls + 8)
        let stored = await store.answers.count
        #expect(stored > 0 && stored >= calls - 16)
    }

    @Test("A log of another catalogue is refused")
    func refusesOtherCatalogue() async throws {
        let run = try SmallData(items: 6).run(AnsweringModel().reasoner())
        let other = try Catalogue(items: [Item(id: "only", title: "One")])
        let mixed = ReasoningRun(reasoner: run.reasoner, catalogue: other, training: run.training)
        await #expect(throws: ISRFError.self) { try await mixed.run() }
    }
}

@Suite("Estimate of a run")
struct ReasoningEstimateTests {
    private let prices = LanguageModelLimits(
        maximumConcurrency: 4, pricePerMillionPromptTokens: 2, pricePerMillionCompletionTokens: 8)

    @Test("It counts the calls to come and those in the store, and asks nothing")
    func counts() async throws {
        let data = SmallData(items: 6, histories: [[0, 1, 2], [2, 3], [4], []])
        let store = InMemoryResponseStore()
        let model = AnsweringModel()
        let run = try data.run(model.reasoner(store: store, limits: prices))
        let before = try await run.estimate()
        #expect(model.calls == 0)
        #expect(before.calls == 3 * (6 + 3) && before.stored == 0)
        for step in ReasoningStep.allCases { #expect(before.steps[step]?.calls == (step.isAboutItem ? 6 : 3)) }
        #expect(before.cost > 0 && before.seconds > 0)
        #expect(
            abs(before.cost - Double(before.promptTokens * 2 + before.completionTokens * 8) / 1_000_000) < 1e-9)

        _ = try await data.run(model.reasoner(store: store, limits: prices), .init(part: .items)).run()
        let half = try await run.estimate()
        #expect(half.calls == 9 && half.stored == 18)
        _ = try await run.run()
        let after = try await run.estimate()
        #expect(after.calls == 0 && after.stored == 27 && after.cost == 0 && after.seconds == 0)
    }

    @Test("Equal questions are counted once")
    func countsEqualQuestionsOnce() async throws {
        var data = SmallData(items: 5, histories: [[0]])
        for item in data.items.indices { data.items[item].title = "The same" }
        let model = AnsweringModel()
        let run = try data.run(model.reasoner())
        #expect(try await run.estimate().calls == 6)
        _ = try await run.run()
        #expect(model.calls == 6)
    }

    @Test("A sample of real calls corrects tokens and time, and is not asked again")
    func samples() async throws {
        let data = SmallData(items: 40, histories: (0..<20).map { [$0, $0 + 1] })
        let model = AnsweringModel(delay: .milliseconds(5))
        let run = try data.run(model.reasoner(limits: prices))
        let sampled = try await run.estimate(sample: 12)
        #expect(model.calls == 12)
        #expect(sampled.sample?.calls == 12)
        #expect(sampled.calls == 180 - 12 && sampled.stored == 12)
        #expect(sampled.secondsPerCall >= 0.005 && sampled.secondsPerCall < 1)
        let outcome = try await run.run()
        // The model answers every question with 20 tokens.
        #expect(sampled.completionTokens == sampled.steps.values.reduce(0) { $0 + $1.completionTokens })
        #expect(abs(sampled.completionTokens - outcome.totals.completionTokens) < outcome.totals.completionTokens)
        #expect(abs(sampled.promptTokens - outcome.totals.promptTokens) < outcome.totals.promptTokens / 2)
    }

    @Test("Rates allowed make it longer")
    func respectsRates() async throws {
        let data = SmallData(items: 10, histories: [])
        var limits = prices
        limits.requestsPerMinute = 3
        let slow = try await data.run(AnsweringModel().reasoner(limits: limits)).estimate()
        #expect(slow.seconds == 600)
    }
}
