import CKernels
import ISRFCore
import ISRFNumerics
import Testing

@Suite("Selection of the greatest")
struct TopKTests {
    /// The greatest by sorting everything.
    static func sorted(_ values: [Float], _ k: Int) -> [Int32] {
        let numbers = values.indices.filter { !values[$0].isNaN }
        return numbers.sorted { (-values[$0], $0) < (-values[$1], $1) }.prefix(k).map(Int32.init)
    }

    static func select(_ kernels: isrf_kernels, _ values: [Float], _ k: Int) -> (indices: [Int32], best: [Float]) {
        var indices = [Int32](repeating: -1, count: k)
        var best = [Float](repeating: .nan, count: k)
        let count = kernels.top_k(values, values.count, k, &indices, &best)
        return (Array(indices[..<count]), Array(best[..<count]))
    }

    @Test("Agrees with sorting", arguments: [.reference] + KernelLevel.vectorised, oddLengths)
    func agreesWithSorting(level: KernelLevel, n: Int) {
        let values = randomMatrix(1, n, seed: 1).elements
        for k in [0, 1, 2, 10, 100, n, n + 3] {
            let expected = TopKTests.sorted(values, k)
            let (indices, best) = TopKTests.select(level.kernels, values, k)
            #expect(indices == expected)
            #expect(best == expected.map { values[Int($0)] })
        }
    }

    @Test("Ties go to the smaller index", arguments: [.reference] + KernelLevel.vectorised)
    func ties(level: KernelLevel) {
        var random = SeededRandom(seed: 2)
        let values = (0..<1000).map { _ in Float(random.index(below: 7)) }
        for k in [1, 5, 150, 400, 1000] {
            #expect(TopKTests.select(level.kernels, values, k).indices == TopKTests.sorted(values, k))
        }
        let equal = [Float](repeating: 1, count: 300)
        #expect(TopKTests.select(level.kernels, equal, 5).indices == [0, 1, 2, 3, 4])
    }

    @Test("Not-a-number is left out, infinities take their places", arguments: [.reference] + KernelLevel.vectorised)
    func notANumber(level: KernelLevel) {
        var values = randomMatrix(1, 500, seed: 3).elements
        for index in stride(from: 0, to: 500, by: 3) { values[index] = .nan }
        values[100] = .infinity
        values[101] = -.infinity
        for k in [1, 20, 333, 400] {
            #expect(TopKTests.select(level.kernels, values, k).indices == TopKTests.sorted(values, k))
        }
        let none = [Float](repeating: .nan, count: 50)
        #expect(TopKTests.select(level.kernels, none, 5).indices.isEmpty)
    }

    @Test("Rising values, each better than all before, come out in falling order", arguments: KernelLevel.vectorised)
    func rising(level: KernelLevel) {
        let values = (0..<2000).map(Float.init)
        #expect(TopKTests.select(level.kernels, values, 3).indices == [1999, 1998, 1997])
        #expect(TopKTests.select(level.kernels, values.reversed(), 3).indices == [0, 1, 2])
    }

    @Test("The greatest of an array, with any count")
    func arrays() {
        let values: [Float] = [1, .nan, 3, 3, -2]
        #expect(values.greatest(2).map(\.index) == [2, 3])
        #expect(values.greatest(10).map(\.index) == [2, 3, 0, 4])
        #expect(values.greatest(10).map(\.value) == [3, 3, 1, -2])
        #expect(values.greatest(0).isEmpty && values.greatest(-1).isEmpty && [Float]().greatest(3).isEmpty)
    }

    @Test("The greatest columns of every row, whatever the number of threads", arguments: [1, 3])
    func rows(threads: Int) {
        var matrix = randomMatrix(23, 40, seed: 4)
        matrix[5, 7] = .nan
        for count in [0, 1, 6, 50] {
            let greatest = matrix.greatestColumns(count, on: Parallelism(threads: threads))
            #expect(greatest.count == 23)
            for (row, found) in greatest.enumerated() {
                #expect(found.map { Int32($0.index) } == TopKTests.sorted(matrix.row(row), count))
                #expect(found.allSatisfy { matrix[row, $0.index] == $0.value })
            }
        }
        #expect(Matrix(rows: 0, columns: 4).greatestColumns(2).isEmpty)
        #expect(Matrix(rows: 2, columns: 0).greatestColumns(2).allSatisfy { $0.isEmpty })
    }
}
