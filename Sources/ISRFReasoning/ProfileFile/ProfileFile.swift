internal import Foundation
internal import ISRFCore
public import ISRFData

/// Profiles that were reasoned beforehand, as a file keeps them: JSON Lines, a header and then a profile on each line.
///
///     {"format":"isrf-profiles","version":1,"holdout":"last-two","model":"...","promptVersion":"...","catalogueDigest":"..."}
///     {"item":"P1","positive":{"summary":"...","reasoning":"..."},"negative":{...},"feature":{...}}
///     {"user":"alice","history":"...","likes":{...},"dislikes":{...},"preference":{...}}
///
/// A user's line says which history the profile was made from, so that none is taken for a profile of another history.
public struct ProfileFile: Sendable, Hashable {
    /// What the profiles were made with.
    public struct Header: Sendable, Hashable, Codable {
        /// Always "isrf-profiles".
        public private(set) var format = ProfileFile.formatName
        /// The version of the format.
        public private(set) var version = ProfileFile.currentVersion
        /// What of every history the users' profiles have not seen.
        public var holdout: Holdout
        /// The model that reasoned, as it names itself.
        public var model: String
        /// The version of the prompts.
        public var promptVersion: String
        /// The digest of the catalogue (`Catalogue.digest()`).
        public var catalogueDigest: String

        /// Creates a header.
        public init(holdout: Holdout, model: String, promptVersion: String, catalogueDigest: String) {
            self.holdout = holdout
            self.model = model
            self.promptVersion = promptVersion
            self.catalogueDigest = catalogueDigest
        }
    }

    /// A user's profile and what it was made from.
    public struct UserEntry: Sendable, Hashable {
        /// The profile.
        public var profile: UserProfile
        /// The digest of the history (`ProfileFile.historyDigest(of:)`).
        public var history: String

        /// Creates an entry.
        public init(profile: UserProfile, history: String) {
            self.profile = profile
            self.history = history
        }
    }

    static let formatName = "isrf-profiles"
    /// The version that is written and the newest that is read.
    public static let currentVersion = 1
    /// The most recent items that a user's profile is made from, at most.
    public static let recentItems = 20

    /// What the profiles were made with.
    public var header: Header
    /// Item profiles by item identifier.
    public var items: [String: ItemProfile]
    /// User profiles by user identifier.
    public var users: [String: UserEntry]

    /// Creates a file's contents.
    public init(header: Header, items: [String: ItemProfile] = [:], users: [String: UserEntry] = [:]) {
        self.header = header
        self.items = items
        self.users = users
    }

    /// Creates a file's contents from what was reasoned about a catalogue and a training log.
    /// - Parameters:
    ///   - items: Profiles of items, as many as there are.
    ///   - users: Profiles of users, as many as there are.
    ///   - evidence: The catalogue, and the log that the users' profiles were made from.
    ///   - holdout: What was kept out of that log.
    ///   - model: The model that reasoned.
    ///   - promptVersion: The version of the prompts.
    /// - Throws: `ISRFError` (`notFound`) when an item or a user is not known.
    public init(
        items: [ItemProfile], users: [UserProfile], evidence: ReasoningEvidence, holdout: Holdout, model: String,
        promptVersion: String
    ) throws {
        self.init(
            header: Header(
                holdout: holdout, model: model, promptVersion: promptVersion,
                catalogueDigest: evidence.catalogue.digest()))
        for profile in items {
            _ = try evidence.catalogue.index(of: profile.item)
            self.items[profile.item] = profile
        }
        for profile in users {
            let history = evidence.training.histories[try evidence.training.index(ofUser: profile.user)]
            self.users[profile.user] = UserEntry(
                profile: profile, history: ProfileFile.historyDigest(of: history, in: evidence.catalogue))
        }
    }

    /// The same as `historyDigest(of:)`, of a history of item indices.
    static func historyDigest(of history: [Int], in catalogue: Catalogue) -> String {
        historyDigest(of: history.suffix(recentItems).map { catalogue[$0].id })
    }

    /// Names the history that a user's profile was made from: a digest of its most recent items.
    /// - Parameter identifiers: The training items' identifiers, oldest first; only the last `recentItems` count.
    public static func historyDigest(of identifiers: some BidirectionalCollection<String>) -> String {
        let text = identifiers.suffix(recentItems).map { "\($0.utf8.count):\($0)" }.joined()
        return String(Checksum.sha256(text).prefix(16))
    }

    /// Makes sure that the profiles are of this catalogue, and that users' profiles have seen what they should.
    ///
    /// Item profiles do not depend on interactions; a file without users fits any holdout.
    /// - Parameters:
    ///   - catalogue: The catalogue that the profiles are to be used with.
    ///   - holdout: What is kept out of training; nil for no matter.
    ///   - path: The file's name for errors.
    /// - Throws: `ISRFError` (`invalidData`) that says what differs and what to do.
    public func requireFit(to catalogue: Catalogue, holdout: Holdout? = nil, path: String? = nil) throws {
        guard header.catalogueDigest == catalogue.digest() else {
            throw ISRFError(
                .invalidData,
                "The profiles were made from another catalogue, or items have changed since. Reason about this "
                    + "catalogue and export the profiles again; only what has changed is asked anew.",
                at: .init(file: path, line: path == nil ? nil : 1, field: "catalogueDigest"))
        }
        guard let holdout, header.holdout != holdout, !users.isEmpty else { return }
        throw ISRFError(
            .invalidData,
            "The profiles of users were made with the holdout \"\(header.holdout.rawValue)\"; here "
                + "\"\(holdout.rawValue)\" is needed, since \(ProfileFile.reason(holdout)). Export them again with "
                + "--holdout \(holdout.rawValue), or without users.",
            at: .init(file: path, line: path == nil ? nil : 1, field: "holdout"))
    }

    private static func reason(_ holdout: Holdout) -> String {
        switch holdout {
        case .none: "everything is trained on and the profiles have not seen everything"
        case .lastTwo: "profiles must not have seen what is held out"
        }
    }
}
