import ISRFNumerics

extension DifferentiableOperation {
    static let losses: [Self] = {
        var list: [Self] = []
        let (hidden, table) = (randomMatrix(6, 4, seed: 20), randomMatrix(9, 4, seed: 21))
        let targets = [8, 0, 3, 3, 5, 0]
        let weights: [Float] = [1, 0.5, 0, 2, 0.25, 3]
        list.append(
            .init(
                "cross-entropy over a catalogue", [hidden, table],
                record: { $0[0].crossEntropy(over: $0[1], targets: targets) },
                definition: {
                    catalogueCrossEntropy($0[0], $0[1], targets: targets, weights: Array(repeating: 1, count: 6))
                }))
        list.append(
            .init(
                "weighted cross-entropy over a catalogue", [hidden, table],
                record: { $0[0].crossEntropy(over: $0[1], targets: targets, weights: weights) },
                definition: {
                    catalogueCrossEntropy($0[0], $0[1], targets: targets, weights: weights.map(Double.init))
                }))
        list.append(
            .init(
                "cross-entropy over itself", [hidden],
                record: { $0[0].crossEntropy(over: $0[0], targets: [5, 4, 3, 2, 1, 0]) },
                definition: {
                    catalogueCrossEntropy(
                        $0[0], $0[0], targets: [5, 4, 3, 2, 1, 0], weights: Array(repeating: 1, count: 6))
                }))
        let candidates = [[8, 0, 0], [1, 2, 3], [0, 8, 4], [7, 7, 7], [6, 5, 4], [0, 1, 2]]
        list.append(
            .init(
                "scores of candidates", [hidden, table], record: { $0[0].scores(of: candidates, in: $0[1]) },
                definition: { grids in
                    Grid(rows: 6, columns: 3) { row, place in
                        let candidate = grids[1].row(candidates[row][place])
                        return zip(grids[0].row(row), candidate).reduce(0) { $0 + $1.0 * $1.1 }
                    }
                }))
        // One row of zeros and one that sums to a half.
        let distribution = Matrix([
            [0.2, 0.3, 0.5, 0], [0, 0, 0, 0], [1, 0, 0, 0], [0.25, 0.25, 0.25, 0.25], [0, 0.5, 0, 0], [0, 0, 0.9, 0.1],
        ])
        list.append(
            .init(
                "cross-entropy against distributions", [hidden], record: { $0[0].crossEntropy(against: distribution) },
                definition: { grids in
                    let targets = Grid(distribution)
                    let losses = (0..<6).map { row in
                        (0..<4).reduce(0.0) {
                            $0 - targets[row, $1] * (grids[0][row, $1] - grids[0].logSumExp(row))
                        }
                    }
                    return Grid(losses.reduce(0, +) / 6)
                }))
        return list
    }()
}

/// The weighted mean over rows of -log softmax(hidden tableᵀ)[target].
func catalogueCrossEntropy(_ hidden: Grid, _ table: Grid, targets: [Int], weights: [Double]) -> Grid {
    let logits = hidden.times(table.transposed)
    let loss = targets.enumerated().reduce(0.0) { sum, entry in
        sum + weights[entry.offset] * (logits.logSumExp(entry.offset) - logits[entry.offset, entry.element])
    }
    return Grid(loss / weights.reduce(0, +))
}
