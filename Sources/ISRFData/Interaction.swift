/// One user taking one item: a purchase, a review, a play.
public struct Interaction: Sendable, Codable, Hashable {
    /// The user's identifier.
    public var user: String
    /// The item's identifier.
    public var item: String
    /// When it happened, in any unit that grows with time; interactions without one keep the order of the input.
    public var timestamp: Double?
    /// The rating given, if any, on the data's own scale.
    public var rating: Double?

    /// Creates an interaction.
    public init(user: String, item: String, timestamp: Double? = nil, rating: Double? = nil) {
        self.user = user
        self.item = item
        self.timestamp = timestamp
        self.rating = rating
    }
}
