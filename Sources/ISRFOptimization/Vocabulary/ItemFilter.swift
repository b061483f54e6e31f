/// Which items may come out of decoding.
public struct ItemFilter: Sendable, Hashable {
    /// The only items that may come out; nil for all.
    public var allowed: Set<Int>?
    /// Items that may not come out, even when they are allowed.
    public var denied: Set<Int>

    /// Creates a filter, by default one that lets every item out. Indices that no item has count for nothing.
    public init(allowed: Set<Int>? = nil, denied: Set<Int> = []) {
        self.allowed = allowed
        self.denied = denied
    }
}
