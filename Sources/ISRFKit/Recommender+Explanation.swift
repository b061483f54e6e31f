internal import ISRFCore
internal import ISRFData
internal import ISRFInteractionGraph
internal import ISRFOptimization
internal import ISRFReasoning
internal import ISRFUserGraph

extension Recommender {
    /// Explains how an item comes to its score for a known user.
    ///
    /// The explanation is faithful: the parts add up to the score, and what it names as evidence are the items and users
    /// without which the same model gives a lower score.
    /// - Parameter limit: How many pieces of each kind of evidence, at most.
    /// - Throws: `ISRFError` (`notFound`) when the user or the item is not known, (`invalidConfiguration`) when the limit
    ///   is negative; `CancellationError`.
    public func explain(user: String, item: String, limit: Int = 5) async throws -> Explanation {
        let index = try log.index(ofUser: user)
        return try explanation(
            of: item,
            to: Subject(
                user: index, history: log.histories[index], group: userGraph.neighbours[index],
                preference: userProfiles[index].preference.summary), limit)
    }

    /// Explains how an item comes to its score for somebody of whom only a history is known; nothing is trained.
    /// - Parameters:
    ///   - history: Item identifiers, oldest first; may be empty.
    ///   - limit: How many pieces of each kind of evidence, at most.
    /// - Throws: `ISRFError` (`notFound`) when an item is not known, (`invalidConfiguration`) when the limit is negative;
    ///   `CancellationError`.
    public func explain(history: [String], item: String, limit: Int = 5) async throws -> Explanation {
        let indices = try history.map { try catalogue.index(of: $0) }
        let profiles = try await groupFinder.profiles(users: [""], histories: [indices])
        var group: [UserGraph.Neighbour] = []
        if configuration.users.neighbours > 0, !indices.isEmpty {
            group = try await groups(of: profiles, histories: [indices], owners: [nil])[0]
        }
        return try explanation(
            of: item,
            to: Subject(user: nil, history: indices, group: group, preference: profiles[0].preference.summary), limit)
    }

    /// Whom something is explained to.
    private struct Subject {
        var user: Int?
        var history: [Int]
        var group: [UserGraph.Neighbour]
        var preference: String
    }

    private func explanation(of item: String, to subject: Subject, _ limit: Int) throws -> Explanation {
        try requireCount(limit)
        let itemIndex = try catalogue.index(of: item)
        let (history, group) = (subject.history, subject.group)
        let parts = try centredParts(history, group, itemIndex)
        try Task.checkCancellation()
        let evidence = try historyEvidence(history, group, itemIndex, limit)
        try Task.checkCancellation()
        let members = try groupEvidence(history, group, itemIndex, limit)
        var explanation = Explanation(
            user: subject.user.map { log.users[$0] }, item: item, score: parts.reduce(0) { $0 + $1.score },
            parts: parts, history: evidence, attributes: attributeEvidence(history, itemIndex, limit), group: members,
            paths: interactions.paths(
                from: history.filter { $0 < interactions.itemCount }, to: itemIndex, excluding: subject.user,
                limit: limit
            ).map {
                Explanation.Path(
                    sharedItem: catalogue[$0.sharedItem].id, user: log.users[$0.similarUser], weight: $0.weight)
            },
            itemFeature: itemProfiles[itemIndex].feature.summary, userPreference: subject.preference, sentence: "")
        explanation.sentence = ExplanationSentence(explanation, catalogue: catalogue, itemIndex: itemIndex).text
        return explanation
    }

    /// What each view adds, as the distance from what it gives the average item.
    private func centredParts(
        _ history: [Int], _ group: [UserGraph.Neighbour], _ item: Int
    ) throws -> [Explanation.Part] {
        let all = try scorer.parts(history: history, group: group, items: Array(0..<catalogue.count))
        return ScoreView.allCases.compactMap { view in
            guard let values = all[view] else { return nil }
            let mean = values.reduce(into: 0.0) { $0 += Double($1) } / Double(values.count)
            return Explanation.Part(view: view, score: Float(Double(values[item]) - mean))
        }
    }

