/// One thing that can be true of an item: a word of its text, a category level, its brand, or the value of a field.
public struct ItemAttribute: Sendable, Codable, Hashable {
    /// Where an attribute comes from.
    public enum Kind: String, Sendable, Codable, Hashable, CaseIterable {
        /// A word of the title, of the description, or of a long field value.
        case word
        /// One level of a category path.
        case category
        /// The brand, in lower case.
        case brand
        /// The value of a further field, in lower case.
        case field
    }

    /// Where the attribute comes from.
    public var kind: Kind
    /// The field's name for attributes of kind `field`, otherwise nil.
    public var field: String?
    /// The value that items are compared by.
    public var value: String

    /// Creates an attribute.
    public init(_ kind: Kind, _ value: String, field: String? = nil) {
        self.kind = kind
        self.value = value
        self.field = field
    }
}
