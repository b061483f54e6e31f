// New items are recommendable from their attributes alone, before anybody took them: nothing is trained.

import ISRFKit
import ISRFKitTesting

let data = try SampleData()
let recommender = try await RecommenderPipeline(configuration: .small).fit(catalogue: data.catalogue, log: data.log)

let group = 0
let newItem = try data.newItem(like: group, id: "just-arrived")
let extended = try await recommender.adding(items: [newItem])

print("New: \(newItem.title ?? newItem.id), for \(data.groupNames[group])")
print("Reasoned: \(extended.itemProfiles[data.catalogue.count].feature.summary)")
print("Most like it:")
for similar in try extended.similar(item: "just-arrived", count: 3) {
    let itemGroup = data.itemGroups[try data.catalogue.index(of: similar.item)]
    print("- \(similar.title ?? similar.item), for \(data.groupNames[itemGroup])")
}

// Who stands where when all users are ordered by the place that the new item takes among their recommendations?
var places: [(user: Int, place: Int)] = []
for (user, identifier) in data.log.users.identifiers.enumerated() {
    let list = try await extended.recommend(user: identifier, options: .init(count: extended.catalogue.count))
    if let place = list.firstIndex(where: { $0.item == "just-arrived" }) { places.append((user, place)) }
}
let first = places.sorted { ($0.place, $0.user) < ($1.place, $1.user) }.prefix(10)
let right = first.count { data.userGroups[$0.user] == group }
print("Of the \(first.count) users who would see it first, \(right) are after \(data.groupNames[group]).")
