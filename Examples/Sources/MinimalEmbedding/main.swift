// ISRFKit in a program: fit, recommend, explain, save, load.

import Foundation
import ISRFKit

// The catalogue: whatever is known of each item. Here 36 drinks; a host reads its own.
let kinds = ["green tea", "black tea", "filter coffee", "espresso"]
let origins = ["Assam", "Darjeeling", "Ceylon", "Kenya", "Rwanda", "Java", "Sumatra", "Yunnan", "Fujian"]
let notes = ["floral", "nutty", "smoky"]
let items = kinds.flatMap { kind in
    origins.enumerated().map { place, origin in
        Item(
            id: "\(kind)/\(origin)", title: "\(origin) \(kind)", description: "A \(notes[place % 3]) \(kind).",
            categories: [["Drinks", kind]], attributes: ["origin": [origin]])
    }
}
let catalogue = try Catalogue(items: items)

// The log: who took what, and when. Here 80 customers who keep to one kind and go from origin to origin.
var random = SeededRandom(seed: 1)
let interactions = (0..<80).flatMap { customer in
    let start = random.index(below: origins.count)
    return (0..<8).map { step in
        let strays = random.uniform() < 0.1
        let kind = strays ? random.index(below: kinds.count) : customer % kinds.count
        let item = items[kind * origins.count + (start + step) % origins.count]
        return Interaction(user: "customer-\(customer)", item: item.id, timestamp: Double(step))
    }
}
let log = try InteractionLog(interactions: interactions, catalogue: catalogue)

// Fit. The defaults are chosen for thousands of users; a small log wants a narrow model and small batches.
var configuration = ISRFConfiguration()
configuration.model.width = 32
configuration.model.dropout = 0.2
configuration.training.batchSize = 16
configuration.training.pairBatchSize = 16
configuration.users.neighbours = 15
let recommender = try await RecommenderPipeline(configuration: configuration).fit(catalogue: catalogue, log: log)

// Recommend to a known customer, with reasons.
print("For customer-2:")
let recommendations = try await recommender.recommend(user: "customer-2", options: .init(count: 3))
for recommendation in recommendations {
    print("-", try await recommender.explain(user: "customer-2", item: recommendation.item).sentence)
}

// Recommend to somebody of whom only a history is known; nothing is trained.
print("After Assam and Darjeeling green tea:")
for recommendation in try await recommender.recommend(
    history: ["green tea/Assam", "green tea/Darjeeling"], options: .init(count: 3))
{
    print("-", recommendation.title ?? recommendation.item)
}

// Save and load: the same recommendations.
let directory = FileManager.default.temporaryDirectory.appendingPathComponent("drinks-\(UUID().uuidString)")
defer { try? FileManager.default.removeItem(at: directory) }
try recommender.save(to: directory)
let loaded = try await Recommender.load(from: directory)
let again = try await loaded.recommend(user: "customer-2", options: .init(count: 3))
print("Loaded again, the answers are \(again == recommendations ? "the same" : "different").")
