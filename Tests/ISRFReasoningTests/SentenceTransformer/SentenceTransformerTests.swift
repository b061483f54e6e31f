import Foundation
import ISRFCore
import ISRFKitTesting
import ISRFNumerics
import ISRFReasoning
import Testing

@Suite("Sentence transformer encoder")
struct SentenceTransformerTests {
    static let texts = [
        "the brown fox jumps", "", "walking boots for people who enjoy walking!", "tent", "un-happy (happy) cafés",
        "写真 カメラ 🙂", " \n", "light red bottle, light blue bottle, light water bottle and the tent of a hotel", "fox 12",
    ]

    /// The numbers of the pieces of some of the texts, cut by hand.
    static func tokens(_ model: TinySentenceModel) -> [Int: [Int]] {
        func numbers(_ pieces: String) -> [Int] {
            ["[CLS]", pieces, "[SEP]"].flatMap { $0.split(separator: " ") }
                .map { model.pieces.firstIndex(of: String($0)) ?? -1 }
        }
        return [
            0: numbers("the brown fox jumps"), 2: numbers("walking boots for people who enjoy walking !"),
            3: numbers("tent"), 4: numbers("un - happy ( happy ) cafe ##s"), 5: numbers("写 真 [UNK] [UNK]"),
            8: numbers("fox 1 ##2"),
        ]
    }

    static func expectAgreement(
        _ vectors: Matrix, _ model: TinySentenceModel, tanhForm: Bool = false, within: Double = 2e-5
    ) {
        for (row, tokens) in tokens(model) {
            let expected = PlainBERT(model: model).vector(tokens, tanhForm: tanhForm)
            let difference = zip(vectors.row(row), expected).map { abs(Double($0) - $1) }.max() ?? .infinity
            #expect(difference < within, "row \(row)")
        }
    }

    @Test(
        "Vectors agree with a plain computation in double precision", arguments: [(16, 2), (48, 3), (40, 1), (66, 1)])
    func agreement(width: Int, heads: Int) async throws {
        let model = TinySentenceModel { model in
            model.width = width
            model.heads = heads
        }
        let encoder = try ModelFolder(model).encoder()
        #expect(encoder.dimensions == width && encoder.maximumTokens == 40)
        let vectors = try await encoder.encode(Self.texts)
        Self.expectAgreement(vectors, model)
        #expect(vectors.row(1).allSatisfy { $0 == 0 } && vectors.row(6).allSatisfy { $0 == 0 })
    }

    @Test("The activation's variants are told apart", arguments: ["gelu_new", "gelu_pytorch_tanh"])
    func activations(_ name: String) async throws {
        var model = TinySentenceModel()
        model.configuration["hidden_act"] = name
        let vectors = try await ModelFolder(model).encoder().encode(Self.texts)
        Self.expectAgreement(vectors, model, tanhForm: true)
    }

    @Test("Half precision, prefixes and old names are read", arguments: ["F16", "BF16"])
    func numberTypes(_ type: String) async throws {
        var model = TinySentenceModel { model in
            model.type = type
            model.prefix = "bert."
        }
        // Numbers that half precision holds exactly.
        for (name, tensor) in model.tensors {
            model.tensors[name]?.numbers = tensor.numbers.map { ($0 * 16).rounded() / 16 }
        }
        var written = model
        for (name, tensor) in model.tensors where name.contains("LayerNorm") {
            written.tensors[name] = nil
            written.tensors[
                name.replacingOccurrences(of: ".weight", with: ".gamma")
                    .replacingOccurrences(of: ".bias", with: ".beta")] = tensor
        }
        let vectors = try await ModelFolder(written).encoder().encode(Self.texts)
        Self.expectAgreement(vectors, model)
    }

