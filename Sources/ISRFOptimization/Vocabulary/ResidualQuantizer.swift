public import ISRFCore
public import ISRFNumerics

/// Writes vectors as short sequences of codes: residual k-means.
///
/// The first codebook holds the centres of the vectors; the second the centres of what the nearest of those leave
/// over, and so on. A vector's codes are the nearest centres, level by level; the sum of those centres approximates it.
public struct ResidualQuantizer: Sendable, Equatable {
    /// How a quantiser is fitted.
    public struct Configuration: Sendable, Codable, Hashable {
        /// The number of codebooks, and so of codes for each vector.
        public var levels = 3
        /// The centres of a codebook, at most.
        public var codebookSize = 256
        /// Passes of k-means for each level, at most.
        public var iterations = 25
        /// How many of the vectors the codebooks are fitted to at most, drawn by the seed; nil for all of them.
        ///
        /// Passes of k-means over millions of vectors take minutes and find hardly better centres.
        public var sampleSize: Int?

        /// Three levels of 256 codes.
        public init() {}

        /// Another number of levels and codes.
        public init(levels: Int, codebookSize: Int, iterations: Int = 25) {
            self.levels = levels
            self.codebookSize = codebookSize
            self.iterations = iterations
        }

        /// Checks every value.
        /// - Throws: `ISRFError` (`invalidConfiguration`) that names the first value that is out of its range.
        public func validate() throws {
            try require(levels >= 1, "vocabulary.levels", "at least 1", levels)
            try require(codebookSize >= 1, "vocabulary.codebookSize", "at least 1", codebookSize)
            try require(iterations >= 0, "vocabulary.iterations", "0 or more", iterations)
            try require(sampleSize ?? 1 >= 1, "vocabulary.sampleSize", "at least 1", sampleSize ?? 1)
        }
    }

    /// For each level its centres, one a row.
    public let codebooks: [Matrix]

    /// A quantiser with given codebooks.
    /// - Parameter codebooks: One for each level: at least one row each, all of the same width.
    /// - Throws: `ISRFError` (`invalidData`) when there is none, one is empty, widths differ or a number is not finite.
    public init(codebooks: [Matrix]) throws {
        guard let width = codebooks.first?.columns,
            codebooks.allSatisfy({ $0.rows > 0 && $0.columns == width && $0.isFinite })
        else {
            throw ISRFError(
                .invalidData,
                "The codebooks do not make a quantiser. Give at least one, each with rows of finite numbers and all "
                    + "of the same width.")
        }
        self.codebooks = codebooks
    }

    /// Fits the codebooks to some vectors: k-means++ seeding, Lloyd's iterations, level after level.
    ///
    /// A codebook has fewer centres than asked for when there are fewer different vectors left.
    /// - Parameters:
    ///   - vectors: One a row, at least one.
    ///   - seed: Decides every draw: the same seed and number of threads give the same codebooks.
    /// - Throws: `ISRFError` (`invalidConfiguration`, `invalidData`), or `CancellationError` within a pass of being
    ///   cancelled.
    public init(
        fitting vectors: Matrix, configuration: Configuration = .init(), seed: UInt64 = 1,
        on parallelism: Parallelism = .serial
    ) throws {
        try configuration.validate()
        guard vectors.rows > 0, vectors.isFinite else {
            throw ISRFError(
                .invalidData,
                "The \(vectors.rows) vectors cannot be quantised. Give at least one, and finite numbers alone.")
        }
        let means = KMeans(clusters: configuration.codebookSize, iterations: configuration.iterations)
        var residuals = ResidualQuantizer.sample(of: vectors, configuration.sampleSize, seed: seed)
        var codebooks: [Matrix] = []
        for level in 0..<configuration.levels {
            var random = SeededRandom(seed: seed, stream: UInt64(level))
            let centres = try means.centres(of: residuals, using: &random, on: parallelism)
            let codes = KMeans.nearest(centres, to: residuals, on: parallelism)
            residuals.add(centres.selectingRows(codes), scaledBy: -1)
            codebooks.append(centres)
        }
        self.codebooks = codebooks
    }

    /// The codes of some vectors: for each row its nearest centre of every level, of what the levels before leave over.
    /// - Throws: `ISRFError` (`invalidData`) when the vectors have another width than the codebooks.
    public func codes(of vectors: Matrix, on parallelism: Parallelism = .serial) throws -> [[Int]] {
        guard vectors.columns == codebooks[0].columns else {
            throw ISRFError(
                .invalidData,
                "The vectors are \(vectors.columns) wide; the codebooks were made for \(codebooks[0].columns).")
        }
        var codes = [[Int]](repeating: [], count: vectors.rows)
        let width = vectors.columns
        // So many rows at a time that what is left over of them stays within some ten megabytes.
        for start in stride(from: 0, to: vectors.rows, by: 16384) {
            let end = min(start + 16384, vectors.rows)
            var residuals = Matrix(
                rows: end - start, columns: width, elements: Array(vectors.elements[start * width..<end * width]))
            for centres in codebooks {
                let nearest = KMeans.nearest(centres, to: residuals, on: parallelism)
                residuals.add(centres.selectingRows(nearest), scaledBy: -1)
                for (row, code) in nearest.enumerated() { codes[start + row].append(code) }
            }
        }
        return codes
    }

    private static func sample(of vectors: Matrix, _ size: Int?, seed: UInt64) -> Matrix {
        guard let size, size < vectors.rows else { return vectors }
        var random = SeededRandom(seed: seed, stream: UInt64(1) << 32)
        return vectors.selectingRows(Array((0..<vectors.rows).shuffled(using: &random).prefix(size)).sorted())
    }

    /// The vectors that some codes stand for: the sums of their centres.
    /// - Parameter codes: For each row as many codes as there are levels, or fewer: the first ones, for a coarser vector.
    /// - Throws: `ISRFError` (`notFound`) when there is no such code.
    public func vectors(of codes: [[Int]]) throws -> Matrix {
        var sums = Matrix(rows: codes.count, columns: codebooks[0].columns)
        for (row, codes) in codes.enumerated() {
            guard codes.count <= codebooks.count,
                zip(codes, codebooks).allSatisfy({ $0 >= 0 && $0 < $1.rows })
            else {
                throw ISRFError(.notFound, "The codes \(codes) are not in the codebooks.")
            }
            for (code, centres) in zip(codes, codebooks) {
                for column in 0..<sums.columns { sums[row, column] += centres[code, column] }
            }
        }
        return sums
    }
}
