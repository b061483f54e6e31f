internal import ISRFCore
public import ISRFData
public import ISRFNumerics

/// How strongly items are related in training histories, with their distance in time taken into account.
///
/// For every history and every two places i != j in it, the pair (item at i, item at j) gets
/// `direction / |i - j|`, where `direction` is 1 forwards in time and `backwardWeight` backwards. The sum over all
/// histories is divided by `sqrt(count of the first * count of the second)`.
public struct ItemTransitions: Sendable, Equatable {
    /// How pairs are weighted.
    public struct Configuration: Sendable, Codable, Hashable {
        /// The weight of a pair whose second item came earlier, beside 1 for one that came later.
        public var backwardWeight: Float = 0
        /// Pairs that stand further apart than this do not count; 0 for no limit.
        public var maximumDistance = 0

        /// By default all pairs, in the order in which they were taken.
        public init(backwardWeight: Float = 0, maximumDistance: Int = 0) {
            self.backwardWeight = backwardWeight
            self.maximumDistance = maximumDistance
        }

        /// Checks every value.
        /// - Throws: `ISRFError` (`invalidConfiguration`).
        public func validate() throws {
            func require(_ holds: Bool, _ name: String, _ value: some Any) throws {
                guard !holds else { return }
                throw ISRFError(
                    .invalidConfiguration, "transitions.\(name) is \(value); it must be 0 or more.",
                    at: .init(field: "graph.transitions.\(name)"))
            }
            try require(backwardWeight >= 0 && backwardWeight.isFinite, "backwardWeight", backwardWeight)
            try require(maximumDistance >= 0, "maximumDistance", maximumDistance)
        }
    }

    /// From-item by to-item strengths.
    public let matrix: SparseMatrix

    /// Counts the transitions of a training log.
    public init(training: InteractionLog, configuration: Configuration = .init()) {
        let counts = training.itemCounts()
        var places = [[(user: Int32, place: Int32)]](repeating: [], count: training.itemCount)
        for (user, history) in training.histories.enumerated() {
            for (place, item) in history.enumerated() { places[item].append((Int32(user), Int32(place))) }
        }
        let limit = configuration.maximumDistance
        var offsets = [0]
        var columns: [Int32] = []
        var values: [Float] = []
        // One dense row that is cleared entry by entry: histories are short beside the catalogue.
        var row = [Float](repeating: 0, count: training.itemCount)
        var touched: [Int] = []
        for item in 0..<training.itemCount {
            for (user, place) in places[item] {
                let history = training.histories[Int(user)]
                let place = Int(place)
                let first = limit > 0 ? max(0, place - limit) : 0
                let end = limit > 0 ? min(history.count, place + min(limit, history.count) + 1) : history.count
                for other in first..<end where other != place {
                    let target = history[other]
                    if row[target] == 0 { touched.append(target) }
                    row[target] += (other > place ? 1 : configuration.backwardWeight) / Float(abs(other - place))
                }
            }
            touched.sort()
            for target in touched where row[target] > 0 {
                columns.append(Int32(target))
                values.append(row[target] / (Float(counts[item]) * Float(counts[target])).squareRoot())
                row[target] = 0
            }
            touched.removeAll(keepingCapacity: true)
            offsets.append(columns.count)
        }
        matrix = SparseMatrix(
            rows: training.itemCount, columns: training.itemCount, rowOffsets: offsets, columnIndices: columns,
            values: values)
    }

    /// Takes transitions that were counted before.
    public init(matrix: SparseMatrix) {
        self.matrix = matrix
    }

    /// How strongly the second item follows the first; 0 when they never met in a history.
    public func strength(from first: Int, to second: Int) -> Float {
        let entries = matrix.entries(inRow: first)
        var low = entries.lowerBound
        var high = entries.upperBound
        while low < high {
            let middle = (low + high) / 2
            if matrix.columnIndices[middle] < Int32(second) { low = middle + 1 } else { high = middle }
        }
        return low < entries.upperBound && matrix.columnIndices[low] == Int32(second) ? matrix.values[low] : 0
    }

    /// The items that follow an item most strongly, strongest first; ties go to the smaller index.
    public func strongest(from item: Int, limit: Int) -> [(item: Int, strength: Float)] {
        let entries = matrix.entries(inRow: item).sorted {
            (matrix.values[$1], matrix.columnIndices[$0]) < (matrix.values[$0], matrix.columnIndices[$1])
        }
        return entries.prefix(max(0, limit)).map { (Int(matrix.columnIndices[$0]), matrix.values[$0]) }
    }
}