    @Test("A tokenizer file serves as well as a list of pieces, and says how texts are treated")
    func tokenizerFile() async throws {
        let model = TinySentenceModel()
        let folder = try ModelFolder(model)
        let expected = try await folder.encoder().encode(Self.texts)
        try FileManager.default.removeItem(atPath: folder.path + "/vocab.txt")
        let numbers = Dictionary(uniqueKeysWithValues: model.pieces.enumerated().map { ($1, $0) })
        var file: [String: Any] = [
            "model": ["type": "WordPiece", "vocab": numbers, "unk_token": "[UNK]"],
            "added_tokens": [["id": 0, "content": "[PAD]", "special": true]],
            "normalizer": ["type": "BertNormalizer", "lowercase": true, "strip_accents": nil as Bool? as Any],
        ]
        try folder.write("tokenizer.json", json: file)
        #expect(try await folder.encoder().encode(Self.texts) == expected)

        let same = try await folder.encoder().encode(["TENT", "tent"])
        #expect(same.row(0) == same.row(1))
        file["normalizer"] = ["type": "BertNormalizer", "lowercase": false]
        try folder.write("tokenizer.json", json: file)
        let different = try await folder.encoder().encode(["TENT", "tent"])
        #expect(different.row(0) != different.row(1))
        try folder.write("tokenizer_config.json", json: ["do_lower_case": true, "cls_token": ["content": "[CLS]"]])
        #expect(try await folder.encoder().encode(["TENT", "tent"]) == same)
    }

    @Test("Texts are cut off at the model's maximum length")
    func maximumLength() async throws {
        let folder = try ModelFolder(TinySentenceModel())
        try folder.write("sentence_bert_config.json", json: ["max_seq_length": 5, "do_lower_case": false])
        let encoder = try folder.encoder()
        #expect(encoder.maximumTokens == 5)
        let vectors = try await encoder.encode(["the brown fox jumps and jumps", "the brown fox"])
        #expect(vectors.row(0) == vectors.row(1))
        try folder.write("sentence_bert_config.json", json: ["max_seq_length": 5000])
        #expect(try folder.encoder().maximumTokens == 40)
    }

    @Test("A text's vector is the same to the bit beside any others, in any order, on any number of threads")
    func determinism() async throws {
        let folder = try ModelFolder(TinySentenceModel())
        let one = try folder.encoder()
        let several = try folder.encoder(parallelism: Parallelism(threads: 3))
        let many = (0..<600).map { Self.texts[$0 % Self.texts.count] + String(repeating: " fox", count: $0 % 37) }
        let vectors = try await one.encode(many)
        #expect(try await several.encode(many) == vectors)
        let reversed = try await several.encode(many.reversed())
        #expect(reversed.selectingRows(Array(many.indices.reversed())) == vectors)
        for place in [0, 7, 599] { #expect(try await one.encode([many[place]]).row(0) == vectors.row(place)) }
        #expect(try await one.encode([]).rows == 0)
    }

    @Test("The encoder keeps the contract of text encoders")
    func conformance() async throws {
        let encoder = try ModelFolder(TinySentenceModel()).encoder(parallelism: Parallelism(threads: 2))
        try await Conformance.violations(
            of: encoder, texts: Self.texts.filter { !$0.allSatisfy(\.isWhitespace) },
            options: Conformance.Options(cancellationLimit: .seconds(60))
        ).requireNone()
    }

    @Test("Encoding stops soon after it is cancelled", arguments: [1, 2])
    func cancellation(_ threads: Int) async throws {
        let model = TinySentenceModel { model in
            model.width = 64
            model.layers = 40
            model.inner = 512
        }
        let encoder = try ModelFolder(model).encoder(parallelism: Parallelism(threads: threads))
        // Would take minutes.
        let texts = Array(repeating: String(repeating: "walking boots ", count: 20), count: 200_000)
        let task = Task { try await encoder.encode(texts) }
        try await Task.sleep(for: .milliseconds(100))
        let start = ContinuousClock.now
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(ContinuousClock.now - start < .seconds(10))
    }
}
