/// Opaque identifiers numbered from 0 in the order in which they were first seen.
public struct IdentifierMap: Sendable, Equatable {
    /// The identifiers; an identifier's index is its place here.
    public private(set) var identifiers: [String] = []
    private var indices: [String: Int] = [:]

    /// An empty map.
    public init() {}

    /// A map of the given identifiers; repeated ones keep their first place.
    public init(_ identifiers: some Sequence<String>) {
        for identifier in identifiers { insert(identifier) }
    }

    /// The number of identifiers.
    public var count: Int { identifiers.count }

    /// The index of an identifier, or nil when it is not in the map.
    public func index(of identifier: String) -> Int? { indices[identifier] }

    /// The identifier with the given index.
    public subscript(index: Int) -> String { identifiers[index] }

    /// Adds an identifier if it is new; returns its index either way.
    @discardableResult
    public mutating func insert(_ identifier: String) -> Int {
        if let index = indices[identifier] { return index }
        indices[identifier] = identifiers.count
        identifiers.append(identifier)
        return identifiers.count - 1
    }
}
