internal import ISRFCore
internal import ISRFData

/// Gathers interactions in little memory and puts each user's into time order.
struct InteractionLogBuilder {
    private struct Entry {
        let user: Int32
        let item: Int32
        let timestamp: Double
    }

    private struct User {
        var isDated: Bool
        var firstLine: Int
        var count = 0
    }

    private let catalogue: Catalogue
    private var identifiers = IdentifierMap()
    private var users: [User] = []
    private var entries: [Entry] = []

    var isEmpty: Bool { entries.isEmpty }

    init(catalogue: Catalogue) {
        self.catalogue = catalogue
    }

    /// Adds one interaction, in any order.
    mutating func add(_ interaction: Interaction, line: Int) throws(RecordFault) {
        let item = try index(of: interaction.item)
        let isDated = interaction.timestamp != nil
        if let user = identifiers.index(of: interaction.user), users[user].isDated != isDated {
            throw RecordFault(
                "The user \"\(interaction.user.shortened)\" has interactions with a timestamp and others without; the "
                    + "first is on line \(users[user].firstLine). Give all of them one, or none.",
                field: "timestamp")
        }
        append(item, user: interaction.user, timestamp: interaction.timestamp, line: line)
    }

    /// Adds a user with the whole history.
    mutating func add(_ sequence: SequenceReader.Sequence, line: Int) throws(RecordFault) {
        if let user = identifiers.index(of: sequence.user) {
            throw RecordFault(
                "The user \"\(sequence.user.shortened)\" already stands on line \(users[user].firstLine). Write each user's "
                    + "whole history on one line.",
                field: "user")
        }
        var items: [Int32] = []
        for item in sequence.items { items.append(try index(of: item)) }
        for item in items { append(item, user: sequence.user, timestamp: nil, line: line) }
    }

    private func index(of item: String) throws(RecordFault) -> Int32 {
        guard let index = catalogue.identifiers.index(of: item) else {
            throw RecordFault(
                "The catalogue has no item \"\(item.shortened)\". Add it to the items, or skip malformed lines.",
                field: "item")
        }
        return Int32(index)
    }

    private mutating func append(_ item: Int32, user identifier: String, timestamp: Double?, line: Int) {
        let user = identifiers.insert(identifier)
        if user == users.count { users.append(User(isDated: timestamp != nil, firstLine: line)) }
        users[user].count += 1
        entries.append(Entry(user: Int32(user), item: item, timestamp: timestamp ?? 0))
    }

    /// The log: users in the order in which they were first named, ties in time in the order of the file.
    consuming func finish() throws -> InteractionLog {
        var starts = [0]
        for user in users { starts.append(starts[starts.count - 1] + user.count) }
        var next = starts
        var places = [Int](repeating: 0, count: entries.count)
        for (place, entry) in entries.enumerated() {
            places[next[Int(entry.user)]] = place
            next[Int(entry.user)] += 1
        }
        let histories = users.indices.map { user in
            var own = places[starts[user]..<starts[user + 1]]
            if users[user].isDated {
                own.sort { (entries[$0].timestamp, $0) < (entries[$1].timestamp, $1) }
            }
            return own.map { Int(entries[$0].item) }
        }
        return try InteractionLog(users: identifiers, histories: histories, itemCount: catalogue.count)
    }
}
