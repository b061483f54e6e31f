internal import ISRFNumerics

extension SemanticIdentifierNetwork {
    /// What is asked of the next token after each of some prefixes, from what was kept of the prefixes one token shorter.
    /// - Parameters:
    ///   - states: One row for each prefix.
    ///   - lastTokens: The last token of each prefix; none before the first token.
    ///   - place: The number of tokens of a prefix.
    ///   - parents: For each prefix which of the shorter ones it goes on from; none before the first token.
    ///   - attended: For each block the queries, keys and values of all positions of the shorter prefixes.
    /// - Returns: One row for each prefix, the last that `queries` gives for it; and the same as `attended` for these
    ///   prefixes.
    func nextQueries(
        states: Matrix, lastTokens: [Int], place: Int, parents: [Int], attended: [Matrix]
    ) -> (queries: Matrix, attended: [Matrix]) {
        let count = states.rows
        let states = tape.constant(states)
        var hidden =
            states
            .rootMeanSquareNormalized(gain: self["state.gain"])
            .multiplied(by: self["state.input"])
        hidden = hidden + self["position"].gathered(rows: Array(repeating: place, count: count))
        if place > 0 {
            hidden =
                hidden
                + self["tokens"].gathered(rows: lastTokens).rootMeanSquareNormalized(gain: self["token.gain"])
        }
        let offsets = (0...count).map { $0 * (place + 1) }
        let last = (0..<count).map { $0 * (place + 1) + place }
        var kept: [Matrix] = []
        for block in 0..<configuration.blocks {
            let name = "block.\(block)"
            let read =
                hidden
                .rootMeanSquareNormalized(gain: self["\(name).attention.gain"])
                .multiplied(by: self["\(name).attention.input"])
            let positions =
                place > 0 ? read.value.continuing(attended[block], parents: parents, length: place) : read.value
            kept.append(positions)
            hidden =
                hidden
                + tape.constant(positions)
                .causalSelfAttention(heads: configuration.heads, sequences: offsets)
                .gathered(rows: last)
                .multiplied(by: self["\(name).attention.output"])
            hidden = hidden + inner(hidden, name)
        }
        let found = hidden.rootMeanSquareNormalized(gain: self["output.gain"]).multiplied(by: self["output.map"])
        return ((states + found).value, kept)
    }
}

extension Matrix {
    /// Sequences of `length` rows, each with a row of this matrix after it.
    /// - Parameter parents: For each row of this matrix which of the sequences it goes on from.
    fileprivate func continuing(_ sequences: Matrix, parents: [Int], length: Int) -> Matrix {
        let (width, size) = (columns, columns * length)
        return Matrix(rows: rows * (length + 1), columns: width) { target in
            withElements { own in
                sequences.withElements { sequences in
                    for (row, parent) in parents.enumerated() {
                        let start = target + row * (size + width)
                        start.update(from: sequences + parent * size, count: size)
                        (start + size).update(from: own + row * width, count: width)
                    }
                }
            }
        }
    }
}
