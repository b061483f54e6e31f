internal import ISRFCore
public import ISRFData
public import ISRFReasoning

/// A small generated catalogue and log with planted taste groups, for tests.
///
/// Each group has its own brands, categories and words. Users of a group take its items in the order of a ring, with
/// jumps and, now and then, an item of another group. Everything follows from the seed; identifiers are opaque and in an
/// order that says nothing about groups.
public struct SampleData: Sendable {
    /// The items.
    public let catalogue: Catalogue
    /// What users took, oldest first.
    public let log: InteractionLog
    /// The group planted in each user, by user index.
    public let userGroups: [Int]
    /// The group of each item, by item index.
    public let itemGroups: [Int]
    /// What each group is about, in words.
    public let groupNames: [String]

    /// Generates data.
    /// - Parameters:
    ///   - seed: The seed of every random choice.
    ///   - groups: How many groups, 1 to 6.
    ///   - itemsPerGroup: How many items each group has, at least 4.
    ///   - usersPerGroup: How many users each group has, at least 1.
    ///   - strays: The share of interactions with another group's items, in 0...1.
    /// - Throws: `ISRFError` (`invalidConfiguration`) for a number out of its range.
    public init(
        seed: UInt64 = 1, groups: Int = 4, itemsPerGroup: Int = 12, usersPerGroup: Int = 15, strays: Float = 0.08
    ) throws {
        guard (1...SampleGroup.all.count).contains(groups), itemsPerGroup >= 4, usersPerGroup >= 1,
            (0...1).contains(strays)
        else {
            throw ISRFError(
                .invalidConfiguration,
                "Sample data has 1 to \(SampleGroup.all.count) groups of at least 4 items and 1 user, and a share of "
                    + "strays from 0 to 1; asked for were \(groups), \(itemsPerGroup), \(usersPerGroup) and \(strays).")
        }
        var random = SeededRandom(seed: seed)
        // Item numbers and the catalogue's order are drawn, so that neither tells the group.
        let order = Array(0..<groups * itemsPerGroup).shuffled(using: &random)
        let numbers = Array(100..<100 + order.count).shuffled(using: &random)
        let items = order.enumerated().map { place, member in
            SampleGroup.all[member / itemsPerGroup]
                .item(id: "P\(numbers[place])", number: member % itemsPerGroup, using: &random)
        }
        let itemGroups = order.map { $0 / itemsPerGroup }
        var rings = [[Int]](repeating: [], count: groups)
        for (item, group) in itemGroups.enumerated() { rings[group].append(item) }
        let owners = Array(0..<groups * usersPerGroup).map { $0 % groups }.shuffled(using: &random)
        let histories = owners.map { SampleData.history(of: $0, rings, strays, &random) }
        catalogue = try Catalogue(items: items)
        log = try InteractionLog(
            users: IdentifierMap(owners.indices.map { "user-\($0 + 1)" }), histories: histories, itemCount: items.count)
        userGroups = owners
        self.itemGroups = itemGroups
        groupNames = SampleGroup.all.prefix(groups).map(\.name)
    }

    /// What everybody uses who asks for nothing else.
    static let standard: SampleData = {
        guard let data = try? SampleData() else { preconditionFailure("the default sizes are in range") }
        return data
    }()

    /// The catalogue and the whole log, to prepare a reasoner for.
    public var evidence: ReasoningEvidence { ReasoningEvidence(catalogue: catalogue, training: log) }

    /// A new item that looks like those of a group.
    /// - Parameters:
    ///   - group: One of the groups.
    ///   - id: The item's identifier, not yet in the catalogue.
    /// - Throws: `ISRFError` (`notFound`) when there is no such group.
    public func newItem(like group: Int, id: String = "new-item") throws -> Item {
        guard groupNames.indices.contains(group) else {
            throw ISRFError(.notFound, "There is no group \(group); groups are 0 to \(groupNames.count - 1).")
        }
        var random = SeededRandom(seed: 99, stream: UInt64(group))
        return SampleGroup.all[group].item(id: id, number: 1, using: &random)
    }

    /// Walks along the group's ring from a random place.
    private static func history(
        of group: Int, _ rings: [[Int]], _ strays: Float, _ random: inout SeededRandom
    ) -> [Int] {
        let ring = rings[group]
        var place = random.index(below: ring.count)
        var history: [Int] = []
        let length = 5 + random.index(below: 5)
        while history.count < length {
            if rings.count > 1, random.uniform() < strays {
                let other = (group + 1 + random.index(below: rings.count - 1)) % rings.count
                history.append(rings[other][random.index(below: rings[other].count)])
            } else {
                history.append(ring[place])
            }
            place = (place + (random.uniform() < 0.75 ? 1 : 2 + random.index(below: 2))) % ring.count
        }
        return history
    }
}
