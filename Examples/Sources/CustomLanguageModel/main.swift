// A language model of the host's own, held against its contract and then asked about items and users.

import ISRFKit
import ISRFKitTesting

let model = PhraseBookModel(phrases: [
    "running": "Runners out on rough trails in any weather.",
    "baking": "Home bakers who bake bread every week.",
    "watercolour": "Painters who work outdoors with water and pigment.",
    "gardening": "City gardeners with little room.",
])

try await Conformance.violations(of: model).requireNone()
print("The model keeps the contract.")

let data = try SampleData()
let reasoner = LanguageModelReasoner(model: model, limits: LanguageModelLimits(maximumCalls: 10_000))
let item = data.catalogue[0]
let profile = try await reasoner.profile(for: ItemReasoningRequest(item: item))
print("\(item.title ?? item.id): \(profile.feature.summary)")

let recommender = try await RecommenderPipeline(configuration: .small, reasoner: reasoner)
    .fit(catalogue: data.catalogue, log: data.log)
let totals = reasoner.session.totals
print("Asked \(totals.calls) times; \(totals.answered) answers, \(totals.unanswered) questions without one.")
let user = data.log.users[0]
for recommendation in try await recommender.recommend(user: user, options: .init(count: 3)) {
    print("- \(recommendation.title ?? recommendation.item)")
}
