internal import ISRFCore
public import ISRFData
internal import ISRFInteractionGraph
internal import ISRFNumerics
internal import ISRFOptimization
internal import ISRFReasoning

extension Recommender {
    /// The same recommender with new items, recommendable from their attributes alone (cold start); nothing is
    /// trained.
    ///
    /// New items are reasoned about and encoded like the others. Nobody has taken them yet: what interactions would
    /// say of an item is borrowed from the known items that are most like it in text and attributes. Where the reasoner
    /// fails, attributes are reasoned from instead and `training.failedItems` counts it.
    /// - Throws: `ISRFError` (`invalidData`) when an identifier is empty or taken; what the reasoner's fallback or the
    ///   encoder throws.
    public func adding(items newItems: [Item]) async throws -> Recommender {
        guard !newItems.isEmpty else { return self }
        let extended = try Catalogue(items: catalogue.items + newItems)
        let answers = try await groupFinder.stage.items(newItems)
        let profiles = answers.map(\.value)
        var training = training
        training.failedItems += answers.count { $0.failed }
        let texts = zip(newItems, profiles).map { ItemDocument.text(for: $0, profile: $1) }
        let vectors = try await encoder.validatedVectors(of: texts, width: scorer.views.textVectors.columns)
        let vocabulary = fallback.statistics?.vocabulary
        let attributes = newItems.reduce(SparseMatrix(rows: 0, columns: 0, entries: [])) { rows, item in
            rows.appendingRows(
                of: vocabulary?.tfidf(of: item) ?? SparseMatrix(rows: 1, columns: 0, entries: []))
        }
        let views = try scorer.views.addingItems(textVectors: vectors, attributes: attributes)
        return try Recommender(
            configuration: configuration, catalogue: extended, fittedItemCount: fittedItemCount,
            log: try InteractionLog(users: log.users, histories: log.histories, itemCount: extended.count),
            itemProfiles: itemProfiles + profiles, userProfiles: userProfiles, userVectors: userVectors,
            interactions: BipartiteInteractions(views.training),
            transitions: ItemTransitions(matrix: views.transitions), userGraph: userGraph,
            refinesUserGraph: refinesUserGraph, userGraphBuilder: userGraphBuilder, encoder: encoder,
            reasoner: reasoner, fallback: fallback,
            scorer: RecommendationScorer(
                model: try scorer.model.addingItems(textVectors: vectors), views: views, weights: scorer.weights,
                parallelism: scorer.parallelism),
            training: training)
    }
}
