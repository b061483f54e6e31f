internal import ISRFCore

/// The token sequences of all items as a tree: which tokens may follow a prefix so that an item comes out in the end.
public struct PrefixTrie: Sendable {
    /// The number of items.
    public var itemCount: Int { items.count }
    /// The number of tokens of every item.
    public let depth: Int
    // All items in the order of their sequences: the items below a node stand together.
    private let items: [Int32]
    // The place of each item in `items`.
    private let places: [Int32]
    // Nodes level by level, each level in the order of the sequences; node 0 is the root. Node n has the items
    // `items[firsts[n]..<ends[n]]` below it, and the children `children[n]..<children[n + 1]`.
    private let firsts: [Int32]
    private let ends: [Int32]
    private let children: [Int32]
    // The token that leads to each node; that of the root means nothing.
    private let tokens: [Int32]

    /// The tree of the first `itemCount` items of a vocabulary.
    /// - Throws: `ISRFError` (`contractViolation`) when the vocabulary gives an item another number of tokens than it
    ///   says, a token that it does not have, or the tokens of another item.
    public init(vocabulary: some ItemVocabulary, itemCount: Int) throws {
        let sequences = (0..<itemCount).map { vocabulary.tokens(ofItem: $0) }
        let depth = vocabulary.tokensPerItem
        let known = 0..<vocabulary.tokenCount
        for (item, sequence) in sequences.enumerated() {
            guard depth > 0, sequence.count == depth, sequence.allSatisfy({ known.contains($0) }) else {
                throw ISRFError(
                    .contractViolation,
                    "The vocabulary writes item \(item) as \(sequence); it must give \(depth) tokens in \(known).")
            }
        }
        let order = sequences.indices.sorted { sequences[$0].lexicographicallyPrecedes(sequences[$1]) }
        for (one, next) in zip(order, order.dropFirst()) where sequences[one] == sequences[next] {
            throw ISRFError(
                .contractViolation, "The vocabulary writes the items \(one) and \(next) alike: \(sequences[one]).")
        }
        var (firsts, ends, tokens, children): ([Int32], [Int32], [Int32], [Int32]) = ([0], [Int32(itemCount)], [-1], [])
        var level = 0..<1
        for place in 0..<depth {
            let start = firsts.count
            for node in level {
                children.append(Int32(firsts.count))
                for position in Int(firsts[node])..<Int(ends[node]) {
                    let token = Int32(sequences[order[position]][place])
                    if position == Int(firsts[node]) || tokens[tokens.count - 1] != token {
                        firsts.append(Int32(position))
                        ends.append(Int32(position))
                        tokens.append(token)
                    }
                    ends[ends.count - 1] += 1
                }
            }
            level = start..<firsts.count
        }
        children.append(contentsOf: repeatElement(Int32(firsts.count), count: level.count + 1))
        var places = [Int32](repeating: 0, count: itemCount)
        for (place, item) in order.enumerated() { places[item] = Int32(place) }
        self.depth = depth
        self.places = places
        items = order.map { Int32($0) }
        (self.firsts, self.ends, self.tokens, self.children) = (firsts, ends, tokens, children)
    }

    /// The number of nodes, the root included.
    public var nodeCount: Int { firsts.count }

    /// What the tree takes of memory, in bytes.
    public var byteCount: Int {
        MemoryLayout<Int32>.stride
            * (items.count + places.count + firsts.count + ends.count + children.count + tokens.count)
    }

    /// The tokens that may follow a prefix, ascending; none when no item begins like that, or the prefix is an item.
    /// - Parameter filter: Which items may come out.
    public func allowedTokens(after prefix: [Int], filter: ItemFilter = .init()) -> [Int] {
        let pruning = pruning(filter)
        return node(of: prefix).map { openChildren(of: $0, pruning).map { token(of: $0) } } ?? []
    }

    /// The items that begin with a prefix, ascending.
    public func items(after prefix: [Int]) -> [Int] {
        node(of: prefix).map { items[Int(firsts[$0])..<Int(ends[$0])].map { Int($0) }.sorted() } ?? []
    }

    func node(of prefix: [Int]) -> Int? {
        var node = 0
        for token in prefix {
            guard let child = children(of: node).first(where: { self.token(of: $0) == token }) else { return nil }
            node = child
        }
        return node
    }

    func children(of node: Int) -> Range<Int> { Int(children[node])..<Int(children[node + 1]) }

    func token(of node: Int) -> Int { Int(tokens[node]) }

    /// The item of a leaf.
    func item(ofLeaf node: Int) -> Int { Int(items[Int(firsts[node])]) }

    func openChildren(of node: Int, _ pruning: Pruning) -> [Int] {
        // Below a node with no denied item nothing is cut off.
        if case .without(let denied) = pruning, denied[node] == nil { return Array(children(of: node)) }
        return children(of: node).filter { isOpen($0, pruning) }
    }

    func isOpen(_ node: Int, _ pruning: Pruning) -> Bool {
        switch pruning {
        case .without(let denied): denied[node].map { $0 < Int(ends[node] - firsts[node]) } ?? true
        case .only(let allowed): allowed[node] != nil
        }
    }

    /// Which branches are cut off, found on the paths of the listed items alone.
    enum Pruning {
        /// How many items below a node may not come out.
        case without([Int: Int])
        /// How many items below a node may come out.
        case only([Int: Int])
    }

    func pruning(_ filter: ItemFilter) -> Pruning {
        if let allowed = filter.allowed { return .only(counts(allowed.subtracting(filter.denied))) }
        return .without(counts(filter.denied))
    }

    /// How many of some items are below each node; nodes without any are left out.
    private func counts(_ listed: Set<Int>) -> [Int: Int] {
        var counts: [Int: Int] = [:]
        for item in listed where item >= 0 && item < items.count {
            var node = 0
            counts[node, default: 0] += 1
            for _ in 0..<depth {
                // The children divide the items below a node in order: the last that begins at or before the item.
                var range = children(of: node)
                while range.count > 1 {
                    let middle = (range.lowerBound + range.upperBound) / 2
                    range = firsts[middle] <= places[item] ? middle..<range.upperBound : range.lowerBound..<middle
                }
                node = range.lowerBound
                counts[node, default: 0] += 1
            }
        }
        return counts
    }
}
