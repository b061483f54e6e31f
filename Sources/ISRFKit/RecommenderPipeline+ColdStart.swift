public import ISRFCore
public import ISRFEvaluation

extension RecommenderPipeline: ColdStartSystem {
    /// Fits the recommender that the protocol measures, without the cold items, and adds those by their attributes.
    public func fittedForColdStart(
        to data: ColdStartData, parallelism: Parallelism
    ) async throws -> any RankingSystem {
        let recommender = try await fit(catalogue: data.catalogue, split: data.split)
        return RecommenderSystem(try await recommender.adding(items: data.coldItems))
    }
}
