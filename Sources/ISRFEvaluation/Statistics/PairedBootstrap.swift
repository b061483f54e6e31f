public import ISRFCore

/// The paired bootstrap: how far means of differences spread when users are drawn anew, with replacement.
///
/// A resample draws as many users as there are; all quantities of a user go along. Resample r has the random numbers
/// of stream r of the seed, so the same data and seed give the same means on any number of threads.
public struct PairedBootstrap: Sendable, Hashable {
    /// How many times users are drawn anew.
    public var resamples: Int
    /// The seed of every draw.
    public var seed: UInt64
    /// How resamples are divided over threads; makes no difference to results.
    public var parallelism: Parallelism

    /// Creates a bootstrap.
    public init(resamples: Int = 10_000, seed: UInt64 = 1, parallelism: Parallelism = .serial) {
        self.resamples = resamples
        self.seed = seed
        self.parallelism = parallelism
    }

    /// The mean of each quantity in every resample.
    /// - Parameter differences: For each quantity one number for each user; as many for every quantity.
    /// - Returns: For each quantity one mean for each resample, in the order of the resamples.
    /// - Throws: `ISRFError` (`invalidData`) when there are no users or quantities differ in length,
    ///   (`invalidConfiguration`) when there is no resample; `CancellationError`.
    public func means(of differences: [[Double]]) throws -> [[Double]] {
        guard resamples > 0 else {
            throw ISRFError(.invalidConfiguration, "The bootstrap has \(resamples) resamples; it needs 1 or more.")
        }
        let users = differences.first?.count ?? 0
        guard users > 0, differences.allSatisfy({ $0.count == users }) else {
            throw ISRFError(
                .invalidData, "The bootstrap needs one or more users, and the same number of them for every quantity.")
        }
        let classes = UserClasses(differences)
        var means = [[Double]](repeating: [], count: differences.count)
        // Blocks only so that a run can be cancelled.
        for first in stride(from: 0, to: resamples, by: 1000) {
            try Task.checkCancellation()
            let block = first..<min(first + 1000, resamples)
            for (quantity, values) in classMeans(classes, block).enumerated() { means[quantity] += values }
        }
        return means
    }

    /// The percentile interval of resampled means: what lies outside has the same number of resamples on each side.
    /// - Parameters:
    ///   - means: What `means(of:)` gave for one quantity.
    ///   - confidence: The share of resamples inside, between 0 and 1.
    public static func interval(of means: [Double], confidence: Double = 0.95) -> ClosedRange<Double> {
        precondition(!means.isEmpty && confidence > 0 && confidence < 1, "there is no such interval")
        let sorted = means.sorted()
        // 1 - 0.95 is not quite 0.05: half a resample must not decide.
        let outside = min((sorted.count - 1) / 2, Int((1 - confidence) / 2 * Double(sorted.count) + 1e-6))
        return sorted[outside]...sorted[sorted.count - 1 - outside]
    }

    private func classMeans(_ classes: UserClasses, _ block: Range<Int>) -> [[Double]] {
        let quantities = classes.values.count
        var means = [Double](repeating: 0, count: quantities * block.count)
        means.withUnsafeMutableBufferPointer { means in
            classes.classOfUser.withUnsafeBufferPointer { classOfUser in
                nonisolated(unsafe) let (means, classOfUser) = (means, classOfUser)
                parallelism.forRanges(block.count) { range, _ in
                    var counts = [Int32](repeating: 0, count: classes.count)
                    for place in range {
                        draw(block.lowerBound + place, classOfUser, &counts)
                        for (quantity, values) in classes.values.enumerated() {
                            var sum = 0.0
                            for (value, count) in zip(values, counts) { sum += value * Double(count) }
                            means[quantity * block.count + place] = sum / Double(classOfUser.count)
                        }
                    }
                }
            }
        }
        return (0..<quantities).map { Array(means[$0 * block.count..<($0 + 1) * block.count]) }
    }

    /// How many users of each class one resample has.
    private func draw(_ resample: Int, _ classOfUser: UnsafeBufferPointer<Int32>, _ counts: inout [Int32]) {
        var random = SeededRandom(seed: seed, stream: UInt64(resample))
        counts.withUnsafeMutableBufferPointer { counts in
            counts.update(repeating: 0)
            for _ in 0..<classOfUser.count {
                counts[Int(classOfUser[random.index(below: classOfUser.count)])] += 1
            }
        }
    }

    /// Users with the same differences, which are most: a resample is known by how many of each class it has.
    private struct UserClasses: Sendable {
        let classOfUser: [Int32]
        /// For each quantity the value of each class.
        let values: [[Double]]
        var count: Int { values.first?.count ?? 0 }

        init(_ differences: [[Double]]) {
            var indices: [[UInt64]: Int32] = [:]
            var values = [[Double]](repeating: [], count: differences.count)
            classOfUser = differences[0].indices.map { user in
                let key = differences.map { $0[user].bitPattern }
                if let index = indices[key] { return index }
                let index = Int32(indices.count)
                indices[key] = index
                for (quantity, own) in differences.enumerated() { values[quantity].append(own[user]) }
                return index
            }
            self.values = values
        }
    }
}
