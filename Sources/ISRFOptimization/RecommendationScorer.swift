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
        if weights.gate != nil { return try gatedScores(histories: histories, groups: groups) }
        var scores = try generativeLogits(histories: histories, groups: groups, weights: weights)
        for view in ScoreView.allCases where !view.isGenerative {
            guard let term = weights.terms[view], term.weight != 0 else { continue }
            let values = views.values(view, histories: histories, groups: groups, on: parallelism)
            scores.elements.withUnsafeMutableBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                values.withElements { values in
                    nonisolated(unsafe) let (scores, values) = (base, values)
                    parallelism.forRanges(buffer.count, minimum: 65536) { range, _ in
                        for index in range where values[index] > 0 {
                            scores[index] += term.contribution(of: values[index])
                        }
                    }
                }
            }
        }
        return scores
    }

    /// The parts of the score of chosen items for one history: what each view adds.
    ///
    /// The parts of an item add up to its score.
    /// - Returns: For each view of the weights one number for each item.
    public func parts(
        history: [Int], group: [UserGraph.Neighbour], items: [Int]
    ) throws -> [ScoreView: [Float]] {
        let values = try transformedValues(histories: [history], groups: [group])
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

    private func gatedScores(histories: [[Int]], groups: [[UserGraph.Neighbour]]) throws -> Matrix {
        let values = try transformedValues(histories: histories, groups: groups)
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

    /// What each view says of every item: logits, or direct values after their logarithm; empty for a view that has no
    /// part in the score.
    private func transformedValues(histories: [[Int]], groups: [[UserGraph.Neighbour]]) throws -> [Matrix] {
        let response = try model.validatedResponse(to: GenerationRequest(histories: histories, groups: groups))
        return ScoreView.allCases.map { view in
            let nothing = Matrix(rows: 0, columns: 0)
            guard let term = weights.terms[view] else { return nothing }
            if let generative = view.generative {
                guard let query = response.queries[generative] else { return nothing }
                return query.multiplied(by: model.itemVectors, transposeOther: true, on: parallelism)
            }
            var values = views.values(view, histories: histories, groups: groups, on: parallelism)
            values.elements.withUnsafeMutableBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                nonisolated(unsafe) let values = base
                parallelism.forRanges(buffer.count, minimum: 65536) { range, _ in
                    GateKernels.takeLogarithms(of: values + range.lowerBound, scale: term.scale, count: range.count)
                }
            }
            return values
        }
    }

    private func generativeLogits(
        histories: [[Int]], groups: [[UserGraph.Neighbour]], weights: ScoreWeights
    ) throws -> Matrix {
        let response = try model.validatedResponse(to: GenerationRequest(histories: histories, groups: groups))
        var queries = Matrix(rows: histories.count, columns: model.itemVectors.columns)
        for view in ScoreView.allCases {
            guard let generative = view.generative, let term = weights.terms[view], term.weight != 0,
                let query = response.queries[generative]
            else { continue }
            for index in queries.elements.indices {
                queries.elements[index] += term.weight * query.elements[index]
            }
        }
        return queries.multiplied(by: model.itemVectors, transposeOther: true, on: parallelism)
    }
}

extension ScoreWeights.Term {
    /// What a direct view's value adds to the score: `weight * ln(1 + value / scale)`, 0 for no value.
    public func contribution(of value: Float) -> Float {
        value > 0 ? weight * logarithm(onePlus: value / scale) : 0
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
