internal import ISRFKit
internal import ISRFLanguageModels

/// Makes the text encoder that options or a model directory name.
struct EncoderFactory: Sendable {
    /// The environment variable with a server's key.
    var keyVariable: String
    var parallelism: Parallelism

    /// The encoder; nil for the default, which the pipeline makes.
    /// - Throws: `ISRFError` when the folder is no sentence model or the address is none.
    func encoder(_ choice: EncoderChoice) throws -> (any TextEncoder)? {
        switch choice {
        case .latent: nil
        case .sentenceTransformer(let path):
            NamedEncoder(
                name: choice.description, base: try SentenceTransformerEncoder(path: path, parallelism: parallelism))
        case .service(let url, let model):
            NamedEncoder(
                name: choice.description,
                base: try OpenAICompatibleTextEncoder(
                    model, at: OpenAICompatibleEndpoint(baseURL: url, keyVariable: keyVariable)))
        }
    }
}

/// A text encoder that a model directory names as the option does that it came from.
struct NamedEncoder: TextEncoder, CustomStringConvertible {
    var name: String
    var base: any TextEncoder

    var description: String { name }

    func encode(_ texts: [String]) async throws -> Matrix { try await base.encode(texts) }
}
