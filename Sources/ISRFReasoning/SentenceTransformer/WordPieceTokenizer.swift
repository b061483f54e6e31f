/// Cuts texts into the word pieces of a BERT vocabulary, as BERT does.
///
/// Control characters are dropped, every Chinese character and every punctuation mark is a word of its own, letters are
/// made small and lose their accents (when the model is one of small letters), and each word is the longest piece that
/// it begins with, followed by the longest that goes on, to its end. A word that leaves a rest or is longer than 100
/// characters is unknown as a whole. A special token's name in a text is text like any other.
struct WordPieceTokenizer: Sendable {
    let vocabulary: WordPieceVocabulary
    let normalization: TextNormalization

    /// The numbers of a text's pieces between those of [CLS] and [SEP]; none when the text has no piece.
    /// - Parameters:
    ///   - limit: The most numbers, at least 2: what follows is cut off.
    ///   - folded: This tokenizer's folded scalars, used by one task at a time.
    func tokens(of text: String, limit: Int, folded: FoldedScalars) -> [Int32] {
        var cutter = Cutter(vocabulary: vocabulary, most: limit - 2)
        for scalar in text.unicodeScalars {
            guard !cutter.isFull else { break }
            // Most of most texts: small letters and digits.
            if ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) {
                cutter.append(scalar)
                continue
            }
            switch normalization.kind(of: scalar) {
            case .dropped: break
            case .space: cutter.endWord()
            case .single:
                cutter.endWord()
                append(scalar, folded, to: &cutter)
                cutter.endWord()
            case .part: append(scalar, folded, to: &cutter)
            }
        }
        cutter.endWord()
        guard !cutter.pieces.isEmpty else { return [] }
        return [vocabulary.classification] + cutter.pieces.prefix(limit - 2) + [vocabulary.separator]
    }

    private func append(_ scalar: Unicode.Scalar, _ folded: FoldedScalars, to cutter: inout Cutter) {
        if scalar.isASCII {
            let isCapital = normalization.lowercases && ("A"..."Z").contains(scalar)
            appendPart(isCapital ? Unicode.Scalar(UInt8(scalar.value + 32)) : scalar, to: &cutter)
        } else {
            for part in folded[scalar] { appendPart(part, to: &cutter) }
        }
    }

    private func appendPart(_ scalar: Unicode.Scalar, to cutter: inout Cutter) {
        if TextNormalization.isPunctuation(scalar) {
            cutter.endWord()
            cutter.append(scalar)
            cutter.endWord()
        } else {
            cutter.append(scalar)
        }
    }

    /// Collects a word and cuts it into pieces at its end.
    private struct Cutter {
        let vocabulary: WordPieceVocabulary
        let most: Int
        var pieces: [Int32] = []
        private var word: [UInt8] = []
        private var characters = 0

        init(vocabulary: WordPieceVocabulary, most: Int) {
            self.vocabulary = vocabulary
            self.most = most
        }

        /// Whether all pieces that count have been found.
        var isFull: Bool { pieces.count >= most }

        mutating func append(_ scalar: Unicode.Scalar) {
            characters += 1
            // A word that is too long counts as unknown, whatever it holds.
            guard characters <= vocabulary.longestWord else { return }
            if scalar.isASCII {
                word.append(UInt8(scalar.value))
            } else {
                word.append(contentsOf: scalar.utf8)
            }
        }

        mutating func endWord() {
            guard characters > 0 else { return }
            defer {
                word.removeAll(keepingCapacity: true)
                characters = 0
            }
            guard characters <= vocabulary.longestWord else {
                pieces.append(vocabulary.unknown)
                return
            }
            let before = pieces.count
            var start = 0
            var root = WordPieceTrie.wordStart
            while start < word.count {
                guard let (piece, length) = vocabulary.trie.longest(in: word, from: start, at: root) else {
                    pieces.removeSubrange(before...)
                    pieces.append(vocabulary.unknown)
                    return
                }
                pieces.append(piece)
                start += length
                root = WordPieceTrie.continuation
            }
        }
    }
}
