internal import CKernels
internal import ISRFCore

/// The matrix products of a softmax over a catalogue, each on the calling thread alone.
///
/// A block of `hidden` rows meets the whole `table`, which has one row for each choice.
protocol CatalogueProducts: Sendable {
    /// Writes the logits of some rows: one row for each, one column for each choice.
    /// - Parameter rows: Where the rows stand in their block.
    func writeLogits(of hidden: UnsafePointer<Float>, rows: Range<Int>, into logits: UnsafeMutablePointer<Float>)

    /// Writes the gradients of some rows from the slopes of their logits.
    /// - Parameter rows: Where the rows stand in their block.
    func writeHiddenShare(of slopes: UnsafePointer<Float>, rows: Range<Int>, into share: UnsafeMutablePointer<Float>)

    /// Adds to the gradients of some choices what the slopes of a whole block say.
    func addTableShare(
        of slopes: UnsafePointer<Float>, hidden: UnsafePointer<Float>, rows: Int, choices: Range<Int>,
        into share: UnsafeMutablePointer<Float>)
}

/// Products of single-precision numbers.
struct SingleCatalogueProducts: CatalogueProducts {
    nonisolated(unsafe) let table: UnsafePointer<Float>
    let choices: Int
    let width: Int

    func writeLogits(of hidden: UnsafePointer<Float>, rows: Range<Int>, into logits: UnsafeMutablePointer<Float>) {
        BLAS.gemm(
            transposeB: true, rows: rows.count, columns: choices, inner: width, a: hidden, lda: width, b: table,
            ldb: width, c: logits, ldc: choices)
    }

    func writeHiddenShare(of slopes: UnsafePointer<Float>, rows: Range<Int>, into share: UnsafeMutablePointer<Float>) {
        BLAS.gemm(
            rows: rows.count, columns: width, inner: choices, a: slopes, lda: choices, b: table, ldb: width, c: share,
            ldc: width)
    }

    func addTableShare(
        of slopes: UnsafePointer<Float>, hidden: UnsafePointer<Float>, rows: Int, choices range: Range<Int>,
        into share: UnsafeMutablePointer<Float>
    ) {
        BLAS.gemm(
            transposeA: true, rows: range.count, columns: width, inner: rows, a: slopes + range.lowerBound,
            lda: choices, b: hidden, ldb: width, beta: 1, c: share + range.lowerBound * width, ldc: width)
    }
}

/// Products of numbers rounded to bfloat16, which has 8 bits of precision; sums are in single precision.
struct BFloat16CatalogueProducts: CatalogueProducts {
    let choices: Int
    let width: Int
    // The rounded table in the layouts of the two products, then space for the rounded rows and slopes of a block.
    nonisolated(unsafe) private let memory: UnsafeMutablePointer<UInt16>
    private let pairs: Int
    private let roundedRows: Int
    private let roundedSlopes: Int

    /// Whether the processor has such products.
    static var isSupported: Bool { isrf_bfloat16_is_supported() != 0 }

    /// Rounds a table; its memory is the caller's to give back (`deallocate`).
    /// - Parameter blockRows: The greatest number of rows of a block.
    /// - Returns: Nil where such products do not exist: on other processors, and for widths that are no multiple of 16.
    init?(
        table: UnsafePointer<Float>, choices: Int, width: Int, blockRows: Int, on parallelism: Parallelism
    ) {
        guard BFloat16CatalogueProducts.isSupported, width > 0, width % 16 == 0, choices > 0 else { return nil }
        self.choices = choices
        self.width = width
        let panel = Int(ISRF_BFLOAT16_PANEL)
        let (panelCount, pairCount) = ((choices + panel - 1) / panel, (choices + 1) / 2)
        pairs = panelCount * panel * width
        roundedRows = pairs + 2 * pairCount * width
        roundedSlopes = roundedRows + blockRows * width
        memory = .allocate(capacity: roundedSlopes + blockRows * 2 * pairCount)
        let (target, second) = (memory, memory + pairs)
        nonisolated(unsafe) let (table, panels, pairs) = (table, target, second)
        parallelism.forRanges(panelCount, minimum: 8) { range, _ in
            isrf_bfloat16_panels(table, choices, width, range.lowerBound, range.upperBound, panels)
        }
        parallelism.forRanges(pairCount, minimum: 256) { range, _ in
            isrf_bfloat16_pairs(table, choices, width, range.lowerBound, range.upperBound, pairs)
        }
    }

    func deallocate() { memory.deallocate() }

    func writeLogits(of hidden: UnsafePointer<Float>, rows: Range<Int>, into logits: UnsafeMutablePointer<Float>) {
        isrf_bfloat16_times_panels(
            hidden, rows.count, width, memory, choices, memory + roundedRows + rows.lowerBound * width, logits)
    }

    func writeHiddenShare(of slopes: UnsafePointer<Float>, rows: Range<Int>, into share: UnsafeMutablePointer<Float>) {
        isrf_bfloat16_times_pairs(
            slopes, rows.count, choices, memory + pairs, width,
            memory + roundedSlopes + rows.lowerBound * ((choices + 1) / 2 * 2), share)
    }

    func addTableShare(
        of slopes: UnsafePointer<Float>, hidden: UnsafePointer<Float>, rows: Int, choices range: Range<Int>,
        into share: UnsafeMutablePointer<Float>
    ) {
        let even = (rows + 1) / 2 * 2
        let stripe = Int(ISRF_BFLOAT16_STRIPE)
        withUnsafeTemporaryAllocation(of: UInt16.self, capacity: even * (width + stripe)) { buffer in
            guard let own = buffer.baseAddress else { return }
            isrf_bfloat16_pairs(hidden, rows, width, 0, even / 2, own)
            isrf_bfloat16_add_transposed_times_pairs(
                slopes, rows, choices, range.lowerBound, range.upperBound, own, width, own + even * width, share)
        }
    }
}
