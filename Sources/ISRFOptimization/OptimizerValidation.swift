internal import ISRFCore
internal import ISRFData
internal import ISRFNumerics
internal import ISRFUserGraph

extension IterativeOptimizer {
    /// Trains a recommender and checks that the result is about the items and users it was asked about, so that an
    /// optimiser's mistake is reported as the optimiser's.
    /// - Throws: `ISRFError` (`contractViolation`) when there is not one finite vector for each item and one group for each
    ///   user, a group names a user who does not exist, or the best epoch is below 1; and whatever the optimiser throws.
    public func validatedResult(for request: OptimizationRequest) async throws -> OptimizationResult {
        let result = try await optimize(request)
        func fail(_ what: String) -> ISRFError {
            ISRFError(.contractViolation, "The optimizer \(type(of: self)) broke its contract: \(what)")
        }
        let vectors = result.model.itemVectors
        guard vectors.rows == request.training.itemCount else {
            throw fail("its model has \(vectors.rows) items; the log has \(request.training.itemCount).")
        }
        guard vectors.isFinite else { throw fail("an item's vector holds a number that is not finite.") }
        guard result.userGraph.neighbours.count == request.training.userCount else {
            throw fail(
                "its user graph has \(result.userGraph.neighbours.count) users; "
                    + "the log has \(request.training.userCount).")
        }
        let users = 0..<request.training.userCount
        for group in result.userGraph.neighbours {
            if let stranger = group.first(where: { !users.contains($0.user) }) {
                throw fail("its user graph names the user \(stranger.user), who does not exist.")
            }
        }
        guard result.bestEpoch >= 1 else { throw fail("the best epoch is \(result.bestEpoch); epochs count from 1.") }
        return result
    }
}

extension GenerativeModel {
    /// Generates and checks that each view has a row as wide as the items' vectors for each history.
    /// - Throws: `ISRFError` (`contractViolation`) when a view has another shape; and whatever the model throws.
    func validatedResponse(to request: GenerationRequest) throws -> GenerationResponse {
        let response = try generate(request)
        for view in GenerationResponse.View.allCases {
            guard let query = response.queries[view] else { continue }
            guard query.rows == request.histories.count, query.columns == itemVectors.columns else {
                throw ISRFError(
                    .contractViolation,
                    "The generative model \(type(of: self)) broke its contract: its view \"\(view.rawValue)\" is "
                        + "\(query.rows) x \(query.columns); \(request.histories.count) x \(itemVectors.columns) "
                        + "was asked for.")
            }
        }
        return response
    }
}
