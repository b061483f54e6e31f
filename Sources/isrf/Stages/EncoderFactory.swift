internal import ISRFKit

/// Makes the text encoder that options or a model directory name.
struct EncoderFactory: Sendable {
    /// The environment variable with a server's key.
    var keyVariable: String
    var parallelism: Parallelism

    /// The encoder; nil for the default, which the pipeline makes.
    /// - Throws: `ISRFError` when the folder is no sentence model or the address is none.
    func encoder(_ choice: EncoderChoice) throws -> (any TextEncoder)? {
        switch choice {
        case .latent: return nil
        case .sentenceTransformer, .service:
            throw ISRFError(.invalidConfiguration, "Only --encoder latent can be used in this build.")
        }
    }
}
