internal import CKernels

/// Self-attention with several heads in which every token looks at the whole of its sequence.
package struct SequenceAttention: Sendable {
    package let width: Int
    package let heads: Int

    package init(width: Int, heads: Int) {
        precondition(heads > 0 && width % heads == 0, "the heads do not divide the width")
        self.width = width
        self.heads = heads
    }

    /// How many numbers `apply` needs as working memory for sequences of at most `length` tokens.
    package func workingCount(length: Int) -> Int { isrf_attention_scratch(width, heads, length) }

    /// - Parameters:
    ///   - projections: Queries, keys and values side by side: 3 x width numbers a token.
    ///   - sequences: Where each sequence begins, and last the number of tokens.
    ///   - working: `workingCount(length:)` numbers for the longest sequence.
    ///   - target: Room for `width` numbers a token.
    package func apply(
        to projections: UnsafePointer<Float>, sequences: [Int32], working: UnsafeMutablePointer<Float>,
        into target: UnsafeMutablePointer<Float>
    ) {
        isrf_attention_forward(
            projections, projections + width, projections + 2 * width, 3 * width, target, width, width, heads,
            sequences, 0, sequences.count - 1, working)
    }
}
