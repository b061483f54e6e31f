import ISRFKit

/// Finds similar users, and counts those twice whom a user is friends with.
struct FriendsFirst: UserGraphBuilder {
    /// Friends by user index of the log.
    var friends: [Int: Set<Int>]

    func build(_ request: UserGraphRequest) async throws -> UserGraph {
        // Asked for everybody, so that a friend far down the list can still come to its head.
        let everybody = UserGraphRequest(
            queries: request.queries, among: request.candidates, owners: request.owners,
            neighbourCount: request.candidates.rows)
        let similar = try await CosineUserGraphBuilder().build(everybody)
        let lists = zip(request.owners, similar.neighbours).map { owner, list in
            let own = owner.flatMap { friends[$0] } ?? []
            return list.map { own.contains($0.user) ? .init(user: $0.user, weight: 2 * $0.weight) : $0 }
                .sorted { ($1.weight, $0.user) < ($0.weight, $1.user) }
                .prefix(request.neighbourCount)
        }
        return UserGraph(neighbours: lists.map(Array.init))
    }
}
