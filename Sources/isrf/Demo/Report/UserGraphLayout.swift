internal import ISRFKit

/// Places users in the plane so that similar ones lie near each other: springs along the edges of the user graph, and
/// repulsion between all (Fruchterman and Reingold 1991), from places drawn by the seed. No group is known to it.
struct UserGraphLayout: Sendable {
    /// Each user's place, both coordinates in 0...1.
    let places: [(x: Double, y: Double)]
    /// The edges that were springs, each once, as user indices.
    let edges: [(first: Int, second: Int)]

    /// Lays out a graph by each user's strongest neighbours.
    init(_ graph: UserGraph, neighbourCount: Int = 8, iterations: Int = 200, seed: UInt64 = 1) {
        var seen: Set<[Int]> = []
        var edges: [(first: Int, second: Int)] = []
        for (user, neighbours) in graph.neighbours.enumerated() {
            for neighbour in neighbours.prefix(neighbourCount) where neighbour.user != user {
                let (first, second) = (min(user, neighbour.user), max(user, neighbour.user))
                if seen.insert([first, second]).inserted { edges.append((first, second)) }
            }
        }
        self.edges = edges
        let count = graph.neighbours.count
        var random = SeededRandom(seed: seed, stream: 11)
        var x = (0..<count).map { _ in Double(random.uniform()) - 0.5 }
        var y = (0..<count).map { _ in Double(random.uniform()) - 0.5 }
        let ideal = (1 / Double(max(1, count))).squareRoot()
        for iteration in 0..<iterations {
            let reach = 0.1 * (1 - Double(iteration) / Double(iterations)) + 0.001
            UserGraphLayout.step(&x, &y, edges, ideal: ideal, reach: reach)
        }
        places = UserGraphLayout.fitted(x, y)
    }

    private static func step(
        _ x: inout [Double], _ y: inout [Double], _ edges: [(first: Int, second: Int)], ideal: Double, reach: Double
    ) {
        let count = x.count
        var forceX = [Double](repeating: 0, count: count)
        var forceY = [Double](repeating: 0, count: count)
        for one in 0..<count {
            for other in one + 1..<max(one + 1, count) {
                let (deltaX, deltaY) = (x[one] - x[other], y[one] - y[other])
                let push = ideal * ideal / max(deltaX * deltaX + deltaY * deltaY, 1e-9)
                forceX[one] += deltaX * push
                forceY[one] += deltaY * push
                forceX[other] -= deltaX * push
                forceY[other] -= deltaY * push
            }
        }
        for edge in edges {
            let (deltaX, deltaY) = (x[edge.first] - x[edge.second], y[edge.first] - y[edge.second])
            let pull = (deltaX * deltaX + deltaY * deltaY).squareRoot() / ideal
            forceX[edge.first] -= deltaX * pull
            forceY[edge.first] -= deltaY * pull
            forceX[edge.second] += deltaX * pull
            forceY[edge.second] += deltaY * pull
        }
        for user in 0..<count {
            // Without a pull to the middle, users whom nobody resembles would drift away.
            forceX[user] -= 0.5 * x[user]
            forceY[user] -= 0.5 * y[user]
            let length = (forceX[user] * forceX[user] + forceY[user] * forceY[user]).squareRoot()
            let share = length > reach ? reach / length : 1
            x[user] += forceX[user] * share
            y[user] += forceY[user] * share
        }
    }

    private static func fitted(_ x: [Double], _ y: [Double]) -> [(x: Double, y: Double)] {
        guard let left = x.min(), let right = x.max(), let low = y.min(), let high = y.max() else { return [] }
        let width = max(right - left, 1e-9)
        let height = max(high - low, 1e-9)
        return zip(x, y).map { (($0 - left) / width, ($1 - low) / height) }
    }
}
