import ISRFNumerics

extension DifferentiableOperation {
    static let linear: [Self] = {
        var list: [Self] = []
        let (left, right) = (randomMatrix(4, 3, seed: 1), randomMatrix(3, 5, seed: 2))
        list.append(
            .init(
                "product", [left, right], record: { $0[0].multiplied(by: $0[1]) }, definition: { $0[0].times($0[1]) })
        )
        list.append(
            .init(
                "product with a transpose", [left, right.transposed()],
                record: { $0[0].multiplied(by: $0[1], transposeOther: true) },
                definition: { $0[0].times($0[1].transposed) }))
        list.append(
            .init(
                "product with its own transpose", [left],
                record: { $0[0].multiplied(by: $0[0], transposeOther: true) },
                definition: { $0[0].times($0[0].transposed) }))
        let other = randomMatrix(4, 3, seed: 3)
        list.append(.init("sum of two", [left, other], record: { $0[0] + $0[1] }, definition: { $0[0].plus($0[1]) }))
        list.append(.init("sum with itself", [left], record: { $0[0] + $0[0] }, definition: { $0[0].plus($0[0]) }))
        list.append(
            .init("multiple", [left], record: { $0[0].scaled(by: -2.5) }, definition: { $0[0].mapped { -2.5 * $0 } }))
        list.append(
            .init(
                "multiple by a learned number", [left, Matrix([[1.5]])], record: { $0[0].scaled(by: $0[1]) },
                definition: { grids in grids[0].mapped { $0 * grids[1][0, 0] } }))
        let row = randomMatrix(1, 3, seed: 4)
        list.append(
            .init(
                "sum with a row", [left, row], record: { $0[0].adding(row: $0[1]) },
                definition: { grids in
                    Grid(rows: 4, columns: 3) { grids[0][$0, $1] + grids[1][0, $1] }
                }))
        list.append(
            .init(
                "product of elements", [left, other], record: { $0[0].multiplied(elementwise: $0[1]) },
                definition: { grids in Grid(rows: 4, columns: 3) { grids[0][$0, $1] * grids[1][$0, $1] } }))
        list.append(
            .init(
                "product of elements with a row", [left, row], record: { $0[0].multiplied(elementwise: $0[1]) },
                definition: { grids in Grid(rows: 4, columns: 3) { grids[0][$0, $1] * grids[1][0, $1] } }))
        list.append(
            .init(
                "product of the elements of two rows", [row, randomMatrix(1, 3, seed: 5)],
                record: { $0[0].multiplied(elementwise: $0[1]) },
                definition: { grids in Grid(rows: 1, columns: 3) { grids[0][$0, $1] * grids[1][$0, $1] } }))
        list.append(
            .init(
                "square", [left], record: { $0[0].multiplied(elementwise: $0[0]) },
                definition: { $0[0].mapped { $0 * $0 } }))
        list.append(
            .init(
                "sum of all", [left], record: { $0[0].sum() }, definition: { Grid($0[0].elements.reduce(0, +)) }))
        let sparse = randomSparse(9, 4, density: 0.5, seed: 6)
        list.append(
            .init(
                "sparse product", [left], record: { $0[0].multiplied(byLeft: sparse) },
                definition: { Grid(sparse.dense()).times($0[0]) }))
        list.append(
            .init(
                "sparse product whose transpose is known", [left],
                record: { $0[0].multiplied(byLeft: sparse, transpose: sparse.transposed()) },
                definition: { Grid(sparse.dense()).times($0[0]) }))
        return list
    }()

    static let selections: [Self] = {
        var list: [Self] = []
        let matrix = randomMatrix(5, 3, seed: 7)
        list.append(
            .init(
                "rows in another order, some twice, some never", [matrix],
                record: { $0[0].gathered(rows: [4, 0, 4, 2, 0, 4]) },
                definition: { $0[0].selecting([4, 0, 4, 2, 0, 4]) }))
        list.append(
            .init(
                "another shape", [matrix],
                record: { $0[0].reshaped(rows: $0[0].columns, columns: $0[0].rows) },
                definition: { grids in
                    Grid(rows: grids[0].columns, columns: grids[0].rows) { row, column in
                        let place = row * grids[0].rows + column
                        return grids[0][place / grids[0].columns, place % grids[0].columns]
                    }
                }))
        list.append(
            .init("a run of rows", [matrix], record: { $0[0].rows(1..<4) }, definition: { $0[0].selecting([1, 2, 3]) }))
        list.append(
            .init(
                "rows above others", [matrix, randomMatrix(2, 3, seed: 8)], record: { $0[0].stacked(above: $0[1]) },
                definition: { grids in
                    Grid(rows: 7, columns: 3) { $0 < 5 ? grids[0][$0, $1] : grids[1][$0 - 5, $1] }
                }))
        list.append(
            .init(
                "rows above themselves", [matrix], record: { $0[0].stacked(above: $0[0]) },
                definition: { $0[0].selecting([0, 1, 2, 3, 4, 0, 1, 2, 3, 4]) }))
        return list
    }()
}
