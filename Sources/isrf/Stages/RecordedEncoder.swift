internal import ISRFKit

/// The text encoder that a model was made with, made again when the first new text has to be encoded.
///
/// Known users and items need none. A server that a model directory names is not called unless an option says so: the
/// directory may come from somebody else, and the key must not go where that somebody wants it.
actor RecordedEncoder: TextEncoder {
    private let recorded: String
    private let given: EncoderChoice?
    private let factory: EncoderFactory
    private var made: (any TextEncoder)?

    init(recorded: String, given: EncoderChoice?, factory: EncoderFactory) {
        self.recorded = recorded
        self.given = given
        self.factory = factory
    }

    /// Encodes texts.
    /// - Throws: `ISRFError` (`invalidModel`) when the encoder is not here, with what to do about it.
    func encode(_ texts: [String]) async throws -> Matrix {
        try await encoder().encode(texts)
    }

    private func encoder() throws -> any TextEncoder {
        if let made { return made }
        let choice = given ?? EncoderChoice(argument: recorded)
        if given == nil, case .service = choice { throw missing("it is asked for only when an option names it", nil) }
        let encoder: (any TextEncoder)?
        do {
            encoder = try choice.flatMap { try factory.encoder($0) }
        } catch  where given == nil {
            throw missing("it is not to be had any more", error)
        }
        guard let encoder else { throw missing("the command does not know it", nil) }
        made = encoder
        return encoder
    }

    private func missing(_ why: String, _ error: (any Error)?) -> ISRFError {
        ISRFError(
            .invalidModel,
            "New texts have to be encoded by the text encoder that the model was made with, \(recorded); \(why). Name it "
                + "with --encoder; users and items that the model knows need none.", underlying: error)
    }
}