    /// The score of an item, as the distance from the mean over the catalogue, for variants of one user.
    private func scores(
        of item: Int, histories: [[Int]], groups: [[UserGraph.Neighbour]]
    ) throws -> [Float] {
        let scores = try scorer.scores(histories: histories, groups: groups)
        return (0..<scores.rows).map { row in
            let values = scores.row(row)
            let mean = values.reduce(into: 0.0) { $0 += Double($1) } / Double(values.count)
            return Float(Double(values[item]) - mean)
        }
    }

    private func historyEvidence(
        _ history: [Int], _ group: [UserGraph.Neighbour], _ item: Int, _ limit: Int
    ) throws -> [Explanation.HistoryItem] {
        // Only recent items can matter much; each variant leaves one of them out, wherever it stands.
        var examined: [Int] = []
        for taken in history.reversed() where examined.count < 64 && !examined.contains(taken) {
            examined.append(taken)
        }
        guard !examined.isEmpty else { return [] }
        let variants = examined.map { taken in history.filter { $0 != taken } }
        let scores = try scores(
            of: item, histories: [history] + variants, groups: Array(repeating: group, count: variants.count + 1))
        return zip(examined, scores.dropFirst())
            .map { (item: $0, drop: scores[0] - $1) }
            .filter { $0.drop > 0 }
            .sorted { ($1.drop, $0.item) < ($0.drop, $1.item) }
            .prefix(limit)
            .map { entry in
                Explanation.HistoryItem(
                    item: catalogue[entry.item].id, title: catalogue[entry.item].title, contribution: entry.drop,
                    transition: transitions.strength(from: entry.item, to: item))
            }
    }

    private func groupEvidence(
        _ history: [Int], _ group: [UserGraph.Neighbour], _ item: Int, _ limit: Int
    ) throws -> [Explanation.GroupMember] {
        let takers = Set(interactions.users(ofItem: item))
        // Users who took the item come first: they are the ones that a person can follow.
        let examined = group.filter { takers.contains($0.user) } + group.filter { !takers.contains($0.user) }.prefix(8)
        guard !examined.isEmpty else { return [] }
        let variants = examined.map { member in group.filter { $0.user != member.user } }
        let scores = try scores(
            of: item, histories: Array(repeating: history, count: variants.count + 1), groups: [group] + variants)
        return zip(examined, scores.dropFirst())
            .map { (member: $0, drop: scores[0] - $1) }
            .filter { $0.drop > 0 }
            .sorted { ($1.drop, $0.member.user) < ($0.drop, $1.member.user) }
            .prefix(limit)
            .map {
                Explanation.GroupMember(
                    user: log.users[$0.member.user], similarity: $0.member.weight, contribution: $0.drop,
                    tookItem: takers.contains($0.member.user))
            }
    }

    private func attributeEvidence(_ history: [Int], _ item: Int, _ limit: Int) -> [Explanation.Attribute] {
        guard let statistics = fallback.statistics else { return [] }
        let vocabulary = statistics.vocabulary
        let taken = history.map {
            $0 < vocabulary.itemCount ? vocabulary.attributes(ofItem: $0) : vocabulary.attributes(of: catalogue[$0])
        }
        let ties = statistics.ties(historyAttributes: taken, attributes: vocabulary.attributes(of: catalogue[item]))
            .sorted { ($1.strength, $0.attribute) < ($0.strength, $1.attribute) }
        let readable = Set(fallback.readableAttributes(among: ties.map(\.attribute)))
        return ties.filter { readable.contains($0.attribute) }.prefix(limit).map {
            Explanation.Attribute(attribute: vocabulary.label(of: $0.attribute), items: $0.count, ratio: $0.ratio)
        }
    }
}
