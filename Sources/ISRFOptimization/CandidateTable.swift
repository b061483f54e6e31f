internal import ISRFCore
internal import ISRFNumerics

/// The candidates of validation cases with the value of every view.
struct CandidateTable: Sendable {
    private var cases = 0..<0
    private var offsets = [0]
    private var targets: [Int] = []
    private var lengths: [Int] = []
    private var values: [[Float]] = ScoreView.allCases.map { _ in [] }

    /// Adds a case.
    /// - Parameters:
    ///   - row: The case's row in `matrices`.
    ///   - items: The candidates, the target among them.
    ///   - length: The number of items in the case's history.
    ///   - matrices: The values of each view for all items; an empty matrix for a view without values.
    mutating func append(row: Int, items: [Int], target: Int, length: Int, values matrices: [Matrix]) {
        lengths.append(length)
        targets.append((offsets.last ?? 0) + (items.firstIndex(of: target) ?? 0))
        offsets.append((offsets.last ?? 0) + items.count)
        for (view, matrix) in matrices.enumerated() {
            values[view].append(contentsOf: items.map { matrix.rows > 0 ? matrix[row, $0] : 0 })
        }
        cases = 0..<targets.count
    }

    /// Some of the cases, counted from 0 again. Nothing is copied.
    func part(_ range: Range<Int>) -> CandidateTable {
        var part = self
        part.cases = cases.lowerBound + range.lowerBound..<cases.lowerBound + range.upperBound
        return part
    }

    private var firstEntry: Int { offsets[cases.lowerBound] }

    /// The score of every candidate under some weights.
    func totals(_ weights: ScoreWeights, on parallelism: Parallelism) -> [Float] {
        var totals = [Float](repeating: 0, count: entryCount)
        for view in ScoreView.allCases {
            if let term = weights.terms[view] { add(view, term, sign: 1, to: &totals, on: parallelism) }
        }
        return totals
    }

    /// Adds one view's part to the scores, or takes it away.
    func add(
        _ view: ScoreView, _ term: ScoreWeights.Term, sign: Float, to totals: inout [Float],
        on parallelism: Parallelism
    ) {
        guard term.weight != 0, let index = ScoreView.allCases.firstIndex(of: view) else { return }
        let weight = sign * term.weight
        totals.withUnsafeMutableBufferPointer { totals in
            values[index].withUnsafeBufferPointer { values in
                guard let totals = totals.baseAddress, let values = values.baseAddress else { return }
                nonisolated(unsafe) let (sums, said) = (totals, values + firstEntry)
                parallelism.forRanges(entryCount) { range, _ in
                    if view.isGenerative {
                        let start = range.lowerBound
                        GateKernels.add(said + start, scaledBy: weight, to: sums + start, count: range.count)
                    } else {
                        addLogarithms(said, term.scale, weight, to: sums, range)
                    }
                }
            }
        }
    }

    private func addLogarithms(
        _ values: UnsafePointer<Float>, _ scale: Float, _ weight: Float, to totals: UnsafeMutablePointer<Float>,
        _ range: Range<Int>
    ) {
        let block = 1024
        withUnsafeTemporaryAllocation(of: Float.self, capacity: block) { buffer in
            guard let logarithms = buffer.baseAddress else { return }
            for start in stride(from: range.lowerBound, to: range.upperBound, by: block) {
                let count = min(block, range.upperBound - start)
                logarithms.initialize(from: values + start, count: count)
                GateKernels.takeLogarithms(of: logarithms, scale: scale, count: count)
                GateKernels.add(logarithms, scaledBy: weight, to: totals + start, count: count)
            }
        }
    }

    /// The number of candidates of all cases together.
    var entryCount: Int { offsets[cases.upperBound] - firstEntry }

    /// The number of cases.
    var count: Int { cases.count }

    /// The entries of one case, and the one among them that is right.
    func entries(ofCase index: Int) -> (range: Range<Int>, target: Int) {
        let place = cases.lowerBound + index
        return (offsets[place] - firstEntry..<offsets[place + 1] - firstEntry, targets[place] - firstEntry)
    }

    /// How many items a case's history has.
    func historyLength(ofCase index: Int) -> Int { lengths[cases.lowerBound + index] }

    /// What the views say of some entries: for each view logits, or direct values after their logarithm.
    func transformed(_ entries: [Int], _ weights: ScoreWeights) -> [[Float]] {
        zip(ScoreView.allCases, values).map { view, values in
            guard let term = weights.terms[view] else { return Array(repeating: 0, count: entries.count) }
            var own = entries.map { values[firstEntry + $0] }
            if view.isGenerative { return own }
            own.withUnsafeMutableBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                GateKernels.takeLogarithms(of: base, scale: term.scale, count: buffer.count)
            }
            return own
        }
    }

    /// The mean NDCG@10 of the cases under some scores; a tie counts against us.
    func ndcg10(_ totals: [Float], on parallelism: Parallelism) -> Double {
        gains(totals, on: parallelism).reduce(0, +) / Double(max(1, count))
    }

    /// The NDCG@10 of each case under some scores; a tie counts against us.
    func gains(_ totals: [Float], on parallelism: Parallelism) -> [Double] {
        var gains = [Double](repeating: 0, count: count)
        gains.withUnsafeMutableBufferPointer { gains in
            totals.withUnsafeBufferPointer { totals in
                nonisolated(unsafe) let (gains, totals) = (gains, totals)
                parallelism.forRanges(count) { range, _ in
                    for row in range {
                        let (entries, target) = entries(ofCase: row)
                        let own = totals[target]
                        var rank = -1
                        // Written so that a score that is not a number takes the last place, not the first.
                        for entry in entries where !(totals[entry] < own) { rank += 1 }
                        gains[row] = rank < 10 ? 1 / logarithm2(Double(rank) + 2) : 0
                    }
                }
            }
        }
        return gains
    }
}
