internal import ISRFCore
public import ISRFNumerics

extension RankingSystem {
    /// Scores items and checks that the system keeps the protocol's contract, so that its mistake is reported as its.
    /// - Parameter items: The number of items of the catalogue.
    /// - Returns: One row for each user of the batch, one column for each item.
    /// - Throws: `ISRFError` (`contractViolation`) when the answer has another shape or holds a score that is not a number;
    ///   and whatever the system throws.
    public func validatedScores(for batch: ScoringBatch, items: Int) async throws -> Matrix {
        let scores = try await self.scores(for: batch)
        guard scores.rows == batch.users.count, scores.columns == items else {
            throw ISRFError(
                .contractViolation,
                "\(name) answered with \(scores.rows) x \(scores.columns) scores; "
                    + "\(batch.users.count) users x \(items) items were asked for.")
        }
        guard !scores.elements.contains(where: \.isNaN) else {
            throw ISRFError(.contractViolation, "\(name) gave a score that is not a number.")
        }
        return scores
    }
}
