internal import ISRFCore

/// What one setting had to do with the metric, over the trials of a search.
///
/// It is a description of the trials, not of the method: settings were drawn together, and each is looked at by itself.
/// With few trials only strong links can be told from chance.
public struct TuningImportance: Sendable, Codable, Hashable {
    /// How the link is measured.
    public enum Measure: String, Sendable, Codable {
        /// For ranges: Spearman's rank correlation of value and metric, in -1...1. It sees rising and falling, not an
        /// optimum in between.
        case rankCorrelation
        /// For lists of values: the share of the metric's variance that lies between the groups of trials with equal
        /// values, in 0...1. Many groups have a share of it by chance.
        case varianceShare
    }

    /// The setting.
    public var key: String
    /// How the link is measured.
    public var measure: Measure
    /// The link; nil with fewer than three trials, or when value or metric is the same in all.
    public var strength: Double?
    /// How often the metrics, dealt out to the trials at random, show a link at least as strong: near 0 the link is hardly
    /// chance, above 0.1 it may well be. Nil like `strength`.
    public var chance: Double?
    /// How many trials were looked at.
    public var trials: Int

    /// Fewer trials than this are few: a link between a setting and the metric shows only when it is very strong.
    public static let few = 20

    private static let shuffles = 2000

    /// Every setting of a space, the strongest link first.
    static func ranked(_ space: TuningSpace, _ trials: [TuningTrial], metric: String) -> [TuningImportance] {
        let metrics = trials.map { $0.metrics[metric] ?? 0 }
        return space.parameters.enumerated()
            .map { place, parameter in
                TuningImportance(parameter, trials.map { $0.values[parameter.key] }, metrics, stream: UInt64(place))
            }
            .enumerated()
            .sorted { first, second in
                let (left, right) = (first.element, second.element)
                let ahead = (left.chance ?? 2, -left.explained, first.offset)
                return ahead < (right.chance ?? 2, -right.explained, second.offset)
            }
            .map(\.element)
    }

    private init(_ parameter: TuningParameter, _ values: [TuningValue?], _ metrics: [Double], stream: UInt64) {
        key = parameter.key
        trials = metrics.count
        let measured: (([Double]) -> Double)
        switch parameter.candidates {
        case .range:
            measure = .rankCorrelation
            let ranks = TuningImportance.ranks(values.map { $0?.number ?? 0 })
            measured = { TuningImportance.correlation(ranks, TuningImportance.ranks($0)) }
        case .values:
            measure = .varianceShare
            let groups = TuningImportance.groups(values)
            measured = { TuningImportance.varianceShare(groups, $0) }
        }
        guard metrics.count >= 3, Set(values).count > 1, Set(metrics).count > 1 else { return }
        let strength = measured(metrics)
        self.strength = strength
        var random = SeededRandom(seed: 1, stream: stream)
        // A hair below, so that the same link by sums in another order counts as one.
        let reached = (0..<TuningImportance.shuffles).count { _ in
            abs(measured(metrics.shuffled(using: &random))) >= abs(strength) - 1e-12
        }
        chance = Double(reached + 1) / Double(TuningImportance.shuffles + 1)
    }

    /// The share of variance, so that both measures can be compared.
    private var explained: Double {
        guard let strength else { return 0 }
        return measure == .rankCorrelation ? strength * strength : strength
    }

    /// The rank of each number, equal ones having the mean of theirs.
    static func ranks(_ numbers: [Double]) -> [Double] {
        let order = numbers.indices.sorted { numbers[$0] < numbers[$1] }
        var ranks = [Double](repeating: 0, count: numbers.count)
        var start = 0
        while start < order.count {
            var end = start
            while end + 1 < order.count, numbers[order[end + 1]] == numbers[order[start]] { end += 1 }
            for place in start...end { ranks[order[place]] = Double(start + end) / 2 }
            start = end + 1
        }
        return ranks
    }

    /// Pearson's correlation; 0 when either is constant.
    static func correlation(_ first: [Double], _ second: [Double]) -> Double {
        let count = Double(max(1, first.count))
        let (left, right) = (first.reduce(0, +) / count, second.reduce(0, +) / count)
        var (product, squares, otherSquares) = (0.0, 0.0, 0.0)
        for (one, other) in zip(first, second) {
            product += (one - left) * (other - right)
            squares += (one - left) * (one - left)
            otherSquares += (other - right) * (other - right)
        }
        let scale = (squares * otherSquares).squareRoot()
        return scale > 0 ? product / scale : 0
    }

    /// The number of each trial's group.
    private static func groups(_ values: [TuningValue?]) -> [Int] {
        var numbers: [TuningValue?: Int] = [:]
        return values.map { value in
            let number = numbers[value] ?? numbers.count
            numbers[value] = number
            return number
        }
    }

    /// The share of the variance that lies between groups, which are numbered from 0; 0 when all are equal.
    static func varianceShare(_ groups: [Int], _ numbers: [Double]) -> Double {
        let mean = numbers.reduce(0, +) / Double(max(1, numbers.count))
        let count = (groups.max() ?? -1) + 1
        var (sums, sizes) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
        var total = 0.0
        for (group, number) in zip(groups, numbers) {
            sums[group] += number - mean
            sizes[group] += 1
            total += (number - mean) * (number - mean)
        }
        guard total > 0 else { return 0 }
        return zip(sums, sizes).reduce(0) { $0 + ($1.1 > 0 ? $1.0 * $1.0 / $1.1 : 0) } / total
    }
}
