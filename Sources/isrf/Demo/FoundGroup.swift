internal import Foundation
internal import ISRFKit

/// A group of users that was found, and what its members buy more than others.
struct FoundGroup: Sendable {
    /// How many members come from each planted group.
    let plantedCounts: [Int]
    /// What is typical of their purchases, most typical first.
    let typical: [String]

    var size: Int { plantedCounts.reduce(0, +) }

    /// The planted group that most members come from.
    var mostlyPlanted: Int {
        plantedCounts.indices.max { (plantedCounts[$0], $1) < (plantedCounts[$1], $0) } ?? 0
    }

    /// Describes every group of a division, group 0 first.
    static func all(groups: [Int], planted: [Int], plantedCount: Int, catalogue: Catalogue, log: InteractionLog)
        -> [FoundGroup]
    {
        let count = (groups.max() ?? -1) + 1
        var plantedCounts = [[Int]](repeating: [Int](repeating: 0, count: plantedCount), count: count)
        var purchases = [Int](repeating: 0, count: count)
        var features = [[String: Int]](repeating: [:], count: count)
        var everywhere: [String: Int] = [:]
        let featuresOfItem = catalogue.items.map { item in
            item.attributes.filter { $0.key != "colour" && $0.key != "price" }.flatMap(\.value)
                + item.categories.compactMap(\.last)
        }
        for (user, group) in groups.enumerated() {
            plantedCounts[group][planted[user]] += 1
            purchases[group] += log.histories[user].count
            for feature in log.histories[user].flatMap({ featuresOfItem[$0] }) {
                features[group][feature, default: 0] += 1
                everywhere[feature, default: 0] += 1
            }
        }
        let total = Double(max(1, log.interactionCount))
        return (0..<count).map { group in
            let scored = features[group].map { feature, count -> (feature: String, score: Double) in
                let share = Double(count) / Double(max(1, purchases[group]))
                return (feature, typicality(of: share, elsewhere: Double(everywhere[feature] ?? 1) / total))
            }
            let typical = scored.filter { $0.score > 0 }.sorted { ($1.score, $0.feature) < ($0.score, $1.feature) }
            return FoundGroup(plantedCounts: plantedCounts[group], typical: typical.prefix(4).map(\.feature))
        }
    }

    /// Typical is what is both frequent and more frequent than elsewhere: share times logarithmic lift.
    private static func typicality(of share: Double, elsewhere: Double) -> Double { share * log(share / elsewhere) }
}
