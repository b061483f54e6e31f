/// How items are written as tokens for the generative model to generate.
///
/// The default is one token for each item, generated in one step with an exact softmax over the catalogue. A
/// vocabulary whose items are sequences of several tokens (semantic identifiers) is decoded token by token.
public protocol ItemVocabulary: Sendable {
    /// The number of different tokens.
    var tokenCount: Int { get }
    /// The number of tokens of every item.
    var tokensPerItem: Int { get }
    /// The tokens of an item, `tokensPerItem` of them.
    func tokens(ofItem item: Int) -> [Int]
    /// The item that a full sequence of tokens stands for; nil when it stands for none.
    func item(of tokens: [Int]) -> Int?
}

/// One token for each item: token i is item i.
public struct WholeItemVocabulary: ItemVocabulary, Hashable {
    /// The number of items, and so of tokens.
    public let tokenCount: Int

    /// Creates the vocabulary of a catalogue with `itemCount` items.
    public init(itemCount: Int) {
        tokenCount = itemCount
    }

    /// One.
    public var tokensPerItem: Int { 1 }

    /// The item's index itself.
    public func tokens(ofItem item: Int) -> [Int] { [item] }

    /// The token itself, when it is in range.
    public func item(of tokens: [Int]) -> Int? {
        guard tokens.count == 1, tokens[0] >= 0, tokens[0] < tokenCount else { return nil }
        return tokens[0]
    }
}
