internal import ISRFCore
internal import ISRFNumerics

/// The known items that lend to new ones what interactions say: for each new item those most like it.
struct ItemLenders: Sendable {
    /// How many known items lend to a new one, at most.
    static let greatestCount = 10

    /// The items that were there at training; new ones come after them.
    let knownItems: Int
    /// For each new item known ones and their shares, which add up to 1; none where no known item is like it.
    let shares: [[(item: Int, share: Float)]]

    /// Finds the lenders.
    ///
    /// Two items are as alike as the cosines of their text vectors and of their attributes add up to.
    /// - Parameters:
    ///   - textVectors: One unit row for each item, known ones first.
    ///   - attributes: One row of unit length for each item, or an empty one.
    ///   - itemsByAttribute: The transpose of `attributes`.
    init(knownItems: Int, textVectors: Matrix, attributes: SparseMatrix, itemsByAttribute: SparseMatrix) {
        self.knownItems = knownItems
        guard knownItems > 0, knownItems < textVectors.rows else {
            shares = Array(repeating: [], count: textVectors.rows - knownItems)
            return
        }
        let knownTexts = textVectors.selectingRows(Array(0..<knownItems))
        var shares: [[(item: Int, share: Float)]] = []
        // The similarities of a block are kept at once, not those of all new items.
        for first in stride(from: knownItems, to: textVectors.rows, by: 256) {
            let block = first..<min(first + 256, textVectors.rows)
            var similarity = textVectors.selectingRows(Array(block)).multiplied(by: knownTexts, transposeOther: true)
            for (row, item) in block.enumerated() {
                for known in 0..<knownItems { similarity[row, known] = max(0, similarity[row, known]) }
                for own in attributes.entries(inRow: item) {
                    for entry in itemsByAttribute.entries(inRow: Int(attributes.columnIndices[own])) {
                        let other = Int(itemsByAttribute.columnIndices[entry])
                        guard other < knownItems else { break }
                        similarity[row, other] += attributes.values[own] * itemsByAttribute.values[entry]
                    }
                }
                shares.append(ItemLenders.shares(of: similarity.row(row)))
            }
        }
        self.shares = shares
    }

    /// The known items that lend to one that is like them, and their shares.
    /// - Parameter similarity: One number for each known item; those of 0 or less lend nothing.
    static func shares(of similarity: [Float]) -> [(item: Int, share: Float)] {
        let lenders = similarity.greatest(greatestCount).filter { $0.value > 0 }
        let total = lenders.reduce(0) { $0 + $1.value }
        return lenders.map { ($0.index, $0.value / total) }
    }

    /// Gives every new item the mean of what its lenders have, weighted by their shares.
    /// - Parameter values: One column for each item; those of new items are replaced.
    func lend(_ values: inout Matrix) {
        for row in 0..<values.rows {
            for (place, lenders) in shares.enumerated() {
                values[row, knownItems + place] = lenders.reduce(0) { $0 + $1.share * values[row, $1.item] }
            }
        }
    }
}
