#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif
public import ISRFCore
public import ISRFData
internal import ISRFNumerics

/// Matrix factorisation with Bayesian personalised ranking (BPR-MF): user and item vectors that put what a user took
/// above what the user did not, by stochastic gradient descent over sampled pairs.
public struct MatrixFactorizationBaseline: TrainableSystem {
    /// The name in reports.
    public let name = "matrix factorisation"
    /// The width of the vectors.
    public var width: Int
    /// Passes over the training interactions.
    public var epochs: Int
    /// The step size at the start; it falls linearly to zero.
    public var learningRate: Float
    /// The pull of every vector towards zero.
    public var regularization: Float
    /// The seed of vectors, order and negatives.
    public var seed: UInt64

    /// Creates the baseline.
    public init(
        width: Int = 64, epochs: Int = 80, learningRate: Float = 0.08, regularization: Float = 0.005, seed: UInt64 = 1
    ) {
        self.width = width
        self.epochs = epochs
        self.learningRate = learningRate
        self.regularization = regularization
        self.seed = seed
    }

    /// Learns the vectors.
    public func fitted(
        to split: LeaveOneOutSplit, catalogue: Catalogue, parallelism: Parallelism
    ) async throws -> any RankingSystem {
        var random = SeededRandom(seed: seed)
        let itemCount = split.log.itemCount
        func vectors(_ rows: Int) -> Matrix {
            Matrix(
                rows: rows, columns: width, elements: (0..<rows * width).map { _ in random.normal() * 0.1 })
        }
        var users = vectors(split.training.userCount)
        var items = vectors(itemCount)
        var biases = [Float](repeating: 0, count: itemCount)
        let taken = split.training.histories.map { Set($0) }
        var pairs = split.training.histories.enumerated().flatMap { user, history in
            history.map { (user: user, item: $0) }
        }
        for epoch in 0..<epochs {
            try Task.checkCancellation()
            await Task.yield()
            pairs.shuffle(using: &random)
            let rate = learningRate * (1 - Float(epoch) / Float(max(1, epochs)))
            for pair in pairs where taken[pair.user].count < itemCount {
                var negative = random.index(below: itemCount)
                while taken[pair.user].contains(negative) { negative = random.index(below: itemCount) }
                step(pair.user, pair.item, negative, rate, &users, &items, &biases)
            }
        }
        return Fitted(name: name, users: users, items: items, biases: biases, parallelism: parallelism)
    }

    private func step(
        _ user: Int, _ positive: Int, _ negative: Int, _ rate: Float, _ users: inout Matrix, _ items: inout Matrix,
        _ biases: inout [Float]
    ) {
        let (width, regularization) = (width, regularization)
        users.elements.withUnsafeMutableBufferPointer { users in
            items.elements.withUnsafeMutableBufferPointer { items in
                let (u, p, n) = (user * width, positive * width, negative * width)
                var difference = biases[positive] - biases[negative]
                for column in 0..<width { difference += users[u + column] * (items[p + column] - items[n + column]) }
                let slope = 1 / (1 + exp(difference))
                for column in 0..<width {
                    let (own, wanted, other) = (users[u + column], items[p + column], items[n + column])
                    users[u + column] += rate * (slope * (wanted - other) - regularization * own)
                    items[p + column] += rate * (slope * own - regularization * wanted)
                    items[n + column] += rate * (-slope * own - regularization * other)
                }
                biases[positive] += rate * (slope - regularization * biases[positive])
                biases[negative] += rate * (-slope - regularization * biases[negative])
            }
        }
    }

    private struct Fitted: RankingSystem {
        let name: String
        let users: Matrix
        let items: Matrix
        let biases: [Float]
        let parallelism: Parallelism

        func scores(for batch: ScoringBatch) async throws -> Matrix {
            var scores = users.selectingRows(batch.users)
                .multiplied(by: items, transposeOther: true, on: parallelism)
            for row in 0..<scores.rows {
                for item in biases.indices { scores[row, item] += biases[item] }
            }
            return scores
        }
    }
}
