import Foundation
import ISRFCore
import Testing

@testable import ISRFReasoning

@Suite("Damaged sentence models")
struct DamagedSentenceModelTests {
    /// The error that reading a folder ends with.
    private func failure(_ folder: ModelFolder) throws -> ISRFError {
        try #require(throws: ISRFError.self) { _ = try folder.encoder() }
    }

    private func expectFailure(
        _ folder: ModelFolder, _ file: String, _ field: String?, _ words: String, code: ISRFError.Code = .invalidModel,
        at place: SourceLocation = #_sourceLocation
    ) throws {
        let error = try failure(folder)
        #expect(error.code == code, "\(error)", sourceLocation: place)
        #expect(error.location?.file == "\(folder.path)/\(file)", "\(error)", sourceLocation: place)
        #expect(error.location?.field == field, "\(error)", sourceLocation: place)
        #expect(error.message.contains(words), "\(error)", sourceLocation: place)
    }

    @Test("Missing files are named", arguments: ["config.json", "vocab.txt", "model.safetensors"])
    func missing(_ name: String) throws {
        try expectFailure(
            ModelFolder(TinySentenceModel(), without: [name]), name, nil, "cannot be read", code: .fileAccess)
        #expect(throws: ISRFError.self) { _ = try SentenceTransformerEncoder(path: "/nowhere/at/all") }
    }

    static let configurations: [(field: String, value: (any Sendable)?, words: String)] = [
        ("model_type", "roberta", "only \"bert\""), ("hidden_size", nil, "missing"), ("hidden_size", 0, "from 1"),
        ("hidden_size", -16, "from 1"), ("hidden_size", "16", "type Int"), ("hidden_size", 1 << 40, "from 1"),
        ("num_attention_heads", 3, "do not divide"), ("num_attention_heads", 32, "from 1"),
        ("num_hidden_layers", 1_000_000, "from 1"), ("hidden_act", "relu", "only \"gelu\""),
        ("layer_norm_eps", -1, "between 0 and 1"), ("position_embedding_type", "relative_key", "only \"absolute\""),
        ("max_position_embeddings", 2, "at least 3"),
    ]

    @Test("A configuration that is out of range or not supported is refused", arguments: configurations.indices)
    func configuration(_ index: Int) throws {
        let (field, value, words) = Self.configurations[index]
        var model = TinySentenceModel()
        model.configuration[field] = value
        let folder = try ModelFolder(model)
        if field == "max_position_embeddings" {
            #expect(try failure(folder).message.contains(words))
        } else {
            try expectFailure(folder, "config.json", field, words)
        }
    }

    @Test("Files that are no JSON, or hold another type, are refused")
    func json() throws {
        for name in [
            "config.json", "tokenizer_config.json", "sentence_bert_config.json", "modules.json", "tokenizer.json",
        ] {
            for text in ["", "{", "[1, 2", "nonsense", "\"a\"", String(repeating: "[", count: 100_000)] {
                let folder = try ModelFolder(TinySentenceModel())
                try folder.write(name, Data(text.utf8))
                let error = try failure(folder)
                #expect(error.location?.file == "\(folder.path)/\(name)")
            }
        }
    }

    @Test("Other poolings and further modules are refused")
    func pooling() throws {
        let folder = try ModelFolder(TinySentenceModel())
        try folder.write(
            "1_Pooling/config.json", json: ["pooling_mode_mean_tokens": true, "word_embedding_dimension": 16])
        _ = try folder.encoder()
        try folder.write("1_Pooling/config.json", json: ["pooling_mode_cls_token": true])
        try expectFailure(folder, "1_Pooling/config.json", "pooling_mode_cls_token", "only pooling_mode_mean_tokens")
        try folder.write("1_Pooling/config.json", json: ["pooling_mode_mean_tokens": false])
        try expectFailure(folder, "1_Pooling/config.json", "pooling_mode_mean_tokens", "mean")
        try folder.write("1_Pooling/config.json", json: ["word_embedding_dimension": 17])
        try expectFailure(folder, "1_Pooling/config.json", "word_embedding_dimension", "16")
        try FileManager.default.removeItem(atPath: folder.path + "/1_Pooling/config.json")
        try folder.write("modules.json", json: [["type": "sentence_transformers.models.Dense"]])
        try expectFailure(folder, "modules.json", "type", "Dense")
    }

