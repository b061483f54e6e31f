/// What came of a `ReasoningRun`.
public struct ReasoningOutcome: Sendable {
    /// An item or user that has no profile.
    public struct Failure: Sendable, Hashable, Codable, CustomStringConvertible {
        /// What was asked: whom or what about, and which step.
        public var subject: ResponseSubject
        /// Why there is no valid answer.
        public var reason: String

        /// Creates a failure.
        public init(subject: ResponseSubject, reason: String) {
            self.subject = subject
            self.reason = reason
        }

        /// `item "B0001", positive: …`.
        public var description: String { "\(subject): \(reason)" }
    }

    /// Why a run ended before its end.
    public enum Stop: Sendable, Hashable, CustomStringConvertible {
        /// A budget is used up.
        case budget(BudgetExhausted)
        /// Nothing can be answered any more.
        case failure(LanguageModelFailure)

        /// What happened and what to do.
        public var description: String {
            switch self {
            case .budget(let budget): budget.description
            case .failure(let failure): failure.description
            }
        }
    }

    /// The profiles of items, in the catalogue's order.
    public var items: [ItemProfile]
    /// The profiles of users, in the log's order.
    public var users: [UserProfile]
    /// Items and users without a profile because a question has no valid answer, items first.
    public var failures: [Failure]
    /// Items that were not finished because the run stopped.
    public var unfinishedItems: Int
    /// Users that were not finished because the run stopped.
    public var unfinishedUsers: Int
    /// Why the run ended early; nil when everything was tried. A later run over the same store goes on from here.
    public var stop: Stop?
    /// Questions answered from the store.
    public var storeHits: Int
    /// What the run's calls came to.
    public var totals: LanguageModelTotals
}
