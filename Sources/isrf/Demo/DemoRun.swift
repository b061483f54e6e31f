internal import ISRFKit

/// Everything that the demonstration does and finds: one fit on the split, one evaluation, groups, recommendations.
struct DemoRun: Sendable {
    /// A recommendation with its reason.
    struct Reasoned: Sendable {
        var recommendation: Recommendation
        var explanation: Explanation
    }

    /// What one user gets.
    struct Example: Sendable {
        var user: String
        var plantedGroup: Int
        /// The latest purchases that the recommender knows of, latest first.
        var recent: [Item]
        var preference: String
        /// What the user bought next, which the recommender does not know.
        var next: Item
        var recommendations: [Reasoned]
    }

    let shop: DemoShop
    let recommender: Recommender
    let report: EvaluationReport
    /// The groups in the user graph that training ended with.
    let division: CommunityDetection.Division
    /// How well those agree with the planted groups.
    let agreement: AdjustedRandIndex
    /// How well groups in the user graph of the reasoned texts alone do, before anything was learned.
    let agreementBeforeTraining: AdjustedRandIndex
    let foundGroups: [FoundGroup]
    let examples: [Example]
    let seconds: Double

    /// Runs everything.
    init(
        _ shop: DemoShop, configuration: ISRFConfiguration, exampleCount: Int = 4, progress: ProgressHandler? = nil
    ) async throws {
        let start = ContinuousClock.now
        let split = LeaveOneOutSplit(shop.log)
        let evaluation = try await EvaluationRun(
            catalogue: shop.catalogue, split: split, configuration: configuration,
            baselines: EvaluationRun.baselines(seed: configuration.seed), progress: progress)
        let recommender = evaluation.recommender
        report = evaluation.report
        let detection = CommunityDetection(seed: configuration.seed)
        let division = detection.divide(recommender.userGraph)
        agreement = AdjustedRandIndex(division.groups, shop.plantedGroups)
        agreementBeforeTraining = AdjustedRandIndex(
            detection.divide(try await DemoRun.userGraphOfTexts(recommender)).groups, shop.plantedGroups)
        foundGroups = FoundGroup.all(
            groups: division.groups, planted: shop.plantedGroups, plantedCount: shop.plantedNames.count,
            catalogue: shop.catalogue, log: recommender.log)
        examples = try await DemoRun.examples(shop, recommender, split, count: exampleCount)
        self.shop = shop
        self.recommender = recommender
        self.division = division
        seconds = EvaluationRun.seconds(since: start)
    }

    /// The user graph that the pipeline starts training with: similar users by what was reasoned about them.
    private static func userGraphOfTexts(_ recommender: Recommender) async throws -> UserGraph {
        let configuration = recommender.configuration
        let encoder = try await LatentSemanticEncoder(
            configuration: configuration.reasoning.encoder, parallelism: configuration.parallelism
        ).fitted(
            to: zip(recommender.catalogue.items, recommender.itemProfiles).map {
                ItemDocument.text(for: $0, profile: $1)
            })
        let vectors = try await encoder.validatedVectors(
            of: recommender.userProfiles.map { UserDocument.text(for: $0) })
        return try await CosineUserGraphBuilder(parallelism: configuration.parallelism).validatedGraph(
            for: UserGraphRequest(users: vectors, neighbourCount: configuration.users.neighbours))
    }

    /// Users of different planted groups, drawn by the seed, with their recommendations.
    private static func examples(
        _ shop: DemoShop, _ recommender: Recommender, _ split: LeaveOneOutSplit, count: Int
    ) async throws -> [Example] {
        var random = SeededRandom(seed: recommender.configuration.seed, stream: 7)
        var groups: Set<Int> = []
        var examples: [Example] = []
        for entry in split.cases(.validation).shuffled(using: &random) where examples.count < count {
            let group = shop.plantedGroups[entry.user]
            guard groups.insert(group).inserted else { continue }
            let user = shop.log.users[entry.user]
            var recommendations: [Reasoned] = []
            for recommendation in try await recommender.recommend(user: user, options: .init(count: 3)) {
                let explanation = try await recommender.explain(user: user, item: recommendation.item)
                recommendations.append(Reasoned(recommendation: recommendation, explanation: explanation))
            }
            examples.append(
                Example(
                    user: user, plantedGroup: group,
                    recent: entry.history.suffix(5).reversed().map { shop.catalogue[$0] },
                    preference: recommender.userProfiles[entry.user].preference.summary,
                    next: shop.catalogue[entry.target], recommendations: recommendations))
        }
        return examples
    }
}
