public import ISRFData

/// A way from a user to an item over another user: the user took `sharedItem`, `similarUser` took it too and then
/// also took the item.
public struct InteractionPath: Sendable, Hashable {
    /// The item of the user's own history.
    public let sharedItem: Int
    /// The other user who took both items.
    public let similarUser: Int
    /// `1 / (users of the shared item * items of the other user)`: the chance that a walk which chooses the next node
    /// evenly goes this way from the shared item.
    public let weight: Float

    /// Creates a path.
    public init(sharedItem: Int, similarUser: Int, weight: Float) {
        self.sharedItem = sharedItem
        self.similarUser = similarUser
        self.weight = weight
    }
}

/// Users and items as the two sides of a graph, with an edge for every training interaction; repeated interactions
/// are one edge.
public struct BipartiteInteractions: Sendable {
    private let userItems: [[Int]]
    private let itemUsers: [[Int]]

    /// Reads the edges from a training log.
    public init(_ training: InteractionLog) {
        userItems = training.histories.map { Set($0).sorted() }
        var users = [[Int]](repeating: [], count: training.itemCount)
        for (user, items) in userItems.enumerated() {
            for item in items { users[item].append(user) }
        }
        itemUsers = users
    }

    /// The number of users.
    public var userCount: Int { userItems.count }
    /// The number of items.
    public var itemCount: Int { itemUsers.count }
    /// The number of edges.
    public var edgeCount: Int { userItems.reduce(0) { $0 + $1.count } }

    /// The items that a user took, ascending; their number is the user's degree.
    public func items(ofUser user: Int) -> [Int] { userItems[user] }

    /// The users who took an item, ascending; their number is the item's degree.
    public func users(ofItem item: Int) -> [Int] { itemUsers[item] }

    /// The items that were taken together with an item, by how many users took both; ties go to the smaller index.
    public func neighbours(ofItem item: Int, limit: Int) -> [(item: Int, users: Int)] {
        var counts: [Int: Int] = [:]
        for user in itemUsers[item] {
            for other in userItems[user] where other != item { counts[other, default: 0] += 1 }
        }
        return counts.map { (item: $0.key, users: $0.value) }
            .sorted { ($1.users, $0.item) < ($0.users, $1.item) }
            .prefix(max(0, limit)).map { $0 }
    }

    /// The ways from a history to an item over another user, strongest first.
    /// - Parameters:
    ///   - history: The items to start from: a known user's or anybody's.
    ///   - item: The item to arrive at.
    ///   - excluded: A user whose interactions are no evidence: the one that is being explained to.
    ///   - limit: The greatest number of paths.
    public func paths(
        from history: [Int], to item: Int, excluding excluded: Int? = nil, limit: Int
    ) -> [InteractionPath] {
        let own = Set(history)
        var paths: [InteractionPath] = []
        for user in itemUsers[item] where user != excluded {
            for shared in userItems[user] where shared != item && own.contains(shared) {
                paths.append(
                    InteractionPath(
                        sharedItem: shared, similarUser: user,
                        weight: 1 / Float(itemUsers[shared].count * userItems[user].count)))
            }
        }
        paths.sort {
            ($1.weight, $0.sharedItem, $0.similarUser) < ($0.weight, $1.sharedItem, $1.similarUser)
        }
        return Array(paths.prefix(max(0, limit)))
    }
}
