import ISRFKit
import Testing

@testable import ISRFOptimization

@Suite("Known items that lend to new ones")
struct ItemLendersTests {
    static let known = 14
    static let texts = randomMatrix(17, 3, seed: 4).normalizedRows()
    /// Known items have one of three attributes or none; the first new item has two of those, the second an attribute
    /// that no known item has, the third none.
    static let attributes = SparseMatrix(
        rows: 17, columns: 4,
        entries: (0..<12).map { ($0, $0 % 3, 1) } + [(14, 0, 0.8), (14, 1, 0.6), (15, 3, 1)])

    static func similarity(_ new: Int, _ item: Int) -> Double {
        let rows = attributes.dense()
        return max(0, dot(texts.row(new), texts.row(item))) + dot(rows.row(new), rows.row(item))
    }

    static func lenders(_ known: Int, _ texts: Matrix, _ attributes: SparseMatrix) -> ItemLenders {
        ItemLenders(
            knownItems: known, textVectors: texts, attributes: attributes,
            itemsByAttribute: attributes.transposed())
    }

    @Test("A new item has the weighted mean of the ten that are most like it, and known ones keep what they have")
    func lends() {
        let lenders = Self.lenders(Self.known, Self.texts, Self.attributes)
        let before = randomMatrix(3, 17, seed: 5)
        var after = before
        lenders.lend(&after)
        for row in 0..<3 {
            #expect(Array(after.row(row).prefix(Self.known)) == Array(before.row(row).prefix(Self.known)))
            for new in Self.known..<17 {
                let best = (0..<Self.known).map { (item: $0, likeness: Self.similarity(new, $0)) }
                    .filter { $0.likeness > 0 }.sorted { $0.likeness > $1.likeness }.prefix(10)
                let total = best.reduce(0) { $0 + $1.likeness }
                let mean = best.reduce(0) { $0 + $1.likeness / total * Double(before[row, $1.item]) }
                #expect(abs(Double(after[row, new]) - mean) < 1e-5)
            }
        }
        // The first new item is like more than ten, so that the limit has been met.
        #expect((0..<Self.known).count { Self.similarity(14, $0) > 0 } > 10)
        #expect(lenders.shares[0].count == 10)
    }

    @Test("An item that is like no known one borrows nothing, and many new ones are found lenders like few")
    func extremes() {
        let texts = Matrix([[1, 0], [0.8, 0.6], [-1, 0]])
        let nothing = SparseMatrix(rows: 3, columns: 0, entries: [])
        var values = Matrix([[2, 4, 6]])
        Self.lenders(2, texts, nothing).lend(&values)
        #expect(values.elements == [2, 4, 0])
        let all = Self.lenders(3, texts, nothing)
        #expect(all.shares.isEmpty)

        let many = Matrix(rows: 600, columns: 2, elements: (0..<300).flatMap { _ in [1, 0, 0, 1] as [Float] })
        let lenders = Self.lenders(2, many, SparseMatrix(rows: 600, columns: 0, entries: []))
        #expect(lenders.shares.count == 598)
        for (place, shares) in lenders.shares.enumerated() {
            #expect(shares.map(\.item) == [place % 2] && shares.map(\.share) == [1])
        }
    }
}
