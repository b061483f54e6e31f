internal import Foundation
internal import ISRFCore

/// The word pieces of a model with their numbers, from `vocab.txt` or `tokenizer.json`.
struct WordPieceVocabulary: Sendable {
    /// How many numbers there are.
    let count: Int
    /// The number of a word that cannot be made of pieces.
    let unknown: Int32
    /// The number that stands before every text.
    let classification: Int32
    /// The number that stands after every text.
    let separator: Int32
    /// Longer words are unknown, in characters.
    let longestWord: Int
    let trie: WordPieceTrie

    /// The names of the numbers with a meaning of their own.
    struct SpecialNames: Sendable, Equatable {
        var unknown = "[UNK]"
        var classification = "[CLS]"
        var separator = "[SEP]"
    }

    /// Makes a vocabulary from pieces in the order of their numbers; of equal pieces, the last counts.
    /// - Throws: `ISRFError` (`invalidModel`) when a special name is missing.
    init(
        pieces: [String], names: SpecialNames = SpecialNames(), continuationPrefix: String = "##",
        longestWord: Int = 100, file: String
    ) throws {
        var trie = WordPieceTrie()
        var numbers: [String: Int32] = [:]
        let prefix = Array(continuationPrefix.utf8)
        for (index, piece) in pieces.enumerated() where !piece.isEmpty {
            let bytes = Array(piece.utf8)
            let number = Int32(index)
            if [names.unknown, names.classification, names.separator].contains(piece) { numbers[piece] = number }
            let continues = !prefix.isEmpty && bytes.count > prefix.count && bytes.starts(with: prefix)
            let isAdded =
                trie.insert(bytes, at: WordPieceTrie.wordStart, piece: number)
                && (!continues
                    || trie.insert(
                        bytes.dropFirst(prefix.count), at: WordPieceTrie.continuation, piece: number))
            guard isAdded else {
                throw ISRFError(.invalidModel, "The vocabulary is too large to be one.", at: .init(file: file))
            }
        }
        func number(_ name: String) throws -> Int32 {
            guard let number = numbers[name] else {
                throw ISRFError(
                    .invalidModel, "The vocabulary lacks \"\(name)\", which a BERT model needs.",
                    at: .init(file: file, field: name))
            }
            return number
        }
        count = pieces.count
        unknown = try number(names.unknown)
        classification = try number(names.classification)
        separator = try number(names.separator)
        self.longestWord = longestWord
        self.trie = trie
    }

    /// Reads a file with one piece a line.
    /// - Throws: `ISRFError` (`fileAccess`, `invalidModel`).
    init(vocabularyFile path: String, names: SpecialNames) throws {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw ISRFError(
                .fileAccess, "The vocabulary cannot be read.", at: .init(file: path), underlying: error)
        }
        var lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        let pieces = try lines.enumerated().map { index, line in
            let bytes = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            guard let piece = String(validating: bytes, as: UTF8.self) else {
                throw ISRFError(
                    .invalidModel, "The line is not UTF-8; one word piece was expected.",
                    at: .init(file: path, line: index + 1))
            }
            return piece
        }
        try self.init(pieces: pieces, names: names, file: path)
    }

    /// Takes the vocabulary of a tokenizer file.
    /// - Throws: `ISRFError` (`invalidModel`) when it is not one of word pieces, or numbers are missing or occur twice.
    init(_ file: TokenizerFile, names: SpecialNames, path: String) throws {
        func fail(_ field: String, _ what: String) -> ISRFError {
            ISRFError(.invalidModel, what, at: .init(file: path, field: field))
        }
        if let type = file.model.type, type != "WordPiece" {
            throw fail("model.type", "The tokenizer is of type \"\(type)\"; only \"WordPiece\" is supported.")
        }
        guard let vocabulary = file.model.vocab else { throw fail("model.vocab", "The field is missing.") }
        let added = (file.added_tokens ?? []).filter { vocabulary[$0.content] == nil }
        let all = vocabulary.map { ($0.key, $0.value) } + added.map { ($0.content, $0.id) }
        var pieces = [String?](repeating: nil, count: all.count)
        for (piece, number) in all {
            guard pieces.indices.contains(number), pieces[number] == nil else {
                throw fail(
                    "model.vocab",
                    "\"\(piece)\" has the number \(number); every number below \(all.count) was expected once.")
            }
            pieces[number] = piece
        }
        var names = names
        names.unknown = file.model.unk_token ?? names.unknown
        let longest = file.model.max_input_chars_per_word ?? 100
        guard longest > 0 else {
            throw fail("model.max_input_chars_per_word", "The value is \(longest); at least 1 was expected.")
        }
        try self.init(
            pieces: pieces.compactMap(\.self), names: names,
            continuationPrefix: file.model.continuing_subword_prefix ?? "##", longestWord: longest, file: path)
    }
}

/// The parts of `tokenizer.json` that matter here.
struct TokenizerFile: Decodable {
    struct Model: Decodable {
        var type: String?
        var vocab: [String: Int]?
        var unk_token: String?
        var continuing_subword_prefix: String?
        var max_input_chars_per_word: Int?
    }

    struct AddedToken: Decodable {
        var id: Int
        var content: String
    }

    struct Normalizer: Decodable {
        var type: String?
        var clean_text: Bool?
        var handle_chinese_chars: Bool?
        var strip_accents: Bool?
        var lowercase: Bool?
    }

    var model: Model
    var added_tokens: [AddedToken]?
    var normalizer: Normalizer?
}
