internal import ISRFCore
internal import ISRFData
internal import ISRFNumerics
internal import ISRFOptimization
internal import ISRFReasoning
internal import ISRFUserGraph

/// Finds the group of a history: the users of the training log who are most similar to somebody with that history.
struct GroupFinder: Sendable {
    let stage: ReasoningStage
    let encoder: any TextEncoder
    let builder: any UserGraphBuilder
    let catalogue: Catalogue
    let itemProfiles: [ItemProfile]
    let neighbourCount: Int
    /// The width of the known users' vectors; nil before there are any.
    var width: Int?

    /// Reasons about somebody with each history.
    func profiles(users: [String], histories: [[Int]]) async throws -> [UserProfile] {
        try await stage.users(users, histories, catalogue, itemProfiles, activity: "Reasoning about histories")
            .map(\.value)
    }

    /// What was reasoned, as vectors: one row for each profile.
    func vectors(of profiles: [UserProfile]) async throws -> Matrix {
        try await encoder.validatedVectors(of: profiles.map { UserDocument.text(for: $0) }, width: width)
    }

    /// The most similar users of the log.
    /// - Parameters:
    ///   - vectors: One row for each history, of the kind that `candidates` is.
    ///   - owners: For each history the user of the log whom it belongs to, who is no member of the own group.
    func groups(_ vectors: Matrix, owners: [Int?], candidates: Matrix) async throws -> UserGraph {
        try await builder.validatedGraph(
            for: UserGraphRequest(
                queries: vectors, among: candidates, owners: owners, neighbourCount: neighbourCount))
    }
}
