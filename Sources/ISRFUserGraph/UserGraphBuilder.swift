public import ISRFNumerics

/// Asks for the most similar users of some users.
public struct UserGraphRequest: Sendable {
    /// One row for each user that is asked about.
    public let queries: Matrix
    /// One row for each user that may be an answer, as wide as `queries`.
    public let candidates: Matrix
    /// How many similar users to find for each query, at most.
    public let neighbourCount: Int
    /// For each query the candidate who is the same user and so never an answer to it; nil when there is none.
    public let owners: [Int?]

    /// Asks about some users among known ones.
    /// - Parameter owners: For each query the candidate who is the same user, known by an earlier history for example;
    ///   left out when all queries are new users.
    public init(queries: Matrix, among candidates: Matrix, owners: [Int?]? = nil, neighbourCount: Int) {
        precondition(owners == nil || owners?.count == queries.rows, "there is not one owner for each query")
        self.queries = queries
        self.candidates = candidates
        self.owners = owners ?? Array(repeating: nil, count: queries.rows)
        self.neighbourCount = neighbourCount
    }

    /// Asks about every user among all others.
    public init(users: Matrix, neighbourCount: Int) {
        self.queries = users
        self.candidates = users
        self.neighbourCount = neighbourCount
        self.owners = Array(0..<users.rows)
    }
}

/// The third stage: from user vectors to each user's most similar users. The default is `CosineUserGraphBuilder`.
public protocol UserGraphBuilder: Sendable {
    /// Finds each query's similar users.
    func build(_ request: UserGraphRequest) async throws -> UserGraph
}
