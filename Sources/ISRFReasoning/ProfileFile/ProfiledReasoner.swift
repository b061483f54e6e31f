internal import ISRFData

/// Gives profiles that were reasoned beforehand, by a language model say, and has another reasoner do the rest.
///
/// A user's profile counts only for the history that it was made from: where training sees another one (the fit that
/// chooses the epochs, an evaluation, a later log), the user is reasoned about by the fallback, so that no profile tells
/// of items that are held out.
public struct ProfiledReasoner: SemanticReasoner, CustomStringConvertible {
    /// The profiles.
    public let profiles: ProfileFile
    /// Reasons about everything without a profile.
    public let fallback: any SemanticReasoner
    /// How far the profiles go; nil before preparation.
    public let coverage: ProfileCoverage?
    private let users: Set<String>

    /// Creates a reasoner; `prepared(for:)` gives one that can be asked.
    public init(profiles: ProfileFile, fallback: any SemanticReasoner = AttributeReasoner()) {
        self.profiles = profiles
        self.fallback = fallback
        coverage = nil
        users = []
    }

    private init(profiles: ProfileFile, fallback: any SemanticReasoner, evidence: ReasoningEvidence) {
        self.profiles = profiles
        self.fallback = fallback
        coverage = profiles.coverage(of: evidence)
        users = profiles.usableUsers(of: evidence).fitting
    }

    /// False as soon as one user has a profile: that one cannot be made anew. Otherwise what the fallback says.
    public var reasonsOnDemand: Bool { users.isEmpty && fallback.reasonsOnDemand }

    /// What the profiles were made with.
    public var description: String {
        "profiles of \(profiles.header.model), prompts \(profiles.header.promptVersion), "
            + "holdout \(profiles.header.holdout.rawValue)"
    }

    /// Prepares the fallback and finds the users whose profiles fit the evidence.
    /// - Throws: What the fallback throws.
    public func prepared(for evidence: ReasoningEvidence) async throws -> any SemanticReasoner {
        ProfiledReasoner(
            profiles: profiles, fallback: try await fallback.prepared(for: evidence), evidence: evidence)
    }

    /// The item's profile, or what the fallback reasons.
    public func profile(for request: ItemReasoningRequest) async throws -> ItemProfile {
        if let profile = profiles.items[request.item.id] { return profile }
        return try await fallback.profile(for: request)
    }

    /// The user's profile, or what the fallback reasons.
    public func profile(for request: UserReasoningRequest) async throws -> UserProfile {
        if users.contains(request.user), let entry = profiles.users[request.user] { return entry.profile }
        return try await fallback.profile(for: request)
    }
}
