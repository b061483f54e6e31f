internal import ISRFCore
internal import ISRFData

extension ReasoningRun {
    /// Estimates what `run` would ask and spend, from the rendered prompts, the word limits and what the store holds.
    /// - Parameter sample: About how many calls to make for real in order to measure tokens and time; their answers are
    ///   stored, and the run has that many fewer to make. By default none.
    /// - Throws: `ISRFError` as `run` does, what the store throws and, with a sample, what ends a run early.
    public func estimate(sample: Int = 0) async throws -> ReasoningEstimate {
        var (estimate, open) = try await estimated()
        guard sample > 0, !open.isEmpty else { return estimate }
        guard let measured = try await measure(open, calls: sample) else { return estimate }
        (estimate, _) = try await estimated()
        estimate.scale(by: measured)
        return estimate
    }

    /// An estimate from prompts alone, and the chains that wait for nothing but their own answers.
    private func estimated() async throws -> (ReasoningEstimate, open: [ReasoningChain]) {
        let plan = try plan()
        var estimate = ReasoningEstimate(concurrency: concurrency, limits: reasoner.session.limits)
        var seen: Set<ResponseKey> = []
        var open: [ReasoningChain] = []
        var profiles = [ItemProfile?](repeating: nil, count: catalogue.count)
        let expected = Dictionary(
            uniqueKeysWithValues: ReasoningStep.allCases.map { ($0, expectedAnswer($0)) })
        for index in plan.items {
            let chain = ReasoningChain(catalogue[index], prompts: reasoner.prompts)
            let stored = try await reasoner.storedAnswers(chain)
            if count(chain, stored, expected, in: &estimate, &seen) { open.append(chain) }
            if stored.open == nil { profiles[index] = ItemProfile(item: chain.identifier, stored.answers) }
        }
        for user in plan.users {
            let isKnown = recent(user).allSatisfy { profiles[$0] != nil }
            let request = UserReasoningRequest(
                user: training.users[user],
                recentItems: recent(user).map {
                    .init(item: catalogue[$0], profile: profiles[$0] ?? ItemProfile(item: "", expected))
                })
            let chain = ReasoningChain(request, prompts: reasoner.prompts)
            let stored = isKnown ? try await reasoner.storedAnswers(chain) : StoredChain()
            if count(chain, stored, expected, in: &estimate, &seen), isKnown { open.append(chain) }
        }
        return (estimate, open)
    }

    /// Counts a chain; returns whether it has questions of its own left.
    private func count(
        _ chain: ReasoningChain, _ stored: StoredChain, _ expected: [ReasoningStep: Reasoned],
        in estimate: inout ReasoningEstimate, _ seen: inout Set<ResponseKey>
    ) -> Bool {
        let isOwn = stored.open.map { seen.insert($0.key).inserted } ?? true
        var answers = stored.answers
        var isOpen = false
        for step in chain.steps {
            guard isOwn, answers[step] == nil else {
                estimate.steps[step, default: .init()].stored += 1
                continue
            }
            isOpen = true
            let tokens = tokens(of: chain.question(step, after: answers), answer: expected[step])
            estimate.steps[step, default: .init()].calls += 1
            estimate.steps[step, default: .init()].promptTokens += tokens.promptTokens
            estimate.steps[step, default: .init()].completionTokens += tokens.completionTokens
            answers[step] = expected[step]
        }
        return isOpen
    }

    private func tokens(of question: StructuredQuestion, answer: Reasoned?) -> LanguageModelResponse.Usage {
        // Roles, separators and the names of the answer's properties.
        let frame = 8
        return .init(
            promptTokens: question.messages.reduce(frame) { $0 + PromptText.tokens(in: $1.text) },
            completionTokens: frame + PromptText.tokens(in: answer?.summary ?? "")
                + PromptText.tokens(in: answer?.reasoning ?? ""))
    }

    /// An answer as long as its word limits allow.
    private func expectedAnswer(_ step: ReasoningStep) -> Reasoned {
        func words(_ count: Int) -> String { repeatElement("words", count: count).joined(separator: " ") }
        let limits = reasoner.prompts.limits
        return Reasoned(summary: words(limits.words(of: step)), reasoning: words(limits.reasoningWords))
    }

    /// Asks about some of the open chains, spread evenly, and compares with what was expected.
    private func measure(_ open: [ReasoningChain], calls: Int) async throws -> ReasoningEstimate.Sample? {
        let count = min(open.count, (calls + 2) / 3)
        let chosen = (0..<count).map { open[$0 * open.count / count] }
        let before = reasoner.session.totals
        let width = max(1, concurrency)
        var measured = Measured()
        try await withThrowingTaskGroup(of: Measured.self) { group in
            for (place, chain) in chosen.enumerated() {
                if place >= width, let part = try await group.next() { measured.add(part) }
                group.addTask { try await ask(chain) }
            }
            for try await part in group { measured.add(part) }
        }
        let spent = reasoner.session.totals - before
        guard measured.calls > 0, spent.calls > 0 else { return nil }
        return ReasoningEstimate.Sample(
            calls: spent.calls,
            promptRatio: Double(spent.promptTokens) / Double(max(1, measured.expected.promptTokens)),
            completionRatio: Double(spent.completionTokens) / Double(max(1, measured.expected.completionTokens)),
            secondsPerCall: measured.seconds / Double(spent.calls))
    }

    private struct Measured: Sendable {
        var calls = 0
        var seconds = 0.0
        var expected = LanguageModelResponse.Usage(promptTokens: 0, completionTokens: 0)

        mutating func add(_ other: Measured) {
            calls += other.calls
            seconds += other.seconds
            expected.promptTokens += other.expected.promptTokens
            expected.completionTokens += other.expected.completionTokens
        }
    }

    private func ask(_ chain: ReasoningChain) async throws -> Measured {
        var measured = Measured()
        var known = try await reasoner.storedAnswers(chain).answers
        for step in chain.steps where known[step] == nil {
            measured.calls += 1
            let usage = tokens(of: chain.question(step, after: known), answer: expectedAnswer(step))
            measured.add(Measured(expected: usage))
            known[step] = expectedAnswer(step)
        }
        let start = ContinuousClock.now
        do {
            try await reasoner.complete(chain)
        } catch is UnansweredStep {
            // What it has cost is in the session's totals.
        }
        measured.seconds = (ContinuousClock.now - start) / .seconds(1)
        return measured
    }
}
