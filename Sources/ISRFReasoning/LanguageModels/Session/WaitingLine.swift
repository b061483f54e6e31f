/// Tasks that wait in turn, each with what it asks for and what it will be given; not a lock, but what stands behind
/// one.
struct WaitingLine<Wish: Sendable, Grant: Sendable>: Sendable {
    /// One that waits.
    struct Entry: Sendable {
        var wish: Wish
        var continuation: CheckedContinuation<Grant, any Error>
    }

    private var entries: [UInt64: Entry] = [:]
    // In order of arrival; those that left early are still named here.
    private var order: [UInt64] = []
    private var head = 0

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }

    /// The one whose turn is next.
    var first: Entry? {
        mutating get {
            while head < order.count {
                if let entry = entries[order[head]] { return entry }
                head += 1
            }
            return nil
        }
    }

    mutating func append(_ entry: Entry, id: UInt64) {
        entries[id] = entry
        order.append(id)
    }

    mutating func removeFirst() -> Entry? {
        guard first != nil else { return nil }
        let entry = entries.removeValue(forKey: order[head])
        head += 1
        tidy()
        return entry
    }

    mutating func remove(_ id: UInt64) -> Entry? {
        let entry = entries.removeValue(forKey: id)
        tidy()
        return entry
    }

    mutating func removeAll() -> [Entry] {
        var all: [Entry] = []
        while let entry = removeFirst() { all.append(entry) }
        return all
    }

    private mutating func tidy() {
        if entries.isEmpty {
            order.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 64, head * 2 > order.count {
            order.removeSubrange(..<head)
            head = 0
        }
    }
}
