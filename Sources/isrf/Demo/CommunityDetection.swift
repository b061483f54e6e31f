internal import ISRFKit

/// Finds groups of users in a user graph by modularity, the number of groups included (Blondel et al. 2008, "Louvain").
///
/// Users move to the neighbouring group that raises modularity most until nobody moves; groups then become single
/// nodes and the same begins again. The order of moves is drawn from the seed; the best of several runs is kept.
struct CommunityDetection: Sendable {
    /// How many of each user's most similar users count.
    var neighbourCount = 30
    var restarts = 8
    var seed: UInt64 = 1

    /// The groups found.
    struct Division: Sendable, Equatable {
        /// The group of each user; the greatest group is number 0.
        var groups: [Int]
        /// How much more similarity lies within groups than chance would put there, at most 1.
        var modularity: Double
    }

    /// Divides the users of a graph into groups.
    func divide(_ graph: UserGraph) -> Division {
        let network = Network(graph, neighbourCount: neighbourCount)
        var best = Division(groups: Array(network.edges.indices), modularity: -.infinity)
        for restart in 0..<max(1, restarts) {
            var random = SeededRandom(seed: seed, stream: UInt64(restart))
            let groups = groups(of: network, &random)
            let modularity = network.modularity(of: groups)
            if modularity > best.modularity { best = Division(groups: groups, modularity: modularity) }
        }
        best.groups = ordered(best.groups)
        return best
    }

    private func groups(of network: Network, _ random: inout SeededRandom) -> [Int] {
        var level = network
        var groups = Array(network.edges.indices)
        while true {
            let moved = level.locallyBestGroups(&random)
            let numbers = Dictionary(
                uniqueKeysWithValues: Set(moved).sorted().enumerated().map { ($0.element, $0.offset) })
            let compact = moved.map { numbers[$0] ?? 0 }
            groups = groups.map { compact[$0] }
            if numbers.count == level.edges.count { return groups }
            level = level.joined(compact, count: numbers.count)
        }
    }

    /// Numbers groups by size, the greatest first; equal ones by their first member.
    private func ordered(_ groups: [Int]) -> [Int] {
        var members: [Int: (count: Int, first: Int)] = [:]
        for (user, group) in groups.enumerated() { members[group, default: (0, user)].count += 1 }
        let order = members.sorted { ($1.value.count, $0.value.first) < ($0.value.count, $1.value.first) }
        let numbers = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($0.element.key, $0.offset) })
        return groups.map { numbers[$0] ?? 0 }
    }
}

/// An undirected weighted graph; a node's edge to itself is the weight inside it, counted from both ends.
private struct Network {
    var edges: [[(node: Int, weight: Double)]]
    private let degrees: [Double]
    private let total: Double

    private init(_ weights: [[Int: Double]]) {
        edges = weights.map { $0.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
        degrees = edges.map { $0.reduce(0) { $0 + $1.weight } }
        total = degrees.reduce(0, +)
    }

    init(_ graph: UserGraph, neighbourCount: Int) {
        var weights = [[Int: Double]](repeating: [:], count: graph.neighbours.count)
        for (user, neighbours) in graph.neighbours.enumerated() {
            for neighbour in neighbours.prefix(neighbourCount) {
                weights[user][neighbour.user, default: 0] += Double(neighbour.weight)
                weights[neighbour.user][user, default: 0] += Double(neighbour.weight)
            }
        }
        self.init(weights)
    }

    func modularity(of groups: [Int]) -> Double {
        guard total > 0 else { return 0 }
        var inside = 0.0
        var degreeOfGroup: [Int: Double] = [:]
        for (node, neighbours) in edges.enumerated() {
            degreeOfGroup[groups[node], default: 0] += degrees[node]
            for edge in neighbours where groups[edge.node] == groups[node] { inside += edge.weight }
        }
        // Sorted, so that rounding is the same in every run.
        return inside / total
            - degreeOfGroup.values.sorted().reduce(0) { $0 + ($1 / total) * ($1 / total) }
    }

    func locallyBestGroups(_ random: inout SeededRandom) -> [Int] {
        var groups = Array(edges.indices)
        var degreeOfGroup = degrees
        guard total > 0 else { return groups }
        let order = Array(edges.indices).shuffled(using: &random)
        var moved = true
        while moved {
            moved = false
            for node in order {
                var towards: [Int: Double] = [:]
                for edge in edges[node] where edge.node != node {
                    towards[groups[edge.node], default: 0] += edge.weight
                }
                let own = groups[node]
                degreeOfGroup[own] -= degrees[node]
                func gain(_ group: Int) -> Double {
                    (towards[group] ?? 0) - degrees[node] * degreeOfGroup[group] / total
                }
                var (best, greatest) = (own, gain(own))
                for group in towards.keys.sorted() where gain(group) > greatest + 1e-9 {
                    (best, greatest) = (group, gain(group))
                }
                degreeOfGroup[best] += degrees[node]
                if best != own {
                    groups[node] = best
                    moved = true
                }
            }
        }
        return groups
    }

    func joined(_ groups: [Int], count: Int) -> Network {
        var weights = [[Int: Double]](repeating: [:], count: count)
        for (node, neighbours) in edges.enumerated() {
            for edge in neighbours { weights[groups[node]][groups[edge.node], default: 0] += edge.weight }
        }
        return Network(weights)
    }
}
