internal import ISRFKit

/// Profiles in words.
enum ProfileText {
    /// How many items and users have a profile, and what becomes of the others.
    static func coverage(_ coverage: ProfileCoverage) -> String {
        let parts = [
            "profiles of \(Wording.count(coverage.profiledItems)) of \(Wording.count(coverage.items, "item")) and "
                + "\(Wording.count(coverage.profiledUsers)) of \(Wording.count(coverage.users, "user"))",
            others(coverage), changed(coverage),
        ]
        return parts.compactMap { $0 }.joined(separator: "; ")
    }

    private static func others(_ coverage: ProfileCoverage) -> String? {
        guard coverage.otherItems + coverage.otherUsers > 0 else { return nil }
        return "reasoned from attributes: \(Wording.count(coverage.otherItems, "item")), "
            + Wording.count(coverage.otherUsers, "user")
    }

    private static func changed(_ coverage: ProfileCoverage) -> String? {
        guard coverage.changedUsers > 0 else { return nil }
        return
            "of these users \(Wording.count(coverage.changedUsers)) have taken something since their profiles were made"
    }
}
