internal import ISRFData

/// Reasons about items and users by asking a language model three chained questions about each (method, steps 1 and 2).
///
/// Every answer is looked up in the store before it is asked for and is durable in it before the next question builds on
/// it. A question is known by its rendered prompt: a changed item is reasoned about anew, with the users who hold it, and
/// nothing else is. What nothing is known of is not asked about.
///
/// Copies share one session: its limits, budgets and totals are those of all of them.
public struct LanguageModelReasoner: SemanticReasoner {
    /// What the model is told and asked.
    public let prompts: ReasoningPrompts
    /// Where answers are kept.
    public let store: any ResponseStore
    /// The name under which the model's answers are stored.
    public let modelName: String
    /// What asks the model: its totals tell what was spent.
    public let session: LanguageModelSession

    let observer: (@Sendable (LanguageModelEvent) -> Void)?
    let counts = StepCounts()
    private let turns = ResponseTurns()

    /// Creates a reasoner.
    /// - Parameters:
    ///   - model: The model to ask.
    ///   - prompts: What it is told and asked.
    ///   - store: Where answers are kept.
    ///   - limits: How hard and how far it is asked.
    ///   - observer: Told of everything that happens, possibly by several tasks at once; returns soon.
    public init(
        model: any LanguageModel, prompts: ReasoningPrompts = .standard,
        store: any ResponseStore = InMemoryResponseStore(), limits: LanguageModelLimits = .init(),
        observer: (@Sendable (LanguageModelEvent) -> Void)? = nil
    ) {
        self.prompts = prompts
        self.store = store
        self.observer = observer
        modelName = model.name
        session = LanguageModelSession(model: model, limits: limits, observer: observer)
    }

    /// Reasons about one item: positive, then negative, then feature.
    /// - Throws: `UnansweredQuestion` when a question has no valid answer; `LanguageModelFailure`, `BudgetExhausted` when
    ///   nothing can be answered any more; `CancellationError`; what the store throws.
    public func profile(for request: ItemReasoningRequest) async throws -> ItemProfile {
        try await plainly { try await itemProfile(request.item) }
    }

    /// Reasons about one user: likes, then dislikes, then preference.
    /// - Throws: As for items.
    public func profile(for request: UserReasoningRequest) async throws -> UserProfile {
        try await plainly { try await userProfile(request) }
    }

    func itemProfile(_ item: Item, before: () throws -> Void = {}) async throws -> ItemProfile {
        ItemProfile(item: item.id, try await answers(ReasoningChain(item, prompts: prompts), before: before))
    }

    func userProfile(_ request: UserReasoningRequest, before: () throws -> Void = {}) async throws -> UserProfile {
        UserProfile(user: request.user, try await answers(ReasoningChain(request, prompts: prompts), before: before))
    }

    /// Asks whatever a chain has not answered yet.
    func complete(_ chain: ReasoningChain) async throws { _ = try await answers(chain, before: {}) }

    private func plainly<Profile>(_ body: () async throws -> Profile) async throws -> Profile {
        do {
            return try await body()
        } catch let unanswered as UnansweredStep {
            throw unanswered.question
        }
    }

    /// Asks a chain's questions one after the other.
    /// - Parameter before: Called before each question; what it throws ends the chain.
    private func answers(
        _ chain: ReasoningChain, before: () throws -> Void
    ) async throws -> [ReasoningStep: Reasoned] {
        var answers: [ReasoningStep: Reasoned] = [:]
        for step in chain.steps {
            try before()
            let question = chain.question(step, after: answers)
            let subject = ResponseSubject(step: step, identifier: chain.identifier)
            do {
                answers[step] = try reasoned(try await answer(question, subject), step)
            } catch let error as UnansweredQuestion {
                throw UnansweredStep(step: step, question: error)
            }
        }
        return answers
    }

    private func answer(_ question: StructuredQuestion, _ subject: ResponseSubject) async throws -> StructuredAnswer {
        let key = key(of: question)
        try await turns.enter(key)
        defer { turns.leave(key) }
        if let stored = try await store.answer(for: key) {
            counts.addHit()
            observer?(.storeHit)
            return stored
        }
        do {
            let answer = try await session.answer(question)
            let kept = try await store.store(answer, for: key, subject: subject)
            counts.addAnswer()
            return kept
        } catch let error as UnansweredQuestion {
            try await store.recordFailure(usage: error.usage, for: key, subject: subject, reason: error.reason)
            throw error
        } catch let error as LanguageModelFailure {
            if let usage = error.usage {
                try await store.recordFailure(usage: usage, for: key, subject: subject, reason: error.message)
            }
            throw error
        }
    }
}

extension LanguageModelReasoner {
    /// The key of a question of this reasoner.
    package func key(of question: StructuredQuestion) -> ResponseKey {
        ResponseKey(question, model: modelName, promptVersion: prompts.version)
    }

    /// An answer to a step for what it says.
    package func reasoned(_ answer: StructuredAnswer, _ step: ReasoningStep) throws -> Reasoned {
        try Reasoned(
            answer, summaryWords: prompts.limits.words(of: step), reasoningWords: prompts.limits.reasoningWords)
    }

    /// The stored answers of a chain, up to the first step without one.
    package func storedAnswers(_ chain: ReasoningChain) async throws -> StoredChain {
        var stored = StoredChain()
        for step in chain.steps {
            let question = chain.question(step, after: stored.answers)
            let key = key(of: question)
            guard let answer = try await store.answer(for: key) else {
                stored.open = StoredChain.Open(step: step, question: question, key: key)
                return stored
            }
            stored.answers[step] = try reasoned(answer, step)
        }
        return stored
    }
}

/// How far a chain is answered in the store.
package struct StoredChain: Sendable {
    /// The first question without an answer.
    package struct Open: Sendable {
        package var step: ReasoningStep
        package var question: StructuredQuestion
        package var key: ResponseKey
    }

    /// The answers that there are.
    package var answers: [ReasoningStep: Reasoned] = [:]
    /// The question to ask next; nil when all are answered.
    package var open: Open?
}

/// A step that has no valid answer.
struct UnansweredStep: Error {
    var step: ReasoningStep
    var question: UnansweredQuestion
}
