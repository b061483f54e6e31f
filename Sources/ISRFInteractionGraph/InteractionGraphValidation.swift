internal import ISRFCore
internal import ISRFData
internal import ISRFNumerics

extension InteractionGraph {
    /// Builds a graph and checks that it is about the users and items it was asked about, so that a graph's mistake is
    /// reported as the graph's.
    /// - Throws: `ISRFError` (`contractViolation`) when the graph counts users or items differently or a strength is not
    ///   a finite number; and whatever the graph throws.
    public func validatedGraph(for request: InteractionGraphRequest) async throws -> SemanticInteractionGraph {
        let graph = try await build(request)
        func fail(_ what: String) -> ISRFError {
            ISRFError(.contractViolation, "The interaction graph \(type(of: self)) broke its contract: \(what)")
        }
        let (users, items) = (request.training.userCount, request.training.itemCount)
        guard graph.interactions.userCount == users, graph.interactions.itemCount == items else {
            throw fail(
                "it joins \(graph.interactions.userCount) users and \(graph.interactions.itemCount) items; "
                    + "the log has \(users) and \(items).")
        }
        let transitions = graph.transitions.matrix
        guard transitions.rows == items, transitions.columns == items else {
            throw fail(
                "its transitions are \(transitions.rows) x \(transitions.columns); the catalogue has \(items) items.")
        }
        guard transitions.values.allSatisfy(\.isFinite) else {
            throw fail("a transition's strength is not a finite number.")
        }
        return graph
    }
}
