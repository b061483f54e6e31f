import Foundation
import ISRFKit
import Testing

@Suite("Semantic identifiers")
struct SemanticIdentifierVocabularyTests {
    @Test("Every item has tokens of its own, a fixed number, and they lead back to it")
    func bothWays() throws {
        let vectors = randomMatrix(200, 5, seed: 4)
        let quantizer = try ResidualQuantizer(fitting: vectors, configuration: .init(levels: 2, codebookSize: 6))
        let vocabulary = try SemanticIdentifierVocabulary(quantizer: quantizer, vectors: vectors)
        #expect(vocabulary.itemCount == 200)
        // 36 sequences of two codes cannot tell 200 items apart.
        #expect(vocabulary.hasDisambiguation && vocabulary.tokensPerItem == 3)
        #expect(Array(vocabulary.placeSizes.prefix(2)) == [6, 6])
        let sequences = (0..<200).map { vocabulary.tokens(ofItem: $0) }
        #expect(Set(sequences).count == 200)
        let codes = try quantizer.codes(of: vectors)
        for (item, sequence) in sequences.enumerated() {
            #expect(sequence.count == vocabulary.tokensPerItem)
            #expect(vocabulary.item(of: sequence) == item)
            for (place, token) in sequence.enumerated() {
                #expect(vocabulary.tokens(atPlace: place).contains(token))
            }
            // The codes stand as they were quantised.
            #expect([sequence[0], sequence[1] - 6] == codes[item])
        }
    }

    @Test("Other sequences stand for nothing")
    func noItem() throws {
        let vocabulary = try drawnVocabulary()
        let known = Set((0..<40).map { vocabulary.tokens(ofItem: $0) })
        let range = -1...vocabulary.tokenCount
        var random = SeededRandom(seed: 1)
        for _ in 0..<2000 {
            let tokens = (0..<vocabulary.tokensPerItem).map { _ in range.lowerBound + random.index(below: range.count) }
            #expect((vocabulary.item(of: tokens) != nil) == known.contains(tokens))
        }
        for tokens in [[], [0], vocabulary.tokens(ofItem: 0) + [0]] { #expect(vocabulary.item(of: tokens) == nil) }
    }

    @Test("Without collisions there is no further token; equal items are ranked in their order")
    func collisions() throws {
        let different = try SemanticIdentifierVocabulary(codes: [[0, 1], [0, 0], [2, 1]])
        #expect(!different.hasDisambiguation)
        #expect(different.placeSizes == [3, 2] && different.tokenCount == 5)
        #expect((0..<3).map { different.tokens(ofItem: $0) } == [[0, 4], [0, 3], [2, 4]])
        let equal = try SemanticIdentifierVocabulary(codes: [[1], [0], [1], [1]], sizes: [4])
        #expect(equal.placeSizes == [4, 3])
        #expect((0..<4).map { equal.tokens(ofItem: $0) } == [[1, 4], [0, 4], [1, 5], [1, 6]])
        #expect(equal.tokens(atPlace: 1) == 4..<7)
    }

    @Test("Saved and restored it is the same; a damaged one is refused")
    func coding() throws {
        let vocabulary = try drawnVocabulary()
        let saved = try JSONEncoder().encode(vocabulary)
        #expect(try JSONDecoder().decode(SemanticIdentifierVocabulary.self, from: saved) == vocabulary)
        let damaged = [
            #"{"placeSizes":[2,2],"hasDisambiguation":false,"codes":[0,1,0,1]}"#,
            #"{"placeSizes":[2,2],"hasDisambiguation":false,"codes":[0,1,0,2]}"#,
            #"{"placeSizes":[2,2],"hasDisambiguation":false,"codes":[0,1,-1,1]}"#,
            #"{"placeSizes":[2,2],"hasDisambiguation":false,"codes":[0,1,0]}"#,
            #"{"placeSizes":[],"hasDisambiguation":false,"codes":[]}"#,
            #"{"placeSizes":[0],"hasDisambiguation":false,"codes":[0]}"#,
        ]
        for text in damaged {
            let error = #expect(throws: ISRFError.self, "\(text)") {
                _ = try JSONDecoder().decode(SemanticIdentifierVocabulary.self, from: Data(text.utf8))
            }
            #expect(error?.code == .invalidModel)
        }
    }

    @Test("Codes that identify nothing are refused")
    func refusals() {
        for (codes, sizes) in [
            ([], nil), ([[]], nil), ([[0], [0, 1]], nil), ([[-1]], nil), ([[0], [3]], [3]), ([[0]], [1, 1]),
        ] as [([[Int]], [Int]?)] {
            let error = #expect(throws: ISRFError.self) {
                _ = try SemanticIdentifierVocabulary(codes: codes, sizes: sizes)
            }
            #expect(error?.code == .invalidData)
        }
    }
}
