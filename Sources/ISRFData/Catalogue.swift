internal import ISRFCore

/// The items that can be recommended, numbered from 0.
public struct Catalogue: Sendable, Equatable {
    /// The items; an item's index is its place here.
    public let items: [Item]
    /// Item identifiers and their indices.
    public let identifiers: IdentifierMap

    /// Creates a catalogue.
    /// - Throws: `ISRFError` (`invalidData`) when there is no item, an identifier is empty, or two items share one.
    public init(items: [Item]) throws {
        guard !items.isEmpty else {
            throw ISRFError(.invalidData, "The catalogue is empty: at least one item is needed.")
        }
        var identifiers = IdentifierMap()
        for (index, item) in items.enumerated() {
            guard !item.id.isEmpty else {
                throw ISRFError(.invalidData, "Item number \(index + 1) has an empty identifier.")
            }
            guard identifiers.insert(item.id) == index else {
                throw ISRFError(.invalidData, "Two items share the identifier \"\(item.id)\"; identifiers are unique.")
            }
        }
        self.items = items
        self.identifiers = identifiers
    }

    /// The number of items.
    public var count: Int { items.count }

    /// The item with the given index.
    public subscript(index: Int) -> Item { items[index] }

    /// The index of an item.
    /// - Throws: `ISRFError` (`notFound`) when the catalogue has no such item.
    public func index(of identifier: String) throws -> Int {
        guard let index = identifiers.index(of: identifier) else {
            throw ISRFError(.notFound, "The catalogue has no item \"\(identifier)\".")
        }
        return index
    }
}
