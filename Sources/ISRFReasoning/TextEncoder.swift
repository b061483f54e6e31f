public import ISRFNumerics

/// Turns texts into vectors.
///
/// The pipeline calls `fitted(to:)` once with the catalogue's item texts; an encoder with ready-made weights leaves it
/// out. The default is `LatentSemanticEncoder`.
public protocol TextEncoder: Sendable {
    /// Encodes texts.
    /// - Returns: A matrix with one row for each text, in order, of the same width in every call. Rows have unit
    ///   length; the row of a text with nothing to encode is zero.
    func encode(_ texts: [String]) async throws -> Matrix

    /// Returns the encoder to use, after learning what it needs from the texts; by default the encoder itself.
    func fitted(to texts: [String]) async throws -> any TextEncoder
}

extension TextEncoder {
    /// Returns the encoder itself.
    public func fitted(to texts: [String]) async throws -> any TextEncoder { self }
}
