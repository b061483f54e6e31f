internal import ISRFData

extension ReasoningRun {
    /// The profiles that the store has all answers for; nobody is asked.
    ///
    /// Items and users that are not there yet are counted as unfinished. A user is there when all questions about the
    /// items with a profile were answered, as `run` asks them.
    /// - Throws: `ISRFError` as `run` does; what the store throws; `CancellationError`.
    public func storedProfiles() async throws -> ReasoningOutcome {
        let plan = try plan()
        var outcome = ReasoningOutcome(
            items: [], users: [], failures: [], unfinishedItems: 0, unfinishedUsers: 0, stop: nil, storeHits: 0,
            totals: .init())
        func stored(_ chain: ReasoningChain) async throws -> [ReasoningStep: Reasoned]? {
            try Task.checkCancellation()
            let stored = try await reasoner.storedAnswers(chain)
            outcome.storeHits += stored.answers.count
            return stored.open == nil ? stored.answers : nil
        }
        var profiles = [ItemProfile?](repeating: nil, count: catalogue.count)
        for index in plan.items {
            if let answers = try await stored(ReasoningChain(catalogue[index], prompts: reasoner.prompts)) {
                profiles[index] = ItemProfile(item: catalogue[index].id, answers)
            } else {
                outcome.unfinishedItems += 1
            }
        }
        outcome.items = plan.items.compactMap { profiles[$0] }
        for user in plan.users {
            let request = request(user, profiles)
            // Without any item that is reasoned about nothing is asked, which is not the same as being answered.
            let isWaiting = request.recentItems.isEmpty && !training.histories[user].isEmpty
            if !isWaiting, let answers = try await stored(ReasoningChain(request, prompts: reasoner.prompts)) {
                outcome.users.append(UserProfile(user: training.users[user], answers))
            } else {
                outcome.unfinishedUsers += 1
            }
        }
        return outcome
    }
}
