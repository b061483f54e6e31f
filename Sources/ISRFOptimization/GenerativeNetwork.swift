internal import ISRFCore
internal import ISRFInteractionGraph
internal import ISRFNumerics

/// The generative model on a tape: what one training step or one prediction computes.
struct GenerativeNetwork {
    let configuration: GenerativeConfiguration
    let parameters: [String: Variable]
    let tape: Tape

    subscript(name: String) -> Variable {
        guard let variable = parameters[name] else { preconditionFailure("there is no parameter \(name)") }
        return variable
    }

    /// Fresh parameters.
    static func parameters(
        _ configuration: GenerativeConfiguration, users: Int, items: Int, textWidth: Int, attributes: Int, seed: UInt64
    ) -> ParameterStore {
        var random = SeededRandom(seed: seed, stream: 1)
        var store = ParameterStore()
        let width = configuration.width
        let deviation = configuration.initialDeviation
        store.addRandom("item.learned", rows: items, columns: width, deviation: deviation, using: &random)
        store.addRandom(
            "item.text", rows: textWidth, columns: width, deviation: 1 / Float(width).squareRoot(), using: &random)
        store.addRandom("graph.users", rows: users, columns: width, deviation: deviation, using: &random)
        store.add("graph.gate", Matrix(rows: 1, columns: width))
        store.addRandom(
            "position", rows: configuration.historyLength, columns: width, deviation: deviation, using: &random)
        let inner = width * configuration.expansion
        for block in 0..<configuration.blocks {
            let name = "block.\(block)"
            store.add("\(name).attention.gain", Matrix(rows: 1, columns: width, repeating: 1))
            store.addRandom(
                "\(name).attention.input", rows: width, columns: 3 * width, deviation: 1 / Float(width).squareRoot(),
                using: &random)
            store.add("\(name).attention.output", Matrix(rows: width, columns: width))
            store.add("\(name).inner.gain", Matrix(rows: 1, columns: width, repeating: 1))
            store.addRandom(
                "\(name).inner.input", rows: width, columns: inner, deviation: 1 / Float(width).squareRoot(),
                using: &random)
            store.add("\(name).inner.bias", Matrix(rows: 1, columns: inner))
            store.add("\(name).inner.output", Matrix(rows: inner, columns: width))
        }
        store.add("output.gain", Matrix(rows: 1, columns: width, repeating: 1))
        store.add("individual.gain", Matrix(rows: 1, columns: width, repeating: 1))
        store.addRandom(
            "individual.output", rows: width, columns: width, deviation: 0.1 / Float(width).squareRoot(),
            using: &random)
        store.add("group.gain", Matrix(rows: 1, columns: width, repeating: 1))
        store.addRandom(
            "group.output", rows: width, columns: width, deviation: 0.1 / Float(width).squareRoot(), using: &random)
        if attributes > 0 {
            store.addRandom(
                "attribute.output", rows: attributes, columns: width, deviation: deviation, using: &random)
        }
        return store
    }

    /// Every item's vector before the graph: its learned vector plus a linear map of its text vector.
    /// - Parameter random: When given, hides the learned vectors of some items (training).
    func itemVectors(text: Variable, hidingWith random: inout SeededRandom?) -> Variable {
        var learned = self["item.learned"]
        if random != nil {
            learned = learned.dropout(configuration.learnedVectorDropout, wholeRows: true, using: &random!)
        }
        return learned + text.multiplied(by: self["item.text"])
    }

    /// Every item's graph-aware vector: its own plus a gated share of what propagation brings to it.
    func graphAwareVectors(
        items: Variable, propagation: any GraphPropagation, excludingUsers users: [Int]
    ) throws -> Variable {
        let spread = try propagation.propagate(
            NodeVectors(users: self["graph.users"], items: items), excludingUsers: users)
        return items + spread.items.multiplied(elementwise: self["graph.gate"])
    }

    /// What a history says about the next item, one row for each position of the histories.
    /// - Parameters:
    ///   - histories: At most `historyLength` items each, oldest first, none empty.
    ///   - vectors: Graph-aware item vectors.
    ///   - random: When given, applies dropout (training).
    func sequenceVectors(
        histories: [ArraySlice<Int>], vectors: Variable, droppingWith random: inout SeededRandom?
    ) -> Variable {
        var offsets = [0]
        var positions: [Int] = []
        for history in histories {
            positions.append(contentsOf: 0..<history.count)
            offsets.append(positions.count)
        }
        func drop(_ variable: Variable) -> Variable {
            random == nil ? variable : variable.dropout(configuration.dropout, using: &random!)
        }
        var state = vectors.gathered(rows: Array(histories.joined()))
        state = drop(state + self["position"].gathered(rows: positions))
        for block in 0..<configuration.blocks {
            let name = "block.\(block)"
            let attended =
                state
                .rootMeanSquareNormalized(gain: self["\(name).attention.gain"])
                .multiplied(by: self["\(name).attention.input"])
                .causalSelfAttention(heads: configuration.heads, sequences: offsets)
                .multiplied(by: self["\(name).attention.output"])
            state = state + drop(attended)
            let inner =
                state
                .rootMeanSquareNormalized(gain: self["\(name).inner.gain"])
                .multiplied(by: self["\(name).inner.input"])
                .adding(row: self["\(name).inner.bias"])
                .gelu()
                .multiplied(by: self["\(name).inner.output"])
            state = state + drop(inner)
        }
        return state.rootMeanSquareNormalized(gain: self["output.gain"])
    }

    /// Individual vectors (explicit interests) made from item sets, mapped to where item vectors can be compared.
    /// - Parameter membership: One row for each vector: which items it is the mean of, with which weights.
    func individualVectors(membership: SparseMatrix, vectors: Variable) -> Variable {
        vectors.multiplied(byLeft: membership)
            .rootMeanSquareNormalized(gain: self["individual.gain"])
            .multiplied(by: self["individual.output"])
    }

    /// Group vectors (implicit interests) of some users, mapped to where item vectors can be compared.
    /// - Parameters:
    ///   - similarUsers: One row for each vector: weights of the similar users, summing to 1.
    ///   - members: What every user of the training log contributes, one row each.
    func groupVectors(similarUsers: SparseMatrix, members: Variable) -> Variable {
        members.multiplied(byLeft: similarUsers)
            .rootMeanSquareNormalized(gain: self["group.gain"])
            .multiplied(by: self["group.output"])
    }
}
