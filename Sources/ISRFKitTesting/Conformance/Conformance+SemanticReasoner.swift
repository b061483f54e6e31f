internal import ISRFData
public import ISRFReasoning

extension Conformance {
    /// Holds a reasoner against the contract of `SemanticReasoner`.
    ///
    /// The reasoner is prepared for a small generated data set and asked about its items and users, about items that
    /// are not in the catalogue, about an item of which nothing but the identifier is known, and about a user without
    /// a history.
    /// - Parameters:
    ///   - reasoner: The reasoner as the host would give it to the pipeline.
    ///   - evidence: The catalogue and log to prepare it for; by default those of `SampleData`.
    ///   - options: How strictly it is held to its contract.
    public static func violations(
        of reasoner: any SemanticReasoner, evidence: ReasoningEvidence? = nil, options: Options = .init()
    ) async -> [ContractViolation] {
        var findings = Findings(options)
        let evidence = evidence ?? SampleData.standard.evidence
        guard let prepared = await findings.attempt("prepared(for:)", { try await reasoner.prepared(for: evidence) })
        else { return findings.violations }
        let suite = ReasonerSuite(reasoner: prepared, evidence: evidence)
        await suite.run(&findings)
        return findings.violations
    }
}

private struct ReasonerSuite {
    let reasoner: any SemanticReasoner
    let evidence: ReasoningEvidence

    /// Items of the catalogue, one that looks like them, one in another script, and one without attributes.
    private var items: [Item] {
        var items = Array(evidence.catalogue.items.prefix(4))
        var likeness = items[0]
        likeness.id = "new item of the conformance suite"
        items.append(likeness)
        items.append(Item(id: "новый товар", title: "Чайник «Утро»", categories: [["Дом", "Кухня"]]))
        items.append(Item(id: "only an identifier"))
        return items
    }

    func run(_ findings: inout Findings) async {
        var profiles: [ItemProfile] = []
        for item in items {
            let request = ItemReasoningRequest(item: item)
            guard
                let profile = await findings.attempt(
                    "profile(for:) of item \"\(item.id)\"", { try await reasoner.profile(for: request) })
            else { continue }
            check(profile, of: item, &findings)
            profiles.append(profile)
        }
        var users: [(UserReasoningRequest, UserProfile)] = []
        for request in requests(profiles) {
            guard
                let profile = await findings.attempt(
                    "profile(for:) of user \"\(request.user)\"", { try await reasoner.profile(for: request) })
            else { continue }
            check(profile, of: request, &findings)
            users.append((request, profile))
        }
        await checkRepetition(profiles, users, &findings)
        let (asked, item) = (reasoner, items[0])
        await findings.requireCancellation("profile(for:) of an item") {
            _ = try await asked.profile(for: ItemReasoningRequest(item: item))
        }
        if let request = users.first?.0 {
            await findings.requireCancellation("profile(for:) of a user") {
                _ = try await asked.profile(for: request)
            }
        }
    }

    private func requests(_ profiles: [ItemProfile]) -> [UserReasoningRequest] {
        let entries = profiles.compactMap { profile in
            items.first { $0.id == profile.item }.map { UserReasoningRequest.Entry(item: $0, profile: profile) }
        }
        return [
            UserReasoningRequest(user: evidence.training.users[0], recentItems: entries),
            UserReasoningRequest(user: "somebody new", recentItems: Array(entries.prefix(1))),
            UserReasoningRequest(user: "without a history", recentItems: []),
            // Somebody of whom only a history is known has no identifier.
            UserReasoningRequest(user: "", recentItems: entries.reversed()),
        ]
    }

    private func check(_ profile: ItemProfile, of item: Item, _ findings: inout Findings) {
        let subject = "The profile of item \"\(item.id)\""
        findings.require(
            profile.item == item.id, .identifier, "\(subject) says that it is of item \"\(profile.item)\".")
        check(profile.positive, "\(subject), positive,", words: nil, &findings)
        check(profile.negative, "\(subject), negative,", words: nil, &findings)
        check(profile.feature, "\(subject), feature,", words: 25, &findings)
    }

    private func check(_ profile: UserProfile, of request: UserReasoningRequest, _ findings: inout Findings) {
        let subject = "The profile of user \"\(request.user)\""
        findings.require(
            profile.user == request.user, .identifier, "\(subject) says that it is of user \"\(profile.user)\".")
        check(profile.likes, "\(subject), likes,", words: nil, &findings)
        check(profile.dislikes, "\(subject), dislikes,", words: nil, &findings)
        check(profile.preference, "\(subject), preference,", words: 50, &findings)
    }

    private func check(_ reasoned: Reasoned, _ subject: String, words limit: Int?, _ findings: inout Findings) {
        let words = reasoned.summary.split(whereSeparator: \.isWhitespace).count
        findings.require(words > 0, .statement, "\(subject) has an empty summary.")
        findings.require(
            reasoned.reasoning.contains { !$0.isWhitespace }, .statement, "\(subject) has no reasoning behind it.")
        if let limit {
            findings.require(
                words <= limit, .wordLimit, "\(subject) has \(words) words; at most \(limit) are allowed.")
        }
    }

    /// Asks everything again, all at once.
    private func checkRepetition(
        _ profiles: [ItemProfile], _ users: [(UserReasoningRequest, UserProfile)], _ findings: inout Findings
    ) async {
        let (reasoner, items) = (reasoner, items)
        var again: [ItemProfile] = []
        for profile in profiles {
            guard let item = items.first(where: { $0.id == profile.item }) else { continue }
            if let second = try? await reasoner.profile(for: ItemReasoningRequest(item: item)) { again.append(second) }
        }
        if findings.options.requiresDeterminism {
            for (first, second) in zip(profiles, again) where profiles.count == again.count {
                findings.require(
                    first == second, .determinism, "Item \"\(first.item)\" got two different profiles.")
            }
            for (request, first) in users {
                guard let second = try? await reasoner.profile(for: request) else { continue }
                findings.require(
                    first == second, .determinism, "User \"\(request.user)\" got two different profiles.")
            }
        }
        let together = await withTaskGroup(of: (Int, String?).self) { group in
            for place in 0..<4 * items.count {
                let item = items[place % items.count]
                group.addTask {
                    (place % items.count, try? await reasoner.profile(for: ItemReasoningRequest(item: item)).item)
                }
            }
            return await group.reduce(into: [(Int, String?)]()) { $0.append($1) }
        }
        for (place, answered) in together where profiles.contains(where: { $0.item == items[place].id }) {
            guard
                findings.require(
                    answered == items[place].id, .concurrency,
                    "Asked about many items at once, the answer for \"\(items[place].id)\" was "
                        + (answered.map { "for \"\($0)\"." } ?? "an error."))
            else { return }
        }
    }
}