    @Test("Vocabularies of another size, without special pieces, or not in UTF-8 are refused")
    func vocabulary() throws {
        let model = TinySentenceModel()
        func folder(_ pieces: [String]) throws -> ModelFolder {
            let folder = try ModelFolder(model)
            try folder.write("vocab.txt", Data(pieces.joined(separator: "\n").utf8))
            return folder
        }
        let count = model.pieces.count
        try expectFailure(folder(model.pieces + ["more"]), "vocab.txt", nil, "\(count + 1) entries")
        try expectFailure(folder(Array(model.pieces.dropLast())), "vocab.txt", nil, "vocab_size tells \(count)")
        for name in ["[CLS]", "[SEP]", "[UNK]"] {
            let pieces = model.pieces.map { $0 == name ? "other" : $0 }
            try expectFailure(folder(pieces), "vocab.txt", name, "lacks")
        }
        let broken = try ModelFolder(model)
        try broken.write("vocab.txt", Data([0x61, 0x0A, 0xFF, 0xFE, 0x0A]))
        let error = try failure(broken)
        #expect(error.location?.line == 2 && error.message.contains("UTF-8"))
        #expect(throws: ISRFError.self) { _ = try folder([]).encoder() }
    }

    @Test("Tokenizer files of another kind, or with numbers missing or twice, are refused")
    func tokenizerFile() throws {
        let model = TinySentenceModel()
        var numbers: [String: Any] = [:]
        for (number, piece) in model.pieces.enumerated() { numbers[piece] = number }
        func expect(_ field: String, _ words: String, _ change: (inout [String: Any]) -> Void) throws {
            var file: [String: Any] = ["type": "WordPiece", "vocab": numbers]
            change(&file)
            let folder = try ModelFolder(model, without: ["vocab.txt"])
            try folder.write("tokenizer.json", json: ["model": file])
            try expectFailure(folder, "tokenizer.json", field, words)
        }
        try expect("model.type", "BPE") { $0["type"] = "BPE" }
        try expect("model.vocab", "missing") { $0["vocab"] = nil }
        try expect("model.vocab", "once") { $0["vocab"] = ["a": 0, "b": 0] }
        try expect("model.vocab", "once") { $0["vocab"] = ["a": 0, "b": 2] }
        try expect("model.vocab", "once") { $0["vocab"] = ["a": -1] }
        try expect("model.vocab.a", "type") { $0["vocab"] = ["a": "b"] }
        try expect("model.max_input_chars_per_word", "at least 1") { $0["max_input_chars_per_word"] = 0 }
    }

    @Test("Weights that are cut off anywhere are refused")
    func cutOff() throws {
        let model = TinySentenceModel()
        let whole = try model.weights()
        let folder = try ModelFolder(model)
        for count in [0, 1, 7, 8, 9, 100, 2000, whole.count / 2, whole.count - 1] {
            try folder.write("model.safetensors", whole.prefix(count))
            let error = try failure(folder)
            #expect(error.location?.file == folder.path + "/model.safetensors", "\(count) bytes: \(error)")
        }
        for length in [UInt64.max, UInt64(Int64.max), UInt64(whole.count), 0, 5] {
            var data = whole
            withUnsafeBytes(of: length.littleEndian) { data.replaceSubrange(0..<8, with: $0) }
            try folder.write("model.safetensors", data)
            #expect(try failure(folder).location?.file == folder.path + "/model.safetensors")
        }
    }

