internal import ISRFCore
internal import ISRFNumerics

extension BERTNetwork {
    /// Takes the tensors of a BERT encoder, which may all have a prefix to their names.
    /// - Throws: `ISRFError` (`invalidModel`) with the file and the tensor that is missing or of another shape or type.
    init(_ file: SafetensorsReader, configuration: BERTConfiguration) throws {
        let words = "embeddings.word_embeddings.weight"
        let prefixes = file.entries.keys.filter { $0 == words || $0.hasSuffix("." + words) }
            .map { String($0.dropLast(words.count)) }.sorted { ($0.count, $0) < ($1.count, $1) }
        let tensors = Tensors(file: file, prefix: prefixes.first ?? "", configuration: configuration)
        let (width, inner) = (configuration.width, configuration.innerWidth)

        let wordEmbeddings = try tensors.numbers(words, [configuration.vocabularySize, width])
        var positions = try tensors.numbers(
            "embeddings.position_embeddings.weight", [configuration.positions, width])
        let types = try tensors.numbers(
            "embeddings.token_type_embeddings.weight", [configuration.tokenTypes, width])
        for index in positions.indices { positions[index] += types[index % width] }
        let embeddingNormalization = try tensors.normalization("embeddings.LayerNorm")
        let layers = try (0..<configuration.layers).map { number in
            let layer = "encoder.layer.\(number)"
            return Layer(
                projections: try tensors.linear(
                    ["query", "key", "value"].map { "\(layer).attention.self.\($0)" }, inputs: width, outputs: width),
                attentionOutput: try tensors.linear(
                    ["\(layer).attention.output.dense"], inputs: width, outputs: width),
                attentionNormalization: try tensors.normalization("\(layer).attention.output.LayerNorm"),
                intermediate: try tensors.linear(
                    ["\(layer).intermediate.dense"], inputs: width, outputs: inner,
                    activation: configuration.activation),
                output: try tensors.linear(["\(layer).output.dense"], inputs: inner, outputs: width),
                outputNormalization: try tensors.normalization("\(layer).output.LayerNorm"))
        }
        self.init(
            configuration: configuration, wordEmbeddings: wordEmbeddings, positionEmbeddings: positions,
            embeddingNormalization: embeddingNormalization, layers: layers)
    }

    private struct Tensors {
        let file: SafetensorsReader
        let prefix: String
        let configuration: BERTConfiguration

        func numbers(_ name: String, _ shape: [Int]) throws -> [Float] {
            try file.numbers(prefix + name, shape: shape)
        }

        /// Linear maps of the same input, side by side.
        func linear(
            _ names: [String], inputs: Int, outputs: Int, activation: LinearLayer.Activation = .identity
        ) throws -> LinearLayer {
            let weights = try names.flatMap { try numbers($0 + ".weight", [outputs, inputs]) }
            return LinearLayer(
                weights: Matrix(rows: names.count * outputs, columns: inputs, elements: weights),
                bias: try names.flatMap { try numbers($0 + ".bias", [outputs]) }, activation: activation)
        }

        func normalization(_ name: String) throws -> LayerNormalization {
            // Files from before 2019 call the numbers gamma and beta.
            let isOld = file.entries["\(prefix)\(name).gamma"] != nil
            return LayerNormalization(
                gain: try numbers("\(name).\(isOld ? "gamma" : "weight")", [configuration.width]),
                shift: try numbers("\(name).\(isOld ? "beta" : "bias")", [configuration.width]),
                epsilon: configuration.normalizationEpsilon)
        }
    }
}
