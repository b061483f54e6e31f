/// One thing of a catalogue that can be recommended, with what is known of it.
public struct Item: Sendable, Codable, Hashable {
    /// The identifier: opaque, compared exactly, never interpreted.
    public var id: String
    /// The title as a person reads it.
    public var title: String?
    /// The brand, maker or author.
    public var brand: String?
    /// A longer description.
    public var description: String?
    /// Paths in the category tree, each from the widest category to the narrowest.
    public var categories: [[String]]
    /// Any further fields, each with its values.
    public var attributes: [String: [String]]

    /// Creates an item; everything but the identifier may be missing.
    public init(
        id: String, title: String? = nil, brand: String? = nil, description: String? = nil,
        categories: [[String]] = [], attributes: [String: [String]] = [:]
    ) {
        self.id = id
        self.title = title
        self.brand = brand
        self.description = description
        self.categories = categories
        self.attributes = attributes
    }
}
