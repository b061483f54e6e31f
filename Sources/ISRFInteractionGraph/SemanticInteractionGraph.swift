internal import ISRFData

/// A built interaction graph: who took what, how items follow each other, and how vectors spread (method, step 1).
public struct SemanticInteractionGraph: Sendable {
    /// Users, items, their neighbours, degrees and the paths between them.
    public let interactions: BipartiteInteractions
    /// How strongly items are related, with distance in time taken into account.
    public let transitions: ItemTransitions
    /// How vectors spread over the graph.
    public let propagation: any GraphPropagation

    /// Creates a graph from its parts.
    public init(
        interactions: BipartiteInteractions, transitions: ItemTransitions, propagation: any GraphPropagation
    ) {
        self.interactions = interactions
        self.transitions = transitions
        self.propagation = propagation
    }
}
