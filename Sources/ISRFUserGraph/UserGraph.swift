/// The similar users of each user, most similar first, with their weights: implicit group interests.
public struct UserGraph: Sendable, Equatable {
    /// One similar user.
    public struct Neighbour: Sendable, Equatable {
        /// The similar user's index.
        public let user: Int
        /// The similarity, greater is more similar; above 0.
        public let weight: Float

        /// Creates a neighbour.
        public init(user: Int, weight: Float) {
            self.user = user
            self.weight = weight
        }
    }

    /// For each user, similar users, most similar first.
    public let neighbours: [[Neighbour]]

    /// Creates a graph.
    public init(neighbours: [[Neighbour]]) {
        self.neighbours = neighbours
    }
}
