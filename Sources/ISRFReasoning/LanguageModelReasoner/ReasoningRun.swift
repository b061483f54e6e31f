public import ISRFCore
public import ISRFData

/// Reasons about many items and then many users, a bounded number at a time.
///
/// Users are reasoned about from the training log alone; give it `LeaveOneOutSplit.training` when the rest is to be
/// predicted. A run that was stopped, cancelled or killed goes on where it was when it is run again over the same store:
/// nothing that was answered is asked again.
public struct ReasoningRun: Sendable {
    /// What to reason about.
    public struct Options: Sendable, Hashable {
        /// The parts of the work.
        public enum Part: String, Sendable, Hashable, Codable, CaseIterable {
            /// Items and users.
            case itemsAndUsers
            /// Items.
            case items
            /// Users, and the items in their recent histories.
            case users
        }

        /// What to reason about.
        public var part: Part
        /// At most so many items and users, the first ones; nil for all. The items in the recent histories of these users
        /// are reasoned about beside them, so that a later run finds the same questions.
        public var limit: Int?
        /// How many items or users are under way at once; nil for as many as the session makes calls.
        public var concurrency: Int?

        /// Creates options; by default everything.
        public init(part: Part = .itemsAndUsers, limit: Int? = nil, concurrency: Int? = nil) {
            self.part = part
            self.limit = limit
            self.concurrency = concurrency
        }
    }

    /// What asks the model.
    public let reasoner: LanguageModelReasoner
    /// The items.
    public let catalogue: Catalogue
    /// The training interactions.
    public let training: InteractionLog
    /// What to reason about.
    public let options: Options

    /// Creates a run.
    public init(
        reasoner: LanguageModelReasoner, catalogue: Catalogue, training: InteractionLog, options: Options = .init()
    ) {
        self.reasoner = reasoner
        self.catalogue = catalogue
        self.training = training
        self.options = options
    }

    /// Reasons about everything that is asked for.
    ///
    /// A question without a valid answer leaves its item or user out. A used-up budget or a lasting failure ends the run
    /// in order: `ReasoningOutcome.stop` says why.
    /// - Parameter progress: Told about twice a second, and at the end of each part.
    /// - Throws: `CancellationError` soon after the task was cancelled; what the store throws; `ISRFError` when log and
    ///   catalogue do not belong together or an option is out of its range.
    public func run(progress: ProgressHandler? = nil) async throws -> ReasoningOutcome {
        let plan = try plan()
        let before = (reasoner.session.totals, reasoner.counts.values.hits)
        let stop = RunStop()
        var outcome = ReasoningOutcome(
            items: [], users: [], failures: [], unfinishedItems: 0, unfinishedUsers: 0, stop: nil, storeHits: 0,
            totals: .init())
        var profiles = [ItemProfile?](repeating: nil, count: catalogue.count)
        try await part("items", plan.items, stop, progress) { index in
            try await reasoner.itemProfile(catalogue[index], before: stop.check)
        } finished: { index, result in
            switch result {
            case .profile(let profile): profiles[index] = profile
            case .failed(let step, let reason):
                outcome.failures.append(
                    .init(subject: .init(step: step, identifier: catalogue[index].id), reason: reason))
            case .stopped: outcome.unfinishedItems += 1
            }
        }
        outcome.items = plan.items.compactMap { profiles[$0] }
        let known = profiles
        var users = [UserProfile?](repeating: nil, count: training.userCount)
        try await part("users", plan.users, stop, progress) { index in
            try await reasoner.userProfile(request(index, known), before: stop.check)
        } finished: { index, result in
            switch result {
            case .profile(let profile): users[index] = profile
            case .failed(let step, let reason):
                outcome.failures.append(
                    .init(subject: .init(step: step, identifier: training.users[index]), reason: reason))
            case .stopped: outcome.unfinishedUsers += 1
            }
        }
        outcome.users = plan.users.compactMap { users[$0] }
        outcome.stop = stop.reason
        outcome.storeHits = reasoner.counts.values.hits - before.1
        outcome.totals = reasoner.session.totals - before.0
        return outcome
    }

    /// Which items and users the options mean.
    package func plan() throws -> (items: [Int], users: [Int]) {
        guard training.itemCount == catalogue.count else {
            throw ISRFError(
                .invalidData,
                "The log is of a catalogue of \(training.itemCount) items; this one has \(catalogue.count).")
        }
        if let limit = options.limit, limit < 1 {
            throw ISRFError(.invalidConfiguration, "The limit is at least 1.", at: .init(field: "limit"))
        }
        if let concurrency = options.concurrency, concurrency < 1 {
            throw ISRFError(.invalidConfiguration, "The concurrency is at least 1.", at: .init(field: "concurrency"))
        }
        let limit = options.limit ?? .max
        let users = options.part == .items ? 0..<0 : 0..<min(limit, training.userCount)
        let items = options.part == .users ? 0..<0 : 0..<min(limit, catalogue.count)
        var chosen = Set(items)
        if chosen.count < catalogue.count {
            for user in users { chosen.formUnion(recent(user)) }
        }
        return (chosen.sorted(), Array(users))
    }

    /// A user's recent items, most recent first.
    package func recent(_ user: Int) -> [Int] {
        training.histories[user].suffix(reasoner.prompts.limits.historyItems).reversed()
    }

    /// What a user is reasoned about from; items without a profile are left out.
    package func request(_ user: Int, _ profiles: [ItemProfile?]) -> UserReasoningRequest {
        UserReasoningRequest(
            user: training.users[user],
            recentItems: recent(user).compactMap { item in
                profiles[item].map { UserReasoningRequest.Entry(item: catalogue[item], profile: $0) }
            })
    }

    /// How many items or users are under way at once.
    package var concurrency: Int { options.concurrency ?? reasoner.session.greatestConcurrency }
}
