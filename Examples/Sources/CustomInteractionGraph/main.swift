// An interaction graph of the host's own: the suite also compares its gradients with finite differences.

import ISRFKit
import ISRFKitTesting

let graph = TextLinkedGraph()
try await Conformance.violations(of: graph).requireNone()
print("The graph keeps the contract.")

let data = try SampleData()
let recommender = try await RecommenderPipeline(configuration: .small, interactionGraph: graph)
    .fit(catalogue: data.catalogue, log: data.log)
let item = data.catalogue[0]
print("Most like \(item.title ?? item.id):")
for similar in try recommender.similar(item: item.id, count: 3) {
    print("- \(similar.title ?? similar.item), \(similar.similarity)")
}
