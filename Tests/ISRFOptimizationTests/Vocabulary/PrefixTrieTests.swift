import ISRFKit
import Testing

@Suite("The prefix trie")
struct PrefixTrieTests {
    /// Every prefix of every item, and some that no item has.
    static func prefixes(_ vocabulary: SemanticIdentifierVocabulary) -> Set<[Int]> {
        var prefixes: Set<[Int]> = [[], [-1], [vocabulary.tokenCount]]
        for item in 0..<vocabulary.itemCount {
            let tokens = vocabulary.tokens(ofItem: item)
            for length in 0...tokens.count { prefixes.insert(Array(tokens[..<length])) }
        }
        for token in 0..<vocabulary.tokenCount { prefixes.insert([0, token]) }
        return prefixes
    }

    @Test(
        "What may follow a prefix is what follows it in some item that may come out",
        arguments: [
            ItemFilter(), ItemFilter(denied: [0, 1, 2, 3, 5, 8, 13, 21, 34]), ItemFilter(allowed: [4, 7, 30]),
            ItemFilter(allowed: Set(10..<30), denied: Set(20..<40)), ItemFilter(allowed: []),
            ItemFilter(denied: Set(0..<40)), ItemFilter(allowed: [-1, 3, 99], denied: [-5, 40]),
        ])
    func bruteForce(filter: ItemFilter) throws {
        let vocabulary = try drawnVocabulary()
        let trie = try PrefixTrie(vocabulary: vocabulary, itemCount: 40)
        let open = (0..<40).filter { filter.allowed?.contains($0) ?? true && !filter.denied.contains($0) }
        for prefix in Self.prefixes(vocabulary) {
            let following = open.map { vocabulary.tokens(ofItem: $0) }
                .filter { $0.starts(with: prefix) && $0.count > prefix.count }
            #expect(
                trie.allowedTokens(after: prefix, filter: filter) == Set(following.map { $0[prefix.count] }).sorted())
            #expect(trie.items(after: prefix) == (0..<40).filter { vocabulary.tokens(ofItem: $0).starts(with: prefix) })
        }
    }

    @Test("It has one node for each different prefix")
    func nodes() throws {
        let vocabulary = try drawnVocabulary()
        let trie = try PrefixTrie(vocabulary: vocabulary, itemCount: 40)
        let prefixes = (0..<40).flatMap { item in
            let tokens = vocabulary.tokens(ofItem: item)
            return (0...tokens.count).map { Array(tokens[..<$0]) }
        }
        #expect(trie.nodeCount == Set(prefixes).count)
        #expect(trie.depth == vocabulary.tokensPerItem && trie.itemCount == 40)
    }

    @Test("Whole items are a tree of one level, an empty catalogue one of none")
    func wholeItems() throws {
        let trie = try PrefixTrie(vocabulary: WholeItemVocabulary(itemCount: 5), itemCount: 5)
        #expect(trie.allowedTokens(after: []) == [0, 1, 2, 3, 4])
        #expect(trie.allowedTokens(after: [], filter: ItemFilter(denied: [1])) == [0, 2, 3, 4])
        #expect(trie.allowedTokens(after: [2]).isEmpty)
        let empty = try PrefixTrie(vocabulary: WholeItemVocabulary(itemCount: 0), itemCount: 0)
        #expect(empty.allowedTokens(after: []).isEmpty && empty.items(after: []).isEmpty)
    }

    @Test("A vocabulary that breaks its word is refused")
    func refusals() {
        struct Written: ItemVocabulary {
            var sequences: [[Int]]
            let tokenCount = 3
            let tokensPerItem = 2
            func tokens(ofItem item: Int) -> [Int] { sequences[item] }
            func item(of tokens: [Int]) -> Int? { sequences.firstIndex(of: tokens) }
        }
        for sequences in [[[0, 1], [0, 1]], [[0, 1], [0]], [[0, 3]], [[-1, 0]]] {
            let error = #expect(throws: ISRFError.self) {
                _ = try PrefixTrie(vocabulary: Written(sequences: sequences), itemCount: sequences.count)
            }
            #expect(error?.code == .contractViolation)
        }
    }
}
