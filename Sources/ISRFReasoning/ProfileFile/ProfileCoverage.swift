internal import ISRFData

/// How many items and users have a profile that was reasoned beforehand, and how many are reasoned about instead.
public struct ProfileCoverage: Sendable, Hashable, Codable {
    /// Items of the catalogue.
    public var items: Int
    /// Of these, items with a profile.
    public var profiledItems: Int
    /// Users of the training log.
    public var users: Int
    /// Of these, users with a profile of the very history that is trained on.
    public var profiledUsers: Int
    /// Users whose profile was made from another history and is left out.
    public var changedUsers: Int

    /// Items that the fallback reasons about.
    public var otherItems: Int { items - profiledItems }
    /// Users that the fallback reasons about.
    public var otherUsers: Int { users - profiledUsers }
}

extension ProfileFile {
    /// How far the profiles go for a catalogue and a training log.
    public func coverage(of evidence: ReasoningEvidence) -> ProfileCoverage {
        let usable = usableUsers(of: evidence)
        return ProfileCoverage(
            items: evidence.catalogue.count,
            profiledItems: evidence.catalogue.items.count { items[$0.id] != nil },
            users: evidence.training.userCount, profiledUsers: usable.fitting.count,
            changedUsers: usable.changed.count)
    }

    /// The users of a training log whose profiles were made from the histories that they have there, and those whose
    /// profiles were made from others.
    public func usableUsers(of evidence: ReasoningEvidence) -> (fitting: Set<String>, changed: Set<String>) {
        var (fitting, changed): (Set<String>, Set<String>) = ([], [])
        guard !users.isEmpty else { return (fitting, changed) }
        for (index, history) in evidence.training.histories.enumerated() {
            let user = evidence.training.users[index]
            guard let entry = users[user] else { continue }
            if entry.history == ProfileFile.historyDigest(of: history, in: evidence.catalogue) {
                fitting.insert(user)
            } else {
                changed.insert(user)
            }
        }
        return (fitting, changed)
    }
}
