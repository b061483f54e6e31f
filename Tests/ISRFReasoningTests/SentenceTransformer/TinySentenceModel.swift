import Foundation
import ISRFCore
import ISRFReasoning

/// A sentence model of random weights, to be written to a folder and, before that, damaged.
struct TinySentenceModel {
    var width = 16
    var heads = 2
    var layers = 2
    var inner = 24
    var positions = 40
    var prefix = ""
    var type = "F32"
    var pieces: [String]
    /// The tensors by their names without prefix: shapes and numbers.
    var tensors: [String: (shape: [Int], numbers: [Float])] = [:]
    var configuration: [String: Any] = [:]

    /// Words of the sample texts, so that few are unknown.
    static let words = """
        the a of for with and people who enjoy tent boots water bottle brown fox jumps walking light red blue ##s ##ing \
        ##er ##ed un ##happy happy cafe hotel , . ! ? - ' ( ) 写 真 g ##a ##b ##c ##d ##e ##f ##g ##h ##i ##j ##k ##l ##m \
        ##n ##o ##p ##q ##r ##t ##u ##v ##w ##x ##y ##z a b c d e f h i j k l m n o p q r s t u v w x y z 1 2 3 ##1 ##2
        """

    init(seed: UInt64 = 7, change: (inout TinySentenceModel) -> Void = { _ in }) {
        var seen: Set<String> = []
        pieces =
            (["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + Self.words.split(whereSeparator: \.isWhitespace).map(String.init))
            .filter { seen.insert($0).inserted }
        change(&self)
        configuration = [
            "model_type": "bert", "vocab_size": pieces.count, "hidden_size": width, "num_hidden_layers": layers,
            "num_attention_heads": heads, "intermediate_size": inner, "max_position_embeddings": positions,
            "type_vocab_size": 2, "hidden_act": "gelu", "layer_norm_eps": 1e-12,
        ]
        var random = SeededRandom(seed: seed)
        func add(_ name: String, _ shape: [Int], around center: Float = 0, spread: Float) {
            let numbers = (0..<shape.reduce(1, *)).map { _ in center + spread * random.normal() }
            tensors[name] = (shape, numbers)
        }
        func addNormalization(_ name: String) {
            add("\(name).weight", [width], around: 1, spread: 0.2)
            add("\(name).bias", [width], spread: 0.2)
        }
        func addLinear(_ name: String, _ outputs: Int, _ inputs: Int) {
            add("\(name).weight", [outputs, inputs], spread: 2 / Float(inputs).squareRoot())
            add("\(name).bias", [outputs], spread: 0.3)
        }
        add("embeddings.word_embeddings.weight", [pieces.count, width], spread: 1)
        add("embeddings.position_embeddings.weight", [positions, width], spread: 0.5)
        add("embeddings.token_type_embeddings.weight", [2, width], spread: 0.5)
        addNormalization("embeddings.LayerNorm")
        for layer in 0..<layers {
            let name = "encoder.layer.\(layer)"
            for part in ["query", "key", "value"] { addLinear("\(name).attention.self.\(part)", width, width) }
            addLinear("\(name).attention.output.dense", width, width)
            addNormalization("\(name).attention.output.LayerNorm")
            addLinear("\(name).intermediate.dense", inner, width)
            addLinear("\(name).output.dense", width, inner)
            addNormalization("\(name).output.LayerNorm")
        }
    }

    func numbers(_ name: String) -> [Float] { tensors[name]?.numbers ?? [] }

    /// The bytes of `model.safetensors`.
    func weights(headerChange: (inout [String: Any]) -> Void = { _ in }) throws -> Data {
        var header: [String: Any] = ["__metadata__": ["format": "pt", "shape": "none"]]
        var body = Data()
        for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
            let start = body.count
            for number in tensor.numbers {
                switch type {
                case "BF16": append(UInt16(truncatingIfNeeded: number.bitPattern >> 16), to: &body)
                case "F16": append(halfBits(number), to: &body)
                default: append(number.bitPattern, to: &body)
                }
            }
            header[prefix + name] = ["dtype": type, "shape": tensor.shape, "data_offsets": [start, body.count]]
        }
        headerChange(&header)
        let json = try JSONSerialization.data(withJSONObject: header, options: [.sortedKeys])
        var data = Data()
        append(UInt64(json.count), to: &data)
        return data + json + body
    }

    private func append<Number: FixedWidthInteger>(_ number: Number, to data: inout Data) {
        withUnsafeBytes(of: number.littleEndian) { data.append(contentsOf: $0) }
    }

    /// Half precision by cutting off, for magnitudes of its normal range; smaller ones become 0.
    private func halfBits(_ number: Float) -> UInt16 {
        let bits = number.bitPattern
        let sign = UInt16(truncatingIfNeeded: bits >> 16) & 0x8000
        let exponent = Int(bits >> 23 & 0xFF) - 127
        guard exponent >= -14, exponent <= 15 else { return sign }
        return sign | UInt16(exponent + 15) << 10 | UInt16(truncatingIfNeeded: bits >> 13 & 0x3FF)
    }
}

/// A folder that is removed with the last reference to it.
final class ModelFolder {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("sentence-model-\(UUID().uuidString)").path

    init(_ model: TinySentenceModel, without: Set<String> = []) throws {
        try FileManager.default.createDirectory(
            atPath: path + "/1_Pooling", withIntermediateDirectories: true)
        try write("config.json", json: model.configuration)
        try write("vocab.txt", Data((model.pieces.joined(separator: "\n") + "\n").utf8))
        try write("model.safetensors", model.weights())
        for name in without { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }
    }

    func write(_ name: String, _ data: Data) throws {
        try data.write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    }

    func write(_ name: String, json: Any) throws {
        try write(name, JSONSerialization.data(withJSONObject: json))
    }

    /// The encoder of the folder's model; it keeps nothing of the folder.
    func encoder(parallelism: Parallelism = .serial) throws -> SentenceTransformerEncoder {
        try withExtendedLifetime(self) { try SentenceTransformerEncoder(path: path, parallelism: parallelism) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
