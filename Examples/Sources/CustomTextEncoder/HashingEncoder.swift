import ISRFKit

/// Encodes texts by hashing runs of three characters: no vocabulary, nothing to fit, any language.
struct HashingEncoder: TextEncoder {
    var dimensions = 256

    func encode(_ texts: [String]) async throws -> Matrix {
        var vectors = Matrix(rows: texts.count, columns: dimensions)
        for (row, text) in texts.enumerated() {
            try Task.checkCancellation()
            for word in text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
                let letters = Array(" \(word) ".utf8)
                for start in 0..<letters.count - 2 {
                    // FNV-1a: Swift's own hash values differ from run to run.
                    let hash = letters[start..<start + 3].reduce(UInt64(0xCBF2_9CE4_8422_2325)) {
                        ($0 ^ UInt64($1)) &* 0x100_0000_01B3
                    }
                    vectors[row, Int(hash % UInt64(dimensions))] += hash >> 63 == 0 ? 1 : -1
                }
            }
        }
        return vectors.normalizedRows()
    }
}
