import Foundation
import ISRFCore
import Testing

@testable import ISRFReasoning

@Suite("Word pieces")
struct WordPieceTests {
    static let pieces =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", "aff", "##a", "a", "cafe", "##s", "hello", "!"]
        + ["写", "真", "カ", "##メ", "##ラ", "i", "##x", "x", "[", "]", "cls", "-", "Hello", "CAFE", "Café", "ı", "σ", "и"]
        + ["ᄒ", "##ᅡ", "##ᆫ", "`", "«", "1", "¹", "ß"]

    static func tokenizer(_ normalization: TextNormalization = TextNormalization()) throws -> WordPieceTokenizer {
        WordPieceTokenizer(
            vocabulary: try WordPieceVocabulary(pieces: pieces, file: "vocab.txt"), normalization: normalization)
    }

    /// What a text is cut into, without the marks around it.
    static func cut(
        _ text: String, _ normalization: TextNormalization = TextNormalization(), limit: Int = 512
    ) throws -> [String] {
        let tokens = try tokenizer(normalization).tokens(of: text, limit: limit, folded: FoldedScalars(normalization))
        guard !tokens.isEmpty else { return [] }
        #expect(tokens.first == 2 && tokens.last == 3)
        return tokens.dropFirst().dropLast().map { pieces[Int($0)] }
    }

    @Test(
        "A word is the longest pieces from its beginning on, or unknown as a whole",
        arguments: [
            ("unaffable", ["un", "##aff", "##able"]), ("aff", ["aff"]), ("affa", ["aff", "##a"]),
            ("unaffablez", ["[UNK]"]), ("zebra", ["[UNK]"]), ("hello unaffable", ["hello", "un", "##aff", "##able"]),
            ("aa", ["a", "##a"]), ("##s", ["[UNK]", "[UNK]", "[UNK]"]),
        ])
    func pieces(_ text: String, _ expected: [String]) throws {
        #expect(try Self.cut(text) == expected)
    }

    @Test(
        "Texts are cleaned, made small and stripped of accents",
        arguments: [
            ("HELLO", ["hello"]), ("Café CAFÉ cafe\u{301}", ["cafe", "cafe", "cafe"]),
            ("hello\u{0}\u{7}\u{FFFD}\u{200B}\u{AD}", ["hello"]), ("h\u{200D}ello", ["hello"]),
            ("hello\u{A0}hello\u{3000}hello\u{2028}hello\thello\r\nhello", Array(repeating: "hello", count: 6)),
            ("hello\u{378}", ["[UNK]"]), ("İ", ["i"]), ("ı", ["ı"]), ("Σ", ["σ"]), ("й", ["и"]),
            ("한", ["ᄒ", "##ᅡ", "##ᆫ"]), ("ẞ", ["ß"]),
            // The Greek varia decomposes into a grave accent of ASCII, which is punctuation.
            ("hello\u{1FEF}hello", ["hello", "`", "hello"]), ("¹", ["¹"]),
        ])
    func cleaning(_ text: String, _ expected: [String]) throws {
        #expect(try Self.cut(text) == expected)
    }

    @Test(
        "Punctuation marks and Chinese characters are words of their own",
        arguments: [
            ("hello!hello!!", ["hello", "!", "hello", "!", "!"]), ("«hello»", ["«", "hello", "[UNK]"]),
            ("写真カメラ", ["写", "真", "カ", "##メ", "##ラ"]), ("a写a", ["a", "写", "a"]),
            ("\u{20000}真", ["[UNK]", "真"]), ("[CLS]", ["[", "cls", "]"]), ("a-a", ["a", "-", "a"]),
        ])
    func separation(_ text: String, _ expected: [String]) throws {
        #expect(try Self.cut(text) == expected)
    }

    @Test("A word of 100 characters is cut, a longer one unknown, whatever bytes its characters take")
    func longWords() throws {
        let hundred = String(repeating: "x", count: 100)
        #expect(try Self.cut(hundred) == ["x"] + Array(repeating: "##x", count: 99))
        #expect(try Self.cut(hundred + "x") == ["[UNK]"])
        #expect(try Self.cut("カ" + String(repeating: "メ", count: 99)).count == 100)
        #expect(try Self.cut(String(repeating: "x", count: 1_000_000) + " hello") == ["[UNK]", "hello"])
    }

    @Test("Long texts are cut off, marks included in the count", arguments: [3, 4, 10])
    func truncation(_ limit: Int) throws {
        let text = String(repeating: "hello! ", count: 50)
        let tokens = try Self.tokenizer().tokens(
            of: text, limit: limit, folded: FoldedScalars(TextNormalization()))
        #expect(tokens.count == limit)
        #expect(tokens.first == 2 && tokens.last == 3)
        #expect(try Self.cut("unaffable hello", limit: 4) == ["un", "##aff"])
    }

    @Test("A text without pieces has no tokens", arguments: ["", " \n\t", "\u{200B}", "\u{0}", "\u{301}"])
    func nothing(_ text: String) throws {
        #expect(
            try Self.tokenizer().tokens(
                of: text, limit: 512, folded: FoldedScalars(TextNormalization())
            ).isEmpty)
    }

    @Test("A model of capitals keeps capitals and accents")
    func cased() throws {
        let cased = TextNormalization(lowercases: false, stripsAccents: false)
        #expect(try Self.cut("Hello hello Café", cased) == ["Hello", "hello", "Café"])
        #expect(try Self.cut("CAFÉ", TextNormalization(lowercases: false, stripsAccents: true)) == ["CAFE"])
        #expect(try Self.cut("Café", TextNormalization(lowercases: true, stripsAccents: false)) == ["[UNK]"])
        #expect(
            try Self.cut("写真", TextNormalization(separatesChineseCharacters: false)) == ["[UNK]"])
    }

    @Test("The longest piece is found among many, at the beginning and within a word")
    func trie() {
        var trie = WordPieceTrie()
        var random = SeededRandom(seed: 3)
        var words: [[UInt8]: Int32] = [:]
        for number in 0..<40_000 {
            let word = (0...random.index(below: 5)).map { _ in UInt8(97 + random.index(below: 12)) }
            words[word] = Int32(number)
            let isAdded = trie.insert(word, at: WordPieceTrie.continuation, piece: Int32(number))
            #expect(isAdded)
        }
        for _ in 0..<2000 {
            let text = (0..<8).map { _ in UInt8(97 + random.index(below: 13)) }
            let expected = (1...7).reversed().first { words[Array(text[1...$0])] != nil }
            let found = trie.longest(in: text, from: 1, at: WordPieceTrie.continuation)
            #expect(found?.length == expected)
            if let expected { #expect(found?.piece == words[Array(text[1...expected])]) }
            #expect(trie.longest(in: text, from: 1, at: WordPieceTrie.wordStart) == nil)
        }
    }
}
