internal import ISRFCore

/// Who took what, in time order: one history of item indices for each user.
public struct InteractionLog: Sendable, Equatable {
    /// User identifiers and their indices.
    public let users: IdentifierMap
    /// Each user's items as catalogue indices, oldest first; an item may stand in a history more than once.
    public let histories: [[Int]]
    /// The number of items of the catalogue that the indices point into.
    public let itemCount: Int

    /// Creates a log from histories.
    /// - Throws: `ISRFError` (`invalidData`) when there is not one history for each user or an index is out of range.
    public init(users: IdentifierMap, histories: [[Int]], itemCount: Int) throws {
        guard users.count == histories.count else {
            throw ISRFError(.invalidData, "There are \(users.count) users but \(histories.count) histories.")
        }
        for (user, history) in histories.enumerated() {
            if let index = history.first(where: { $0 < 0 || $0 >= itemCount }) {
                throw ISRFError(
                    .invalidData,
                    "User \"\(users[user])\" has the item index \(index); indices run from 0 to \(itemCount - 1).")
            }
        }
        self.users = users
        self.histories = histories
        self.itemCount = itemCount
    }

    /// Creates a log from single interactions, in any order.
    ///
    /// A user's interactions are ordered by timestamp; those with equal or missing timestamps keep their order.
    /// - Throws: `ISRFError` (`invalidData`) when there is no interaction, an identifier is empty, some of a user's
    ///   interactions have timestamps and others not, or an item is not in the catalogue.
    public init(interactions: [Interaction], catalogue: Catalogue) throws {
        guard !interactions.isEmpty else {
            throw ISRFError(.invalidData, "The log is empty: at least one interaction is needed.")
        }
        var users = IdentifierMap()
        var entries: [[(item: Int, timestamp: Double?)]] = []
        for (number, interaction) in interactions.enumerated() {
            guard !interaction.user.isEmpty else {
                throw ISRFError(.invalidData, "Interaction number \(number + 1) has an empty user identifier.")
            }
            guard let item = catalogue.identifiers.index(of: interaction.item) else {
                throw ISRFError(
                    .invalidData,
                    "Interaction number \(number + 1) names the item \"\(interaction.item)\", "
                        + "which the catalogue does not have.")
            }
            let user = users.insert(interaction.user)
            if user == entries.count { entries.append([]) }
            entries[user].append((item, interaction.timestamp))
        }
        let histories = try entries.enumerated().map { user, entries in
            let dated = entries.count { $0.timestamp != nil }
            guard dated > 0 else { return entries.map(\.item) }
            guard dated == entries.count, entries.allSatisfy({ $0.timestamp?.isFinite ?? false }) else {
                throw ISRFError(
                    .invalidData,
                    "User \"\(users[user])\" has interactions with and without a valid timestamp; give all or none.")
            }
            return entries.enumerated()
                .sorted { ($0.element.timestamp ?? 0, $0.offset) < ($1.element.timestamp ?? 0, $1.offset) }
                .map(\.element.item)
        }
        try self.init(users: users, histories: histories, itemCount: catalogue.count)
    }

    /// The number of users.
    public var userCount: Int { histories.count }

    /// The number of interactions of all users together.
    public var interactionCount: Int { histories.reduce(0) { $0 + $1.count } }

    /// How often each item was taken, by item index.
    public func itemCounts() -> [Int] {
        var counts = [Int](repeating: 0, count: itemCount)
        for history in histories {
            for item in history { counts[item] += 1 }
        }
        return counts
    }

    /// The index of a user.
    /// - Throws: `ISRFError` (`notFound`) when the log has no such user.
    public func index(ofUser identifier: String) throws -> Int {
        guard let index = users.index(of: identifier) else {
            throw ISRFError(.notFound, "The log has no user \"\(identifier)\".")
        }
        return index
    }
}
