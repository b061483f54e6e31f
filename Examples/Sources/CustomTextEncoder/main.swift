// A text encoder of the host's own. A saved model does not hold it: loading takes it again.

import Foundation
import ISRFKit
import ISRFKitTesting

let encoder = HashingEncoder()
try await Conformance.violations(of: encoder).requireNone()
print("The encoder keeps the contract.")

let data = try SampleData()
let recommender = try await RecommenderPipeline(configuration: .small, encoder: encoder)
    .fit(catalogue: data.catalogue, log: data.log)

let directory = FileManager.default.temporaryDirectory.appendingPathComponent("encoder-\(UUID().uuidString)")
defer { try? FileManager.default.removeItem(at: directory) }
try recommender.save(to: directory)
do {
    _ = try await Recommender.load(from: directory)
} catch let error as ISRFError {
    print("Without the encoder: \(error.message)")
}
let loaded = try await Recommender.load(from: directory, stages: HostStages(encoder: encoder))
let user = data.log.users[0]
let same = try await loaded.recommend(user: user) == recommender.recommend(user: user)
print("With the encoder, the answers are \(same ? "the same" : "different").")
