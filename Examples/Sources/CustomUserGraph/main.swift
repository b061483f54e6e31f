// A user graph builder of the host's own, here one that knows who is friends with whom.

import ISRFKit
import ISRFKitTesting

let data = try SampleData()
// The first user's friend shares the user's taste; the second user's friends are drawn from everybody.
let kindred = data.userGroups.indices.last { data.userGroups[$0] == data.userGroups[0] } ?? 0
let builder = FriendsFirst(friends: [0: [kindred], 1: [7, 20]])

try await Conformance.violations(of: builder).requireNone()
print("The builder keeps the contract.")

let recommender = try await RecommenderPipeline(configuration: .small, userGraphBuilder: builder)
    .fit(catalogue: data.catalogue, log: data.log)
print("Most similar to \(data.log.users[0]), friend of \(data.log.users[kindred]):")
for similar in try recommender.similar(user: data.log.users[0], count: 3) {
    print("- \(similar.user), weight \(similar.similarity)")
}
