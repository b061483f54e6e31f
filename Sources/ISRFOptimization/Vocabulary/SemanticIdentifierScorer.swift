internal import ISRFCore
internal import ISRFNumerics

/// Scores next tokens for the rows of some states, and keeps of each prefix what longer ones read of it.
///
/// What attention reads of a position depends on the positions before it alone. A prefix that goes on from one of the
/// level before therefore adds a single position. Belongs to one search at a time.
final class SemanticIdentifierScorer: NextTokenScorer {
    private struct Prefix: Hashable {
        var decoding: Int
        var tokens: [Int]
    }

    private let states: Matrix
    private let model: SemanticIdentifierModel
    // The prefixes that were scored last, and of each block what attention reads of them, prefix after prefix.
    private var rows: [Prefix: Int] = [:]
    private var length: Int?
    private var attended: [Matrix] = []

    init(states: Matrix, model: SemanticIdentifierModel) {
        self.states = states
        self.model = model
    }

    func score(_ request: NextTokenRequest) throws -> NextTokenResponse {
        let place = request.prefixes.first?.count ?? 0
        var parents = parents(of: request, place)
        if parents == nil {
            // Nothing is known of what these begin with: read it position by position.
            let own = Array(request.prefixes.indices)
            for length in 0..<place {
                _ = step(
                    request.decodings, request.prefixes.map { $0[..<length] }, length, parents: length > 0 ? own : [])
            }
            parents = place > 0 ? own : []
        }
        // A tape of its own for every level, so that what a level computes is let go after it.
        let queries = step(request.decodings, request.prefixes.map { $0[...] }, place, parents: parents ?? [])
        rows = [:]
        for (row, prefix) in request.prefixes.enumerated() {
            rows[Prefix(decoding: request.decodings[row], tokens: prefix)] = row
        }
        length = place
        return NextTokenResponse(
            tokens: model.vocabulary.tokens(atPlace: place),
            logProbabilities: model.network.logProbabilities(of: queries, atPlace: place))
    }

    /// For each prefix the row of the one that it goes on from; nil when one is not known.
    private func parents(of request: NextTokenRequest, _ place: Int) -> [Int]? {
        guard place > 0, length == place - 1 else { return nil }
        var parents: [Int] = []
        parents.reserveCapacity(request.prefixes.count)
        for (decoding, prefix) in zip(request.decodings, request.prefixes) {
            guard let row = rows[Prefix(decoding: decoding, tokens: prefix.dropLast())] else { return nil }
            parents.append(row)
        }
        return parents
    }

    private func step(
        _ decodings: [Int], _ prefixes: [ArraySlice<Int>], _ place: Int, parents: [Int]
    ) -> Matrix {
        let (queries, attended) = model.network.nextQueries(
            states: states.selectingRows(decodings), lastTokens: prefixes.compactMap(\.last), place: place,
            parents: parents, attended: attended)
        self.attended = attended
        return queries
    }
}
