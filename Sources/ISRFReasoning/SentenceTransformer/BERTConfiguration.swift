internal import ISRFCore
internal import ISRFNumerics

/// The shape of a BERT encoder, as `config.json` tells it.
struct BERTConfiguration: Sendable {
    let vocabularySize: Int
    let width: Int
    let layers: Int
    let heads: Int
    let innerWidth: Int
    let positions: Int
    let tokenTypes: Int
    let activation: LinearLayer.Activation
    let normalizationEpsilon: Float

    private struct File: Decodable {
        var model_type: String?
        var vocab_size: Int?
        var hidden_size: Int?
        var num_hidden_layers: Int?
        var num_attention_heads: Int?
        var intermediate_size: Int?
        var max_position_embeddings: Int?
        var type_vocab_size: Int?
        var hidden_act: String?
        var layer_norm_eps: Double?
        var position_embedding_type: String?
    }

    /// - Throws: `ISRFError` with the file and the field that is missing, out of range or not supported.
    init(reading path: String) throws {
        let file = try JSONFile.read(File.self, from: path)
        func fail(_ field: String, _ what: String) -> ISRFError {
            ISRFError(.invalidModel, what, at: .init(file: path, field: field))
        }
        func whole(_ value: Int?, _ field: String, default standard: Int? = nil, most: Int) throws -> Int {
            guard let value = value ?? standard else { throw fail(field, "The field is missing.") }
            guard (1...most).contains(value) else {
                throw fail(field, "The value is \(value); a whole number from 1 to \(most) was expected.")
            }
            return value
        }
        if let type = file.model_type, type != "bert" {
            throw fail("model_type", "The model is of type \"\(type)\"; only \"bert\" is supported.")
        }
        if let kind = file.position_embedding_type, kind != "absolute" {
            throw fail("position_embedding_type", "The kind is \"\(kind)\"; only \"absolute\" is supported.")
        }
        vocabularySize = try whole(file.vocab_size, "vocab_size", most: 1 << 22)
        width = try whole(file.hidden_size, "hidden_size", most: 1 << 14)
        layers = try whole(file.num_hidden_layers, "num_hidden_layers", most: 1 << 10)
        heads = try whole(file.num_attention_heads, "num_attention_heads", most: width)
        innerWidth = try whole(file.intermediate_size, "intermediate_size", most: 1 << 17)
        positions = try whole(file.max_position_embeddings, "max_position_embeddings", most: 1 << 20)
        tokenTypes = try whole(file.type_vocab_size, "type_vocab_size", default: 2, most: 1 << 10)
        guard width % heads == 0 else {
            throw fail("num_attention_heads", "\(heads) heads do not divide the hidden size of \(width).")
        }
        switch file.hidden_act ?? "gelu" {
        case "gelu", "gelu_python": activation = .gaussianErrorLinearUnit
        case "gelu_new", "gelu_fast", "gelu_pytorch_tanh", "gelu_accurate": activation = .tanhGaussianErrorLinearUnit
        case let other:
            throw fail("hidden_act", "The activation is \"\(other)\"; only \"gelu\" and its variants are supported.")
        }
        let epsilon = file.layer_norm_eps ?? 1e-12
        guard epsilon > 0, epsilon < 1 else {
            throw fail("layer_norm_eps", "The value is \(epsilon); a number between 0 and 1 was expected.")
        }
        normalizationEpsilon = max(Float(epsilon), .leastNormalMagnitude)
    }
}
