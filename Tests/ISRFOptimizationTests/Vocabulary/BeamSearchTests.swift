import ISRFKit
import Testing

@Suite("Beam search")
struct BeamSearchTests {
    static let items = 40

    static func search(_ scorer: DrawnScorer, width: Int) throws -> BeamSearch {
        try BeamSearch(trie: PrefixTrie(vocabulary: scorer.vocabulary, itemCount: items), width: width)
    }

    /// All items that may come out, scored one by one: best first, ties by smaller index.
    static func exhaustive(_ scorer: DrawnScorer, _ decoding: Int, _ filter: ItemFilter = .init()) -> [BeamSearch
        .Candidate]
    {
        (0..<items).filter { filter.allowed?.contains($0) ?? true && !filter.denied.contains($0) }
            .map { BeamSearch.Candidate(item: $0, logProbability: scorer.score(of: $0, decoding: decoding)) }
            .sorted {
                $0.logProbability != $1.logProbability ? $0.logProbability > $1.logProbability : $0.item < $1.item
            }
    }

    static let filters = [
        ItemFilter(), ItemFilter(denied: Set(0..<25)), ItemFilter(allowed: [3, 17, 31]), ItemFilter(allowed: []),
        ItemFilter(allowed: Set(0..<20), denied: Set(10..<40)),
    ]

    @Test(
        "A beam as wide as the catalogue is exhaustive scoring, ties and filters included",
        arguments: [nil, 1] as [Float?])
    func exhaustive(grid: Float?) throws {
        let scorer = DrawnScorer(vocabulary: try drawnVocabulary(), grid: grid)
        let found = try Self.search(scorer, width: Self.items).search(5, scorer: scorer, filters: Self.filters)
        for (decoding, filter) in Self.filters.enumerated() {
            #expect(found[decoding] == Self.exhaustive(scorer, decoding, filter))
        }
        #expect(found[3].isEmpty)
    }

    @Test("A beam of one is greedy decoding", arguments: [nil, 1] as [Float?])
    func greedy(grid: Float?) throws {
        let vocabulary = try drawnVocabulary()
        let scorer = DrawnScorer(vocabulary: vocabulary, seed: 7, grid: grid)
        let found = try Self.search(scorer, width: 1).search(5, scorer: scorer, filters: Self.filters)
        for (decoding, filter) in Self.filters.enumerated() {
            let open = Self.exhaustive(scorer, decoding, filter).map { vocabulary.tokens(ofItem: $0.item) }
            var prefix: [Int] = []
            var total: Float = 0
            for place in 0..<vocabulary.tokensPerItem where !open.isEmpty {
                let allowed = Set(open.filter { $0.starts(with: prefix) }.map { $0[place] }).sorted()
                let row = scorer.row(decoding, prefix)
                let start = vocabulary.tokens(atPlace: place).lowerBound
                let best = try #require(allowed.map { row[$0 - start] }.max())
                let token = try #require(allowed.first { row[$0 - start] == best })
                prefix.append(token)
                total += best
            }
            let expected = vocabulary.item(of: prefix).map { [BeamSearch.Candidate(item: $0, logProbability: total)] }
            #expect(found[decoding] == expected ?? [])
        }
    }

    @Test(
        "Whatever the beam, distinct items that may come out and their true scores do", arguments: [1, 2, 5, 17, 100])
    func onlyItems(width: Int) throws {
        let scorer = DrawnScorer(vocabulary: try drawnVocabulary(), seed: 11, grid: 0.5)
        let found = try Self.search(scorer, width: width).search(5, scorer: scorer, filters: Self.filters)
        for (decoding, filter) in Self.filters.enumerated() {
            let scores = Self.exhaustive(scorer, decoding, filter)
            #expect(found[decoding].count == min(width, scores.count))
            #expect(Set(found[decoding]).isSubset(of: scores))
            #expect(Set(found[decoding].map(\.item)).count == found[decoding].count)
            let order = found[decoding].map { (-$0.logProbability, $0.item) }
            #expect(zip(order, order.dropFirst()).allSatisfy { $0 < $1 })
        }
    }

    @Test("A decoding finds the same alone and beside others, and a search the same again")
    func batching() throws {
        let scorer = DrawnScorer(vocabulary: try drawnVocabulary(), grid: 1)
        let search = try Self.search(scorer, width: 4)
        let together = try search.search(3, scorer: scorer)
        #expect(try search.search(3, scorer: scorer) == together)
        #expect(try search.search(1, scorer: scorer) == Array(together[..<1]))
        #expect(try search.search(0, scorer: scorer).isEmpty)
    }

    @Test("Where all tokens are equally likely the first tokens win")
    func ties() throws {
        let vocabulary = try drawnVocabulary()
        let scorer = DrawnScorer(vocabulary: vocabulary, grid: 100)
        let found = try Self.search(scorer, width: 3).search(1, scorer: scorer)[0]
        let first = (0..<Self.items)
            .sorted { vocabulary.tokens(ofItem: $0).lexicographicallyPrecedes(vocabulary.tokens(ofItem: $1)) }.prefix(3)
        #expect(found.map(\.item) == first.sorted())
    }

    @Test("It decodes whole items as well")
    func wholeItems() throws {
        struct Scorer: NextTokenScorer {
            let values: [Float]
            func score(_ request: NextTokenRequest) throws -> NextTokenResponse {
                NextTokenResponse(
                    tokens: 0..<values.count, logProbabilities: Matrix(request.prefixes.map { _ in values }))
            }
        }
        let trie = try PrefixTrie(vocabulary: WholeItemVocabulary(itemCount: 4), itemCount: 4)
        let scorer = Scorer(values: [-3, -1, -.infinity, -1])
        let found = try BeamSearch(trie: trie, width: 4).search(1, scorer: scorer)[0]
        #expect(found.map(\.item) == [1, 3, 0, 2])
    }

    @Test("A scorer that breaks its contract is named")
    func refusals() throws {
        struct Broken: NextTokenScorer {
            let response: NextTokenResponse
            func score(_ request: NextTokenRequest) throws -> NextTokenResponse { response }
        }
        let trie = try PrefixTrie(vocabulary: WholeItemVocabulary(itemCount: 3), itemCount: 3)
        for response in [
            NextTokenResponse(tokens: 0..<3, logProbabilities: Matrix([[0, 0]])),
            NextTokenResponse(tokens: 0..<3, logProbabilities: Matrix([[0, 0, 0], [0, 0, 0]])),
            NextTokenResponse(tokens: 0..<2, logProbabilities: Matrix([[0, 0]])),
            NextTokenResponse(tokens: 0..<3, logProbabilities: Matrix([[0, .nan, 0]])),
        ] {
            let error = #expect(throws: ISRFError.self) {
                _ = try BeamSearch(trie: trie, width: 2).search(1, scorer: Broken(response: response))
            }
            #expect(error?.code == .contractViolation)
        }
        let error = #expect(throws: ISRFError.self) { _ = try BeamSearch(trie: trie, width: 0) }
        #expect(error?.code == .invalidConfiguration)
    }
}
