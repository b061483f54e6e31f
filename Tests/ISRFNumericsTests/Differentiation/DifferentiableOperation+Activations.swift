import Foundation
import ISRFCore
import ISRFNumerics

extension DifferentiableOperation {
    static let activations: [Self] = {
        var list: [Self] = []
        let matrix = randomMatrix(4, 7, seed: 10)
        list.append(
            .init(
                "GELU", [matrix.scaled(by: 2)], record: { $0[0].gelu() },
                definition: {
                    $0[0].mapped { x in
                        0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
                    }
                }))
        list.append(
            .init(
                "logistic function", [matrix.scaled(by: 2)], record: { $0[0].sigmoid() },
                definition: { $0[0].mapped { 1 / (1 + exp(-$0)) } }))
        for epsilon in [1e-6, 0.5] as [Float] {
            list.append(
                .init(
                    "root mean square normalisation, epsilon \(epsilon)", [matrix, randomMatrix(1, 7, seed: 11)],
                    record: { $0[0].rootMeanSquareNormalized(gain: $0[1], epsilon: epsilon) },
                    definition: { grids in
                        Grid(rows: 4, columns: 7) { row, column in
                            let square = grids[0].row(row).reduce(0) { $0 + $1 * $1 } / 7
                            return grids[1][0, column] * grids[0][row, column]
                                / (square + Double(epsilon)).squareRoot()
                        }
                    }))
        }
        list.append(
            .init(
                "unit rows", [matrix], record: { $0[0].unitRows() },
                definition: { grids in
                    Grid(rows: 4, columns: 7) { grids[0][$0, $1] / grids[0].length($0) }
                }))
        // The first row is far shorter than epsilon, the others are longer.
        let uneven = Matrix([[0.1, -0.2, 0.05]]).appendingRows(of: randomMatrix(3, 3, seed: 12).scaled(by: 4))
        list.append(
            .init(
                "unit rows, one shorter than epsilon", [uneven], record: { $0[0].unitRows(epsilon: 0.5) },
                definition: { grids in
                    Grid(rows: 4, columns: 3) { grids[0][$0, $1] / max(0.5, grids[0].length($0)) }
                }))
        for wholeRows in [false, true] {
            // The same seed gives the same mask; another test looks at masks themselves.
            let mask = dropoutMask(0.4, rows: 4, columns: 7, wholeRows: wholeRows, seed: 13)
            list.append(
                .init(
                    wholeRows ? "dropout of whole rows" : "dropout", [matrix],
                    record: {
                        var random = SeededRandom(seed: 13)
                        return $0[0].dropout(0.4, wholeRows: wholeRows, using: &random)
                    },
                    definition: { grids in
                        Grid(rows: 4, columns: 7) { grids[0][$0, $1] * Double(mask[$0, $1]) }
                    }))
        }
        return list
    }()

    static let attention: [Self] = {
        let sequenceLists = [[0, 5], [0, 1, 1, 4, 5], [0, 3, 4, 4, 9, 11, 12, 14, 15, 18]]
        return sequenceLists.flatMap { sequences in
            [1, 3].map { heads in
                let tokens = sequences[sequences.count - 1]
                return Self(
                    "causal self-attention with \(heads) heads over \(sequences)",
                    [randomMatrix(tokens, 18, seed: 14)],
                    record: { $0[0].causalSelfAttention(heads: heads, sequences: sequences) },
                    definition: { causalAttention($0[0], width: 6, heads: heads, sequences: sequences) })
            }
        }
    }()

    /// Attention by its definition, one head of one position at a time.
    private static func causalAttention(_ fused: Grid, width: Int, heads: Int, sequences: [Int]) -> Grid {
        let headWidth = width / heads
        return Grid(rows: fused.rows, columns: width) { row, column in
            let start = sequences.last { $0 <= row } ?? 0
            let first = column / headWidth * headWidth
            let scores = Grid(rows: 1, columns: row - start + 1) { _, place in
                (first..<first + headWidth).reduce(0) { $0 + fused[row, $1] * fused[start + place, width + $1] }
                    / Double(headWidth).squareRoot()
            }.softmax
            return (start...row).reduce(0) { $0 + scores[0, $1 - start] * fused[$1, 2 * width + column] }
        }
    }
}

/// What dropout multiplies each element with.
func dropoutMask(_ probability: Float, rows: Int, columns: Int, wholeRows: Bool, seed: UInt64) -> Matrix {
    var random = SeededRandom(seed: seed)
    return Tape().constant(Matrix(rows: rows, columns: columns, repeating: 1))
        .dropout(probability, wholeRows: wholeRows, using: &random).value
}
