import ISRFKit

/// LightGCN over the interactions, with links between items whose texts are alike: items that few took still have
/// neighbours to learn from.
struct TextLinkedGraph: InteractionGraph {
    /// How many items each item is linked to.
    var linkCount = 5
    /// The part of an item's vector that comes over the links.
    var share: Float = 0.3

    func build(_ request: InteractionGraphRequest) async throws -> SemanticInteractionGraph {
        let graph = try await LightGCNInteractionGraph().build(request)
        let texts = request.itemVectors
        var links: [(row: Int, column: Int, value: Float)] = []
        for item in 0..<texts.rows {
            try Task.checkCancellation()
            var likeness = texts.selectingRows([item]).multiplied(by: texts, transposeOther: true).row(0)
            likeness[item] = 0
            let nearest = likeness.greatest(linkCount).filter { $0.value > 0 }
            for other in nearest { links.append((item, other.index, 1 / Float(nearest.count))) }
        }
        return SemanticInteractionGraph(
            interactions: graph.interactions, transitions: graph.transitions,
            propagation: LinkedPropagation(
                interactions: graph.propagation,
                links: SparseMatrix(rows: texts.rows, columns: texts.rows, entries: links), share: share))
    }
}

/// Written with operations of `Variable`, which know their own gradients.
struct LinkedPropagation: GraphPropagation {
    var interactions: any GraphPropagation
    var links: SparseMatrix
    var share: Float

    func propagate(_ vectors: NodeVectors, excludingUsers excludedUsers: [Int]) throws -> NodeVectors {
        var spread = try interactions.propagate(vectors, excludingUsers: excludedUsers)
        spread.items =
            spread.items.scaled(by: 1 - share) + vectors.items.multiplied(byLeft: links).scaled(by: share)
        return spread
    }
}
