public import ISRFCore
public import ISRFNumerics
public import ISRFUserGraph

/// The final score: the generative model and the direct views together.
public struct RecommendationScorer: Sendable {
    /// The trained generative model.
    public let model: any GenerativeModel
    /// What graphs and texts say directly.
    public let views: DirectViews
    /// How much each view counts.
    public var weights: ScoreWeights
    /// How heavy work is divided over threads.
    public var parallelism: Parallelism

    /// Creates a scorer.
    public init(
        model: any GenerativeModel, views: DirectViews, weights: ScoreWeights, parallelism: Parallelism = .serial
    ) {
        self.model = model
        self.views = views
        self.weights = weights
        self.parallelism = parallelism
    }

    /// The score of every item for each history.
    /// - Returns: One row for each history, one column for each item; only the order within a row has a meaning.
    /// - Throws: What the generative model throws.
    public func scores(histories: [[Int]], groups: [[UserGraph.Neighbour]]) throws -> Matrix {
        // A view that counts nothing is asked only where a gate reads it.
        let views = weights.terms.filter { weights.gate != nil || $0.value.weight != 0 }.keys
        return sums(
            of: transformed(try values(of: Set(views), histories: histories, groups: groups)), histories: histories)
    }

    /// The parts of the score of chosen items for one history: what each view adds.
    ///
    /// The parts of an item add up to its score.
    /// - Returns: For each view of the weights one number for each item.
    public func parts(
        history: [Int], group: [UserGraph.Neighbour], items: [Int]
    ) throws -> [ScoreView: [Float]] {
        let values = transformed(
            try values(of: Set(weights.terms.keys), histories: [history], groups: [group]))
        var parts: [ScoreView: [Float]] = [:]
        for (view, matrix) in zip(ScoreView.allCases, values) where matrix.rows > 0 {
            parts[view] = Array(repeating: 0, count: items.count)
        }
        let selected = values.map { matrix in matrix.rows > 0 ? items.map { matrix[0, $0] } : [] }
        Pointers.to(selected) { pointers in
            ScoreComposer(weights).compose(pointers, count: items.count, historyLength: history.count) {
                for (place, addition) in zip($1, UnsafeBufferPointer(start: $2, count: $1.count)) {
                    parts[ScoreView.allCases[$0]]?[place] = addition
                }
            }
        }
        return parts
    }

    /// What the views add up to for every item.
    /// - Parameter values: What each view says after its transformation; empty for a view that has no part in it.
    func sums(of values: [Matrix], histories: [[Int]]) -> Matrix {
        let items = model.itemVectors.rows
        let composer = ScoreComposer(weights)
        var scores = Matrix(rows: histories.count, columns: items)
        scores.elements.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            Pointers.to(values.map(\.elements)) { pointers in
                nonisolated(unsafe) let (scores, pointers) = (base, pointers)
                parallelism.forRanges(histories.count) { range, _ in
                    for row in range {
                        let target = scores + row * items
                        composer.compose(
                            pointers.map { $0.map { $0 + row * items } }, count: items,
                            historyLength: histories[row].count
                        ) { GateKernels.add($2, scaledBy: 1, to: target + $1.lowerBound, count: $1.count) }
                    }
                }
            }
        }
        return scores
    }

    /// What some views say of every item: logits, or direct values; empty for every other view.
    func values(
        of views: Set<ScoreView>, histories: [[Int]], groups: [[UserGraph.Neighbour]]
    ) throws -> [Matrix] {
        let response = try model.validatedResponse(to: GenerationRequest(histories: histories, groups: groups))
        return ScoreView.allCases.map { view in
            let nothing = Matrix(rows: 0, columns: 0)
            guard views.contains(view) else { return nothing }
            guard let generative = view.generative else {
                return self.views.values(view, histories: histories, groups: groups, on: parallelism)
            }
            guard let query = response.queries[generative] else { return nothing }
            return query.multiplied(by: model.itemVectors, transposeOther: true, on: parallelism)
        }
    }

    /// What the views say after the logarithm of the direct ones.
    func transformed(_ values: [Matrix]) -> [Matrix] {
        var values = values
        for (index, view) in ScoreView.allCases.enumerated() where !view.isGenerative {
            guard let term = weights.terms[view] else { continue }
            values[index].elements.withUnsafeMutableBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                nonisolated(unsafe) let values = base
                parallelism.forRanges(buffer.count, minimum: 65536) { range, _ in
                    GateKernels.takeLogarithms(of: values + range.lowerBound, scale: term.scale, count: range.count)
                }
            }
        }
        return values
    }
}

extension ScoreView {
    /// The view inside the generative model that this one stands for.
    var generative: GenerationResponse.View? {
        switch self {
        case .sequence: .sequence
        case .individual: .individual
        case .group: .group
        case .transitions, .companions, .content, .attributes, .similarUsers, .popularity: nil
        }
    }
}
