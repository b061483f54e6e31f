// From files to recommendations. Arguments: a file of items, a file of interactions, and where to save the model.

import Foundation
import ISRFFiles
import ISRFKit

let items = try ItemFile(reading: CommandLine.arguments[1])
let interactions = try InteractionFile(reading: CommandLine.arguments[2], catalogue: items.catalogue)

var configuration = ISRFConfiguration()
configuration.training.epochs = 10  // A shorter training than the default.
let recommender = try await RecommenderPipeline(configuration: configuration)
    .fit(catalogue: items.catalogue, log: interactions.log)

let user = interactions.log.users[0]
for recommendation in try await recommender.recommend(user: user, options: .init(count: 3)) {
    let explanation = try await recommender.explain(user: user, item: recommendation.item)
    print("\(recommendation.item) (\(recommendation.score)): \(explanation.sentence)")
}

let model = URL(fileURLWithPath: CommandLine.arguments[3])
try recommender.save(to: model)
let loaded = try await Recommender.load(from: model)
let history = [items.catalogue[0].id, items.catalogue[1].id]
print(try await loaded.recommend(history: history, options: .init(count: 3)).map(\.item))
