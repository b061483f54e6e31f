internal import ISRFData
internal import ISRFEvaluation
internal import ISRFNumerics
internal import ISRFOptimization
internal import ISRFUserGraph

/// A way to score items for users whose groups are known.
struct GroupedSystem: RankingSystem {
    let name: String
    /// The group of each user of the log.
    let groups: [[UserGraph.Neighbour]]
    let scores: @Sendable ([[Int]], [[UserGraph.Neighbour]]) throws -> Matrix

    func scores(for batch: ScoringBatch) async throws -> Matrix {
        try scores(batch.histories, batch.users.map { groups[$0] })
    }
}

extension SemanticIdentifierModel {
    /// The log-probabilities of the items that beam search finds beside each history; all others have the lowest score
    /// there is, so that they come after them, and their ties count against the system.
    func scores(histories: [[Int]], groups: [[UserGraph.Neighbour]], beamWidth: Int) throws -> Matrix {
        let found = try lists(histories: histories, groups: groups, count: beamWidth, beamWidth: beamWidth)
        var scores = Matrix(rows: histories.count, columns: vocabulary.itemCount, repeating: -.infinity)
        for (row, candidates) in found.enumerated() {
            for candidate in candidates { scores[row, candidate.item] = candidate.logProbability }
        }
        return scores
    }

    /// The best items beside each history.
    func lists(
        histories: [[Int]], groups: [[UserGraph.Neighbour]], count: Int, beamWidth: Int
    ) throws -> [[BeamSearch.Candidate]] {
        try recommend(
            GenerationRequest(histories: histories, groups: groups), count: count, beamWidth: beamWidth,
            filters: histories.map { ItemFilter(denied: Set($0)) })
    }
}

extension RecommendationScorer {
    /// The best items beside each history.
    func lists(
        histories: [[Int]], groups: [[UserGraph.Neighbour]], count: Int
    ) throws -> [[(index: Int, value: Float)]] {
        var scores = try scores(histories: histories, groups: groups)
        for (row, history) in histories.enumerated() {
            for item in history { scores[row, item] = -.infinity }
        }
        return scores.greatestColumns(count, on: parallelism)
    }
}
