import CKernels
import ISRFCore
import Testing

@testable import ISRFNumerics

@Suite("Products in bfloat16", .enabled(if: BFloat16CatalogueProducts.isSupported))
struct BFloat16KernelTests {
    /// A number with the 8 bits of precision that are nearest to it, ties to even.
    static func rounded(_ number: Float) -> Float {
        let bits = number.bitPattern
        return Float(bitPattern: (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff_0000)
    }

    static func rounded(_ matrix: Matrix) -> Matrix {
        Matrix(rows: matrix.rows, columns: matrix.columns, elements: matrix.elements.map { rounded($0) })
    }

    @Test(
        "The three products are those of the rounded factors",
        arguments: [(1, 1, 16), (5, 7, 16), (13, 65, 32), (7, 130, 144), (20, 49, 128), (34, 600, 48)], [1, 3])
    func products(shape: (rows: Int, choices: Int, width: Int), threads: Int) {
        let (rows, choices, width) = shape
        let hidden = randomMatrix(rows, width, seed: 1)
        let table = randomMatrix(choices, width, seed: 2)
        let slopes = randomMatrix(rows, choices, seed: 3)
        var logits = Matrix(rows: rows, columns: choices, repeating: .nan)
        var hiddenShare = Matrix(rows: rows, columns: width, repeating: .nan)
        let old = randomMatrix(choices, width, seed: 4)
        var tableShare = old
        table.withElements { elements in
            guard
                let products = BFloat16CatalogueProducts(
                    table: elements, choices: choices, width: width, blockRows: rows,
                    on: Parallelism(threads: threads))
            else { return }
            defer { products.deallocate() }
            // In two parts, as threads would do it.
            for part in [0..<rows / 2, rows / 2..<rows] {
                hidden.withElements { hidden in
                    logits.elements.withUnsafeMutableBufferPointer {
                        products.writeLogits(
                            of: hidden + part.lowerBound * width, rows: part,
                            into: $0.baseAddress! + part.lowerBound * choices)
                    }
                }
                slopes.withElements { slopes in
                    hiddenShare.elements.withUnsafeMutableBufferPointer {
                        products.writeHiddenShare(
                            of: slopes + part.lowerBound * choices, rows: part,
                            into: $0.baseAddress! + part.lowerBound * width)
                    }
                }
            }
            for part in [0..<choices / 2, choices / 2..<choices] {
                slopes.withElements { slopes in
                    hidden.withElements { hidden in
                        tableShare.elements.withUnsafeMutableBufferPointer {
                            products.addTableShare(
                                of: slopes, hidden: hidden, rows: rows, choices: part, into: $0.baseAddress!)
                        }
                    }
                }
            }
        }
        let (h, t, s) = (
            BFloat16KernelTests.rounded(hidden), BFloat16KernelTests.rounded(table),
            BFloat16KernelTests.rounded(slopes)
        )
        #expect(distance(logits, product(h, t.transposed())) < 1e-4)
        #expect(distance(hiddenShare, product(s, t)) < 1e-4)
        #expect(distance(tableShare, product(s.transposed(), h).adding(old)) < 1e-4)
    }

    @Test("Not-a-number and infinity in a factor show up in the product")
    func notFinite() {
        var hidden = randomMatrix(7, 16, seed: 1)
        hidden[2, 3] = .nan
        hidden[6, 0] = .infinity
        let table = randomMatrix(5, 16, seed: 2)
        var logits = Matrix(rows: 7, columns: 5)
        table.withElements { elements in
            guard
                let products = BFloat16CatalogueProducts(
                    table: elements, choices: 5, width: 16, blockRows: 7, on: .serial)
            else { return }
            defer { products.deallocate() }
            hidden.withElements { hidden in
                logits.elements.withUnsafeMutableBufferPointer {
                    products.writeLogits(of: hidden, rows: 0..<7, into: $0.baseAddress!)
                }
            }
        }
        for row in 0..<7 { #expect(logits.row(row).allSatisfy(\.isFinite) == (row != 2 && row != 6)) }
    }

    @Test("Loss and gradients are near those in single precision, and the same whatever the number of threads")
    func crossEntropy() {
        let (rows, choices, width) = (90, 700, 64)
        let hidden = randomMatrix(rows, width, seed: 1)
        let table = randomMatrix(choices, width, seed: 2).scaled(by: 0.3)
        let targets = (0..<rows).map { $0 * 7 % choices }
        func results(_ reducedPrecision: Bool, threads: Int) -> (loss: Float, hidden: Matrix, table: Matrix) {
            let tape = Tape(parallelism: Parallelism(threads: threads))
            let (h, t) = (tape.variable(hidden), tape.variable(table))
            let loss = h.crossEntropy(over: t, targets: targets, reducedPrecision: reducedPrecision)
            tape.backward(from: loss)
            return (loss.scalar, tape.gradient(of: h), tape.gradient(of: t))
        }
        let (single, reduced) = (results(false, threads: 1), results(true, threads: 1))
        #expect(abs(single.loss - reduced.loss) < 2e-3 && single.loss != reduced.loss)
        for (exact, near) in [(single.hidden, reduced.hidden), (single.table, reduced.table)] {
            let scale = exact.elements.reduce(0) { max($0, abs($1)) }
            #expect(distance(exact, near) < 0.01 * scale)
        }
        let threaded = results(true, threads: 3)
        #expect(threaded.loss == reduced.loss && threaded.hidden == reduced.hidden && threaded.table == reduced.table)
    }

    @Test("Where widths are no multiples of 16, products are in single precision")
    func otherWidths() {
        let (hidden, table) = (randomMatrix(6, 10, seed: 1), randomMatrix(9, 10, seed: 2))
        let losses = [false, true].map { reducedPrecision in
            let tape = Tape()
            return tape.variable(hidden).crossEntropy(
                over: tape.variable(table), targets: [0, 1, 2, 3, 4, 5], reducedPrecision: reducedPrecision
            ).scalar
        }
        #expect(losses[0] == losses[1])
    }
}
