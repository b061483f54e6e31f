public import ISRFNumerics

/// Asks for the most similar users of some users.
public struct UserGraphRequest: Sendable {
    /// One row for each user that is asked about.
    public let queries: Matrix
    /// One row for each user that may be an answer, as wide as `queries`.
    public let candidates: Matrix
    /// How many similar users to find for each query, at most.
    public let neighbourCount: Int
    /// Whether query i and candidate i are the same user, who is then not an answer to itself.
    public let queriesAreCandidates: Bool

    /// Asks about new users among known ones.
    public init(queries: Matrix, among candidates: Matrix, neighbourCount: Int) {
        self.queries = queries
        self.candidates = candidates
        self.neighbourCount = neighbourCount
        self.queriesAreCandidates = false
    }

    /// Asks about every user among all others.
    public init(users: Matrix, neighbourCount: Int) {
        self.queries = users
        self.candidates = users
        self.neighbourCount = neighbourCount
        self.queriesAreCandidates = true
    }
}

/// The third stage: from user vectors to each user's most similar users. The default is `CosineUserGraphBuilder`.
public protocol UserGraphBuilder: Sendable {
    /// Finds each query's similar users.
    func build(_ request: UserGraphRequest) async throws -> UserGraph
}