    private static let tensor = "encoder.layer.1.output.dense.weight"
    static let headers: [(change: @Sendable (inout [String: Any]) -> Void, words: String)] = [
        ({ $0["data_offsets"] = [0, 1536] }, "overlap"), ({ $0["data_offsets"] = [-4, 1532] }, "offsets"),
        ({ $0["data_offsets"] = [0] }, "offsets"), ({ $0["data_offsets"] = [] as [Int] }, "offsets"),
        ({ $0["data_offsets"] = [8, 4] }, "offsets"), ({ $0["data_offsets"] = [0, Int.max] }, "offsets"),
        ({ $0["data_offsets"] = [1 << 40, 1 << 41] }, "offsets"), ({ $0["shape"] = [16, 25] }, "needs"),
        ({ $0["shape"] = [24, 16] }, "[16, 24] was expected"), ({ $0["shape"] = [384] }, "[16, 24] was expected"),
        ({ $0["shape"] = [-16, -24] }, "impossible"), ({ $0["shape"] = [Int.max, Int.max] }, "impossible"),
        ({ $0["dtype"] = "F16" }, "needs"), ({ $0["dtype"] = "I32" }, "F32, F16 or BF16"),
        ({ $0["dtype"] = "F8_E4M3" }, "F32, F16 or BF16"),
    ]

    @Test("Tensors out of place, or of another shape or type, are refused", arguments: headers.indices)
    func header(_ index: Int) throws {
        let model = TinySentenceModel()
        let folder = try ModelFolder(model)
        try folder.write(
            "model.safetensors",
            model.weights { header in
                var entry = header[Self.tensor] as? [String: Any] ?? [:]
                Self.headers[index].change(&entry)
                header[Self.tensor] = entry
            })
        let error = try failure(folder)
        #expect(error.message.contains(Self.headers[index].words), "\(error)")
        #expect(error.location?.file == folder.path + "/model.safetensors")
        #expect(error.location?.field?.isEmpty == false)
    }

    @Test("A header that lacks a tensor, or describes none, is refused")
    func incompleteHeader() throws {
        let model = TinySentenceModel()
        let folder = try ModelFolder(model)
        for name in model.tensors.keys {
            try folder.write("model.safetensors", model.weights { $0[name] = nil })
            try expectFailure(folder, "model.safetensors", name, "missing")
        }
        for part in ["dtype", "shape", "data_offsets"] {
            try folder.write(
                "model.safetensors",
                model.weights { header in
                    var entry = header[Self.tensor] as? [String: Any] ?? [:]
                    entry[part] = nil
                    header[Self.tensor] = entry
                })
            #expect(try failure(folder).message.contains("header"))
        }
    }

    @Test("Numbers that are not finite are refused, or found in the vectors")
    func notFinite() async throws {
        for number in [Float.nan, .infinity] {
            var model = TinySentenceModel()
            model.tensors[Self.tensor]?.numbers[5] = number
            try expectFailure(ModelFolder(model), "model.safetensors", Self.tensor, "not finite")
        }
        var model = TinySentenceModel()
        let name = "encoder.layer.1.output.LayerNorm.weight"
        model.tensors[name]?.numbers = Array(repeating: 3e38, count: 16)
        let encoder = try ModelFolder(model).encoder()
        let error = try await #require(throws: ISRFError.self) { _ = try await encoder.encode(["the fox"]) }
        #expect(error.code == .numericalFailure)
    }

    @Test("Half precision is widened exactly")
    func halfPrecision() {
        let cases: [(UInt16, Float)] = [
            (0x0000, 0), (0x3C00, 1), (0xC000, -2), (0x3555, 0.333251953125), (0x7BFF, 65504), (0x0400, 0x1p-14),
            (0x0001, 0x1p-24), (0x03FF, 0x1.ff8p-15), (0x7C00, .infinity), (0xFC00, -.infinity),
        ]
        for (bits, number) in cases { #expect(Float(halfBits: bits) == number) }
        #expect(Float(halfBits: 0x8000).sign == .minus)
        #expect(Float(halfBits: 0x7E00).isNaN)
    }
}
