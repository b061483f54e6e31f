internal import ISRFCore
public import ISRFNumerics

extension TextEncoder {
    /// Encodes texts and checks that the encoder keeps the protocol's contract, so that its mistake is reported as its.
    /// - Returns: One row for each text.
    /// - Throws: `ISRFError` (`contractViolation`) when there is not one row for each text, a number is not finite, or
    ///   a row is neither zero nor of unit length; and whatever the encoder throws.
    public func validatedVectors(of texts: [String]) async throws -> Matrix {
        let vectors = try await encode(texts)
        func fail(_ what: String) -> ISRFError {
            ISRFError(.contractViolation, "The text encoder \(type(of: self)) broke its contract: \(what)")
        }
        guard vectors.rows == texts.count else {
            throw fail("it was given \(texts.count) texts and returned \(vectors.rows) vectors.")
        }
        guard vectors.isFinite else { throw fail("a vector holds a number that is not finite.") }
        for row in 0..<vectors.rows {
            let square = vectors.row(row).reduce(into: Float(0)) { $0 += $1 * $1 }
            guard square == 0 || abs(square - 1) < 1e-2 else {
                throw fail("vector \(row) has length \(square.squareRoot()); vectors have unit length or are zero.")
            }
        }
        return vectors
    }
}
