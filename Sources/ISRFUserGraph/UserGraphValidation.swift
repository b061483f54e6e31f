internal import ISRFCore
internal import ISRFNumerics

extension UserGraphBuilder {
    /// Builds a graph and checks that it keeps the protocol's contract, so that a builder's mistake is reported as the
    /// builder's.
    /// - Throws: `ISRFError` (`contractViolation`) when there is not one list for each query, an index is out of range,
    ///   a weight is not positive and finite, a list is longer than asked for, not in descending order, names a user
    ///   twice, or names the user itself; and whatever the builder throws.
    public func validatedGraph(for request: UserGraphRequest) async throws -> UserGraph {
        let graph = try await build(request)
        func fail(_ what: String) -> ISRFError {
            ISRFError(.contractViolation, "The user graph builder \(type(of: self)) broke its contract: \(what)")
        }
        guard graph.neighbours.count == request.queries.rows else {
            throw fail("it was asked about \(request.queries.rows) users and answered for \(graph.neighbours.count).")
        }
        for (query, list) in graph.neighbours.enumerated() {
            guard list.count <= request.neighbourCount else {
                throw fail(
                    "user \(query) has \(list.count) similar users; at most \(request.neighbourCount) were asked for.")
            }
            for (place, neighbour) in list.enumerated() {
                guard neighbour.user >= 0, neighbour.user < request.candidates.rows else {
                    throw fail("user \(query) is said to be similar to user \(neighbour.user), who does not exist.")
                }
                guard neighbour.weight > 0, neighbour.weight.isFinite else {
                    throw fail("a weight of user \(query) is \(neighbour.weight); weights are finite and above 0.")
                }
                guard place == 0 || list[place - 1].weight >= neighbour.weight else {
                    throw fail("the similar users of user \(query) are not in descending order of weight.")
                }
                guard neighbour.user != request.owners[query] else {
                    throw fail("user \(query) is said to be similar to itself.")
                }
            }
            guard Set(list.map(\.user)).count == list.count else {
                throw fail("user \(query) has the same similar user twice.")
            }
        }
        return graph
    }
}
