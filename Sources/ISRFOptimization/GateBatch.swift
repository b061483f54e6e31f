internal import ISRFCore
internal import ISRFNumerics

/// The lists of candidates that one step of learning a gate reads.
struct GateBatch {
    /// The candidates of one case.
    struct List {
        /// Entries of the table.
        var entries: [Int]
        /// The place of the right one.
        var target: Int
        var historyLength: Int

        /// What the gate reads: for each input a number for each entry.
        func inputs(_ table: CandidateTable, _ weights: ScoreWeights) -> [[Float]] {
            inputs(table.transformed(entries, weights), weights)
        }

        fileprivate func inputs(_ values: [[Float]], _ weights: ScoreWeights) -> [[Float]] {
            var sum = [Float](repeating: 0, count: entries.count)
            sum.withUnsafeMutableBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                Pointers.to(values) {
                    ViewGate.writeGenerativeSum(of: $0, weights: weights, into: base, count: entries.count)
                }
            }
            let length = ViewGate.input(ofHistoryLength: historyLength)
            return [sum] + values + [Array(repeating: length, count: entries.count)]
        }
    }

    private let inputs: Matrix
    private let generative: Matrix
    private let direct: Matrix
    private let padding: Matrix
    private let targets: Matrix

    init(
        _ lists: [List], _ table: CandidateTable, _ weights: ScoreWeights, means: [Float], deviations: [Float]
    ) {
        let width = lists.reduce(0) { max($0, $1.entries.count) }
        let rows = lists.count * width
        var inputs = Matrix(rows: rows, columns: ViewGate.inputCount)
        var generative = Matrix(rows: rows, columns: ViewGate.generativeViews.count)
        var direct = Matrix(rows: rows, columns: ViewGate.directViews.count)
        // Lists shorter than the longest are filled up with candidates that cannot win.
        var padding = Matrix(rows: lists.count, columns: width, repeating: -1e4)
        var targets = Matrix(rows: lists.count, columns: width)
        for (index, list) in lists.enumerated() {
            targets[index, list.target] = 1
            let values = table.transformed(list.entries, weights)
            let own = list.inputs(values, weights)
            for place in list.entries.indices {
                let row = index * width + place
                padding[index, place] = 0
                for column in 0..<ViewGate.inputCount {
                    inputs[row, column] = (own[column][place] - means[column]) / deviations[column]
                }
                var (left, right) = (0, 0)
                for (view, values) in zip(ScoreView.allCases, values) {
                    let part = (weights.terms[view]?.weight ?? 0) * values[place]
                    if view.isGenerative {
                        generative[row, left] = part
                        left += 1
                    } else {
                        direct[row, right] = part
                        right += 1
                    }
                }
            }
        }
        (self.inputs, self.generative, self.direct) = (inputs, generative, direct)
        (self.padding, self.targets) = (padding, targets)
    }

    /// The mean cross-entropy of the lists.
    func loss(on tape: Tape, parameters: [String: Variable]) -> Variable {
        guard let factors = parameters["generative"] else { preconditionFailure("a layer is missing") }
        let gated = ViewGate.factors(of: tape.constant(inputs), parameters: parameters)
            .multiplied(elementwise: tape.constant(direct))
            .multiplied(by: tape.constant(Matrix(rows: direct.columns, columns: 1, repeating: 1)))
        let shared = tape.constant(generative)
            .multiplied(by: factors.sigmoid().scaled(by: ViewGate.greatest), transposeOther: true)
        return ((gated + shared).reshaped(rows: targets.rows, columns: targets.columns) + tape.constant(padding))
            .crossEntropy(against: targets)
    }
}

extension CandidateTable {
    /// The score of every candidate under weights and a gate.
    func totals(_ weights: ScoreWeights, _ gate: ViewGate, on parallelism: Parallelism) -> [Float] {
        var totals = [Float](repeating: 0, count: entryCount)
        let composer = ScoreComposer(ScoreWeights(terms: weights.terms, gate: gate))
        totals.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            nonisolated(unsafe) let totals = base
            parallelism.forRanges(count) { range, _ in
                for index in range {
                    let entries = entries(ofCase: index).range
                    Pointers.to(transformed(Array(entries), weights)) {
                        composer.compose(
                            $0, count: entries.count, historyLength: historyLength(ofCase: index)
                        ) { _, items, additions in
                            let target = totals + entries.lowerBound + items.lowerBound
                            GateKernels.add(additions, scaledBy: 1, to: target, count: items.count)
                        }
                    }
                }
            }
        }
        return totals
    }
}
