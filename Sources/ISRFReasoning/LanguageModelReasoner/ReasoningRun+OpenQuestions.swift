internal import ISRFData

/// A question that can be asked now: the steps before it are answered in the store.
package struct OpenQuestion: Sendable {
    /// What it is about.
    package var subject: ResponseSubject
    /// The question.
    package var question: StructuredQuestion
    /// Its key.
    package var key: ResponseKey
}

/// How far the work is done in the store.
package struct OpenQuestionCounts: Sendable, Hashable {
    /// Items and users with all answers.
    package var finished = 0
    /// Users that wait for the features of their items.
    package var waitingUsers = 0
}

extension ReasoningRun {
    /// Calls `body` with every question that can be asked now, items first; of several that are the same with the first.
    package func forEachOpenQuestion(
        _ body: (OpenQuestion) async throws -> Void
    ) async throws -> OpenQuestionCounts {
        let plan = try plan()
        var counts = OpenQuestionCounts()
        var seen: Set<ResponseKey> = []
        func visit(_ chain: ReasoningChain) async throws -> StoredChain {
            try Task.checkCancellation()
            let stored = try await reasoner.storedAnswers(chain)
            guard let open = stored.open else {
                counts.finished += 1
                return stored
            }
            if seen.insert(open.key).inserted {
                let subject = ResponseSubject(step: open.step, identifier: chain.identifier)
                try await body(OpenQuestion(subject: subject, question: open.question, key: open.key))
            }
            return stored
        }
        var profiles = [ItemProfile?](repeating: nil, count: catalogue.count)
        for index in plan.items {
            let stored = try await visit(ReasoningChain(catalogue[index], prompts: reasoner.prompts))
            guard stored.open == nil else { continue }
            profiles[index] = ItemProfile(item: catalogue[index].id, stored.answers)
        }
        for user in plan.users {
            guard recent(user).allSatisfy({ profiles[$0] != nil }) else {
                counts.waitingUsers += 1
                continue
            }
            _ = try await visit(ReasoningChain(request(user, profiles), prompts: reasoner.prompts))
        }
        return counts
    }
}

extension StructuredQuestion {
    /// The request that asks the question in a form of answer.
    package func request(as form: LanguageModelEvent.AnswerFormKind) -> LanguageModelRequest {
        AnswerFormat(fields: fields).request(self, as: form)
    }

    /// The texts of a response.
    /// - Throws: What is wrong with it.
    package func texts(of response: LanguageModelResponse) throws(UnansweredQuestion) -> [String: String] {
        switch AnswerValidation(question: self).finding(of: response) {
        case .valid(let texts): return texts
        case .invalid(let reason):
            throw UnansweredQuestion(
                reason: reason, usage: response.usage ?? .init(promptTokens: 0, completionTokens: 0), attempts: 1)
        }
    }
}
