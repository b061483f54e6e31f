// A reasoner of the host's own, held against its contract and then used in the pipeline.

import ISRFKit
import ISRFKitTesting

let reasoner = EditorialReasoner(notes: [
    "Running": ("people who run on trails in any weather", "people who train indoors"),
    "Baking": ("home bakers who bake bread every week", "people without an oven"),
    "Watercolour": ("painters who work outdoors with water and pigment", "people who prefer oil"),
    "Balcony": ("city gardeners with little room", "owners of large gardens"),
])

try await Conformance.violations(of: reasoner).requireNone()
print("The reasoner keeps the contract.")

let data = try SampleData()
let recommender = try await RecommenderPipeline(configuration: .small, reasoner: reasoner)
    .fit(catalogue: data.catalogue, log: data.log)
let user = data.log.users[0]
print("Reasoned about \(user): \(recommender.userProfiles[0].preference.summary)")
for recommendation in try await recommender.recommend(user: user, options: .init(count: 3)) {
    let item = try data.catalogue.index(of: recommendation.item)
    print("- \(recommendation.title ?? recommendation.item): \(recommender.itemProfiles[item].feature.summary)")
}
