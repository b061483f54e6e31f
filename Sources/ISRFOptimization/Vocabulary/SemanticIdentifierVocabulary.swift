public import ISRFCore
public import ISRFNumerics

/// Items as sequences of codes, so that similar items begin alike.
///
/// Every place of a sequence has tokens of its own: token `offset of the place + code`. Items that share all their
/// codes are told apart by one further token, their rank among those that share them. That keeps every code as it
/// was quantised and works for any number of equal items, equal vectors included; moving an item to the nearest free
/// code would do neither. When no two items share their codes there is no such token.
public struct SemanticIdentifierVocabulary: ItemVocabulary, Hashable {
    /// The number of items.
    public let itemCount: Int
    /// For each place of a sequence the number of different tokens, the place that tells equal items apart included.
    public let placeSizes: [Int]
    /// Whether the last place tells items with the same codes apart.
    public let hasDisambiguation: Bool
    // The codes of all items, item after item, without the places' offsets.
    private let codes: [Int32]
    // All items in the order of their codes.
    private let order: [Int32]

    /// A vocabulary from the codes of all items.
    /// - Parameters:
    ///   - codes: For each item the same number of codes, at least one, none negative.
    ///   - sizes: For each place the number of different codes; by default one more than the greatest in use.
    /// - Throws: `ISRFError` (`invalidData`) when the codes are none of the kind.
    public init(codes: [[Int]], sizes: [Int]? = nil) throws {
        guard let length = codes.first?.count, length > 0, codes.allSatisfy({ $0.count == length }),
            codes.allSatisfy({ $0.allSatisfy { $0 >= 0 && $0 < Int(Int32.max) } })
        else {
            throw ISRFError(
                .invalidData,
                "The codes do not identify items. Give each item the same number of codes, at least one, each 0 or more."
            )
        }
        let used = (0..<length).map { place in codes.reduce(0) { max($0, $1[place]) } + 1 }
        let sizes = sizes ?? used
        guard sizes.count == length, zip(sizes, used).allSatisfy({ $0 >= $1 }) else {
            throw ISRFError(.invalidData, "A code is not below the size of its place: sizes \(sizes), used \(used).")
        }
        var ranks: [[Int]: Int] = [:]
        let rank = codes.map { codes in
            let rank = ranks[codes, default: 0]
            ranks[codes] = rank + 1
            return rank
        }
        let greatest = ranks.values.max() ?? 1
        let full = greatest > 1 ? zip(codes, rank).map { $0 + [$1] } : codes
        try self.init(
            flat: full.joined().map { Int32($0) }, placeSizes: greatest > 1 ? sizes + [greatest] : sizes,
            hasDisambiguation: greatest > 1)
    }

    /// The vocabulary that a quantiser gives some items.
    /// - Parameter vectors: One row for each item.
    /// - Throws: `ISRFError` (`invalidData`) when the vectors do not fit the quantiser.
    public init(quantizer: ResidualQuantizer, vectors: Matrix, on parallelism: Parallelism = .serial) throws {
        try self.init(
            codes: quantizer.codes(of: vectors, on: parallelism), sizes: quantizer.codebooks.map(\.rows))
    }

    private init(flat codes: [Int32], placeSizes: [Int], hasDisambiguation: Bool) throws {
        let places = placeSizes.count
        let count = places > 0 ? codes.count / places : 0
        let broken = ISRFError(
            .invalidModel, "The vocabulary is damaged: its codes do not give every item a sequence of its own.")
        guard count > 0, codes.count == count * places, placeSizes.allSatisfy({ $0 > 0 && $0 <= Int(Int32.max) }),
            codes.indices.allSatisfy({ codes[$0] >= 0 && codes[$0] < placeSizes[$0 % places] })
        else { throw broken }
        self.codes = codes
        self.placeSizes = placeSizes
        self.hasDisambiguation = hasDisambiguation
        itemCount = count
        func sequence(_ item: Int32) -> ArraySlice<Int32> { codes[Int(item) * places..<(Int(item) + 1) * places] }
        order = (0..<Int32(count)).sorted { sequence($0).lexicographicallyPrecedes(sequence($1)) }
        guard zip(order, order.dropFirst()).allSatisfy({ sequence($0) != sequence($1) }) else { throw broken }
    }

    /// The number of different tokens of all places together.
    public var tokenCount: Int { placeSizes.reduce(0, +) }

    /// What the codes of all items take of memory, in bytes.
    public var byteCount: Int { MemoryLayout<Int32>.stride * (codes.count + order.count) }

    /// The number of places.
    public var tokensPerItem: Int { placeSizes.count }

    /// The tokens of one place.
    public func tokens(atPlace place: Int) -> Range<Int> {
        let start = placeSizes[..<place].reduce(0, +)
        return start..<start + placeSizes[place]
    }

    /// The item's codes, each moved to the tokens of its place.
    public func tokens(ofItem item: Int) -> [Int] {
        var start = 0
        return placeSizes.indices.map { place in
            defer { start += placeSizes[place] }
            return start + Int(codes[item * placeSizes.count + place])
        }
    }

    /// The item with exactly these tokens; nil when there is none.
    public func item(of tokens: [Int]) -> Int? {
        guard tokens.count == placeSizes.count else { return nil }
        var sought: [Int32] = []
        for place in placeSizes.indices {
            let range = self.tokens(atPlace: place)
            guard range.contains(tokens[place]) else { return nil }
            sought.append(Int32(tokens[place] - range.lowerBound))
        }
        var (low, high) = (0, order.count)
        while low < high {
            let middle = (low + high) / 2
            if sequence(ofItem: Int(order[middle])).lexicographicallyPrecedes(sought) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low < order.count, sequence(ofItem: Int(order[low])).elementsEqual(sought) else { return nil }
        return Int(order[low])
    }

    private func sequence(ofItem item: Int) -> ArraySlice<Int32> {
        codes[item * placeSizes.count..<(item + 1) * placeSizes.count]
    }
}

extension SemanticIdentifierVocabulary: Codable {
    private enum CodingKeys: String, CodingKey {
        case placeSizes, hasDisambiguation, codes
    }

    /// Restores a vocabulary.
    /// - Throws: A decoding error, or `ISRFError` (`invalidModel`) when the codes do not give every item a sequence of
    ///   its own.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            flat: container.decode([Int32].self, forKey: .codes),
            placeSizes: container.decode([Int].self, forKey: .placeSizes),
            hasDisambiguation: container.decode(Bool.self, forKey: .hasDisambiguation))
    }

    /// Saves the codes of all items and the sizes of the places.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(placeSizes, forKey: .placeSizes)
        try container.encode(hasDisambiguation, forKey: .hasDisambiguation)
        try container.encode(codes, forKey: .codes)
    }
}
