internal import ISRFKit
internal import ISRFLanguageModels

/// Makes the text encoder that options or a model directory name.
struct EncoderFactory: Sendable {
    /// The environment variable with a server's key.
    var keyVariable: String
    var parallelism: Parallelism
    /// Told how many texts are encoded.
    var progress: ProgressHandler?

    /// The encoder; nil for the default, which the pipeline makes.
    /// - Throws: `ISRFError` when the folder is no sentence model or the address is none.
    func encoder(_ choice: EncoderChoice) throws -> (any TextEncoder)? {
        switch choice {
        case .latent: nil
        case .sentenceTransformer(let path):
            NamedEncoder(
                name: choice.description, base: try SentenceTransformerEncoder(path: path, parallelism: parallelism),
                progress: progress)
        case .service(let url, let model):
            NamedEncoder(
                name: choice.description,
                base: try OpenAICompatibleTextEncoder(
                    model, at: OpenAICompatibleEndpoint(baseURL: url, keyVariable: keyVariable)),
                progress: progress)
        }
    }
}
