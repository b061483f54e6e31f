internal import ISRFCore
public import ISRFData

/// A data set without some items, and what is to be predicted once they are there.
///
/// Items are numbered anew: those that stay, in their order, then the cold ones, in theirs. So are users, since one
/// who took cold items alone is not there.
public struct ColdStartData: Sendable {
    /// The items that stay: all that a system is fitted on.
    public let catalogue: Catalogue
    /// The log without the cold items, split as always; a system is fitted on its training part.
    public let split: LeaveOneOutSplit
    /// The items taken out, in the catalogue's order; the first has the index `catalogue.count`.
    public let coldItems: [Item]

    private let validationCases: [LeaveOneOutSplit.Case]
    private let testCases: [LeaveOneOutSplit.Case]

    /// The number of all items, cold ones included.
    public var itemCount: Int { catalogue.count + coldItems.count }

    /// The indices of the cold items.
    public var coldIndices: Range<Int> { catalogue.count..<itemCount }

    /// Users whose held-out item is cold, with the items before it that are not.
    ///
    /// A user of whom nothing else is known is left out.
    public func cases(_ part: LeaveOneOutSplit.Part) -> [LeaveOneOutSplit.Case] {
        part == .test ? testCases : validationCases
    }

    /// Takes items out of a data set.
    /// - Parameter cold: Indices of the items to take out.
    /// - Throws: `ISRFError` (`invalidData`) when the log belongs to another catalogue, or nothing would be left to
    ///   learn from, (`notFound`) when there is no such item.
    public init(catalogue: Catalogue, log: InteractionLog, cold: Set<Int>) throws {
        guard catalogue.count == log.itemCount else {
            throw ISRFError(
                .invalidData,
                "The log was made for \(log.itemCount) items but the catalogue has \(catalogue.count). "
                    + "Make the log from the same catalogue.")
        }
        if let index = cold.first(where: { !catalogue.items.indices.contains($0) }) {
            throw ISRFError(.notFound, "There is no item \(index); indices run from 0 to \(catalogue.count - 1).")
        }
        let warm = catalogue.items.indices.filter { !cold.contains($0) }
        let taken = catalogue.items.indices.filter { cold.contains($0) }
        var newIndex = [Int](repeating: 0, count: catalogue.count)
        for (place, index) in (warm + taken).enumerated() { newIndex[index] = place }
        var users = IdentifierMap()
        var histories: [[Int]] = []
        var newUser = [Int?](repeating: nil, count: log.userCount)
        for (user, history) in log.histories.enumerated() {
            let kept = history.filter { !cold.contains($0) }.map { newIndex[$0] }
            guard !kept.isEmpty else { continue }
            newUser[user] = users.insert(log.users[user])
            histories.append(kept)
        }
        guard histories.contains(where: { $0.count >= 3 }) else {
            throw ISRFError(
                .invalidData,
                "Without the \(cold.count) cold items no user has three or more interactions, so there is nothing to "
                    + "learn from. Take out fewer items.")
        }
        func coldCases(_ part: LeaveOneOutSplit.Part) -> [LeaveOneOutSplit.Case] {
            LeaveOneOutSplit(log).cases(part).compactMap { entry in
                guard cold.contains(entry.target), let user = newUser[entry.user] else { return nil }
                let history = entry.history.filter { !cold.contains($0) }.map { newIndex[$0] }
                guard !history.isEmpty else { return nil }
                return LeaveOneOutSplit.Case(user: user, history: history, target: newIndex[entry.target])
            }
        }
        self.catalogue = try Catalogue(items: warm.map { catalogue[$0] })
        split = LeaveOneOutSplit(try InteractionLog(users: users, histories: histories, itemCount: warm.count))
        coldItems = taken.map { catalogue[$0] }
        testCases = coldCases(.test)
        validationCases = coldCases(.validation)
    }
}
