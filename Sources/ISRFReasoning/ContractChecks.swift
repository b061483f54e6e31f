internal import ISRFCore
public import ISRFNumerics

extension TextEncoder {
    /// Encodes texts and checks that the encoder keeps the protocol's contract, so that its mistake is reported as its.
    /// - Parameters:
    ///   - texts: The texts.
    ///   - width: The width that vectors must have to stand beside earlier ones; nil for any.
    /// - Returns: One row for each text.
    /// - Throws: `ISRFError` (`contractViolation`) when there is not one row for each text, a number is not finite, a row
    ///   is neither zero nor of unit length or has another width; and whatever the encoder throws.
    public func validatedVectors(of texts: [String], width: Int? = nil) async throws -> Matrix {
        let vectors = try await encode(texts)
        func fail(_ what: String) -> ISRFError {
            ISRFError(.contractViolation, "The text encoder \(type(of: self)) broke its contract: \(what)")
        }
        guard vectors.rows == texts.count else {
            throw fail("it was given \(texts.count) texts and returned \(vectors.rows) vectors.")
        }
        if let width, vectors.columns != width {
            throw fail(
                "its vectors have \(vectors.columns) dimensions and earlier ones \(width). Use the encoder that the model "
                    + "was made with.")
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
