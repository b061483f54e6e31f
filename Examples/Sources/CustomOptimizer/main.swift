// An optimiser and a generative model of the host's own. The model is saved as its state and restored by the host.

import Foundation
import ISRFKit
import ISRFKitTesting

try await Conformance.violations(of: MeanOptimizer(), restoring: { try MeanModel(state: $0) }).requireNone()
print("The optimiser and its model keep their contracts.")

let data = try SampleData()
let recommender = try await RecommenderPipeline(configuration: .small, optimizer: MeanOptimizer())
    .fit(catalogue: data.catalogue, log: data.log)
let user = data.log.users[0]
for recommendation in try await recommender.recommend(user: user, options: .init(count: 3)) {
    print("- \(recommendation.title ?? recommendation.item)")
}

let directory = FileManager.default.temporaryDirectory.appendingPathComponent("optimizer-\(UUID().uuidString)")
defer { try? FileManager.default.removeItem(at: directory) }
try recommender.save(to: directory)
let loaded = try await Recommender.load(from: directory, stages: HostStages(model: { try MeanModel(state: $0) }))
let same = try await loaded.recommend(user: user) == recommender.recommend(user: user)
print("Loaded again, the answers are \(same ? "the same" : "different").")
