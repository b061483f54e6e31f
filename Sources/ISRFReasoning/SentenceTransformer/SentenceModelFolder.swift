internal import Foundation
internal import ISRFCore

/// A sentence model as it lies in a folder: shape, weights, vocabulary, and how texts are treated.
struct SentenceModelFolder {
    let network: BERTNetwork
    let tokenizer: WordPieceTokenizer
    let maximumTokens: Int

    private struct SentenceSettings: Decodable {
        var max_seq_length: Int?
        var do_lower_case: Bool?
    }

    private struct TokenizerSettings: Decodable {
        var do_lower_case: Bool?
        var strip_accents: Bool?
        var tokenize_chinese_chars: Bool?
        // Some files say 1e30 for "no limit".
        var model_max_length: Double?
        var unk_token: SpecialToken?
        var cls_token: SpecialToken?
        var sep_token: SpecialToken?
    }

    /// A name, or an object with the name in it.
    private struct SpecialToken: Decodable {
        var content: String

        private enum Keys: CodingKey {
            case content
        }

        init(from decoder: any Decoder) throws {
            if let name = try? decoder.singleValueContainer().decode(String.self) {
                content = name
            } else {
                content = try decoder.container(keyedBy: Keys.self).decode(String.self, forKey: .content)
            }
        }
    }

    private struct Module: Decodable {
        var type: String
    }

    /// - Throws: `ISRFError` with the file and the field that is missing, damaged or not supported.
    init(path folder: String) throws {
        func file(_ name: String) -> String { folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)" }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw ISRFError(
                .fileAccess,
                "There is no such folder; one with model.safetensors, config.json, and vocab.txt or tokenizer.json was "
                    + "expected.", at: .init(file: folder))
        }
        let configuration = try BERTConfiguration(reading: file("config.json"))
        try Self.checkModules(file("modules.json"))
        try Self.checkPooling(file("1_Pooling/config.json"), width: configuration.width)
        let sentence = try JSONFile.readIfPresent(SentenceSettings.self, from: file("sentence_bert_config.json"))
        let settings = try JSONFile.readIfPresent(TokenizerSettings.self, from: file("tokenizer_config.json"))

        let hasList = FileManager.default.fileExists(atPath: file("vocab.txt"))
        let tokenizerFile = try JSONFile.readIfPresent(TokenizerFile.self, from: file("tokenizer.json"))
        var names = WordPieceVocabulary.SpecialNames()
        names.unknown = settings?.unk_token?.content ?? names.unknown
        names.classification = settings?.cls_token?.content ?? names.classification
        names.separator = settings?.sep_token?.content ?? names.separator
        let vocabulary: WordPieceVocabulary
        if let tokenizerFile, !hasList {
            vocabulary = try WordPieceVocabulary(tokenizerFile, names: names, path: file("tokenizer.json"))
        } else {
            vocabulary = try WordPieceVocabulary(vocabularyFile: file("vocab.txt"), names: names)
        }
        guard vocabulary.count == configuration.vocabularySize else {
            throw ISRFError(
                .invalidModel,
                "The vocabulary has \(vocabulary.count) entries; config.json's vocab_size tells "
                    + "\(configuration.vocabularySize).",
                at: .init(file: file(hasList ? "vocab.txt" : "tokenizer.json")))
        }

        let normalizer = tokenizerFile?.normalizer
        let lowercases = settings?.do_lower_case ?? normalizer?.lowercase ?? true
        tokenizer = WordPieceTokenizer(
            vocabulary: vocabulary,
            normalization: TextNormalization(
                lowercases: lowercases || sentence?.do_lower_case == true,
                stripsAccents: settings?.strip_accents ?? normalizer?.strip_accents ?? lowercases,
                separatesChineseCharacters: settings?.tokenize_chinese_chars ?? normalizer?.handle_chinese_chars
                    ?? true,
                cleans: normalizer?.clean_text ?? true))

        var limit = configuration.positions
        if let length = settings?.model_max_length, length < Double(limit) { limit = Int(length) }
        var limitField = ("tokenizer_config.json", "model_max_length")
        if let length = sentence?.max_seq_length {
            limit = min(configuration.positions, length)
            limitField = ("sentence_bert_config.json", "max_seq_length")
        }
        guard limit >= 3 else {
            throw ISRFError(
                .invalidModel, "The length is \(limit); at least 3 tokens were expected.",
                at: .init(file: file(limitField.0), field: limitField.1))
        }
        maximumTokens = limit
        network = try BERTNetwork(SafetensorsReader(path: file("model.safetensors")), configuration: configuration)
    }

    /// Refuses models that do more than a transformer, pooling and normalisation.
    private static func checkModules(_ path: String) throws {
        let known = ["Transformer", "Pooling", "Normalize"]
        for module in try JSONFile.readIfPresent([Module].self, from: path) ?? [] {
            let name = module.type.split(separator: ".").last.map(String.init) ?? module.type
            guard known.contains(name) else {
                throw ISRFError(
                    .invalidModel,
                    "The model has a module of type \"\(module.type)\"; only \(known.joined(separator: ", ")) are "
                        + "supported.", at: .init(file: path, field: "type"))
            }
        }
    }

    private static func checkPooling(_ path: String, width: Int) throws {
        guard let file = try JSONFile.readIfPresent(PoolingSettings.self, from: path) else { return }
        func fail(_ field: String, _ what: String) -> ISRFError {
            ISRFError(.invalidModel, what, at: .init(file: path, field: field))
        }
        if let found = file.word_embedding_dimension, found != width {
            throw fail("word_embedding_dimension", "The value is \(found); config.json's hidden_size tells \(width).")
        }
        for (field, mode) in file.otherModes where mode == true {
            throw fail(field, "The model pools in another way; only pooling_mode_mean_tokens is supported.")
        }
        if file.pooling_mode_mean_tokens == false {
            throw fail("pooling_mode_mean_tokens", "The model does not pool by the mean, which alone is supported.")
        }
    }

    private struct PoolingSettings: Decodable {
        var word_embedding_dimension: Int?
        var pooling_mode_mean_tokens: Bool?
        var pooling_mode_cls_token: Bool?
        var pooling_mode_max_tokens: Bool?
        var pooling_mode_mean_sqrt_len_tokens: Bool?
        var pooling_mode_weightedmean_tokens: Bool?
        var pooling_mode_lasttoken: Bool?

        var otherModes: [(field: String, isOn: Bool?)] {
            [
                ("pooling_mode_cls_token", pooling_mode_cls_token),
                ("pooling_mode_max_tokens", pooling_mode_max_tokens),
                ("pooling_mode_mean_sqrt_len_tokens", pooling_mode_mean_sqrt_len_tokens),
                ("pooling_mode_weightedmean_tokens", pooling_mode_weightedmean_tokens),
                ("pooling_mode_lasttoken", pooling_mode_lasttoken),
            ]
        }
    }
}
