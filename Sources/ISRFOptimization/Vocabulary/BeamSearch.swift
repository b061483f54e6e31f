internal import ISRFCore
internal import ISRFNumerics

/// Finds the items with the most likely token sequences, and nothing but items of the catalogue.
///
/// Level by level the best prefixes are kept, for each decoding as many as the beam is wide, and each continued by the
/// tokens that the trie allows. A beam of one is greedy decoding; a beam as wide as the catalogue scores every item.
/// Equal scores are ordered by tokens while searching and by the items' indices in the result, so that a search always
/// gives the same answer.
public struct BeamSearch: Sendable {
    /// An item that was found.
    public struct Candidate: Sendable, Hashable {
        /// The item.
        public let item: Int
        /// The sum of the log-probabilities of its tokens, in nats.
        public let logProbability: Float

        /// Creates a candidate.
        public init(item: Int, logProbability: Float) {
            self.item = item
            self.logProbability = logProbability
        }
    }

    /// What may come out.
    public let trie: PrefixTrie
    /// How many prefixes of a decoding are kept at each level, and how many items come out at most.
    public let width: Int

    private struct Beam {
        var node: Int
        var prefix: [Int]
        var logProbability: Float
    }

    /// A search in a trie.
    /// - Throws: `ISRFError` (`invalidConfiguration`) when the width is below 1.
    public init(trie: PrefixTrie, width: Int) throws {
        try require(width >= 1, "beamWidth", "at least 1", width)
        self.trie = trie
        self.width = width
    }

    /// Decodes several sequences side by side.
    /// - Parameters:
    ///   - decodings: How many; the scorer is told which one a prefix belongs to.
    ///   - scorer: Asked once for each level, with the prefixes of all decodings.
    ///   - filters: For each decoding which items may come out; by default all of them may.
    /// - Returns: For each decoding the items that were found, best first; fewer than the beam is wide when fewer may
    ///   come out.
    /// - Throws: What the scorer throws; `ISRFError` (`contractViolation`) when its answer has another shape than it
    ///   must have, lacks a token, or is not a number; `CancellationError` within a level of being cancelled.
    public func search(
        _ decodings: Int, scorer: some NextTokenScorer, filters: [ItemFilter]? = nil
    ) throws -> [[Candidate]] {
        precondition(filters == nil || filters?.count == decodings, "there is not one filter for each decoding")
        let everything = trie.pruning(ItemFilter())
        let prunings = filters.map { $0.map { trie.pruning($0) } }
        var beams = (0..<decodings).map { decoding in
            // With nothing to find below the root nothing is started.
            let open = trie.isOpen(0, prunings?[decoding] ?? everything) && trie.itemCount > 0
            return open ? [Beam(node: 0, prefix: [], logProbability: 0)] : []
        }
        for _ in 0..<trie.depth {
            try Task.checkCancellation()
            let request = NextTokenRequest(
                decodings: beams.enumerated().flatMap { decoding, beams in beams.map { _ in decoding } },
                prefixes: beams.flatMap { $0.map(\.prefix) })
            if request.prefixes.isEmpty { break }
            let response = try scorer.score(request)
            try check(response, rows: request.prefixes.count)
            var row = 0
            for decoding in beams.indices {
                let first = row
                row += beams[decoding].count
                beams[decoding] = try continued(
                    beams[decoding], by: response, firstRow: first, prunings?[decoding] ?? everything)
            }
        }
        return beams.map { beams in
            beams.map { Candidate(item: trie.item(ofLeaf: $0.node), logProbability: $0.logProbability) }
                .sorted { ($1.logProbability, $0.item) < ($0.logProbability, $1.item) }
        }
    }

    /// The best continuations of a decoding's beams.
    private func continued(
        _ beams: [Beam], by response: NextTokenResponse, firstRow: Int, _ pruning: PrefixTrie.Pruning
    ) throws -> [Beam] {
        // Nodes of a level are numbered in the order of their token sequences. Choices in the order of their nodes are
        // what equal scores are ordered by.
        var choices: [(beam: Int, node: Int)] = []
        var scores: [Float] = []
        for index in beams.indices.sorted(by: { beams[$0].node < beams[$1].node }) {
            let row = response.logProbabilities.row(firstRow + index)
            for node in trie.openChildren(of: beams[index].node, pruning) {
                let token = trie.token(of: node)
                guard response.tokens.contains(token) else {
                    throw ISRFError(
                        .contractViolation,
                        "The scorer answered for the tokens \(response.tokens); token \(token) may follow as well.")
                }
                let step = row[token - response.tokens.lowerBound]
                guard !step.isNaN else {
                    throw ISRFError(
                        .contractViolation, "The scorer's log-probability of token \(token) is not a number.")
                }
                choices.append((index, node))
                scores.append(beams[index].logProbability + step)
            }
        }
        return scores.greatest(width).map { best in
            let (beam, node) = choices[best.index]
            return Beam(node: node, prefix: beams[beam].prefix + [trie.token(of: node)], logProbability: best.value)
        }
    }

    private func check(_ response: NextTokenResponse, rows: Int) throws {
        let matrix = response.logProbabilities
        guard matrix.rows == rows, matrix.columns == response.tokens.count else {
            throw ISRFError(
                .contractViolation,
                "The scorer answered with \(matrix.rows) x \(matrix.columns) log-probabilities; "
                    + "\(rows) x \(response.tokens.count) were asked for.")
        }
    }
}
