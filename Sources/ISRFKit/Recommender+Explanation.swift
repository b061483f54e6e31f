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
    /// - Throws: `ISRFError` (`notFound`) when the user or the item is not known; `CancellationError`.
    public func explain(user: String, item: String, limit: Int = 5) async throws -> Explanation {
        let userIndex = try log.index(ofUser: user)
        let itemIndex = try catalogue.index(of: item)
        let history = log.histories[userIndex]
        let group = userGraph.neighbours[userIndex]
        let parts = try centredParts(history, group, itemIndex)
        try Task.checkCancellation()
        let evidence = try historyEvidence(history, group, itemIndex, limit)
        try Task.checkCancellation()
        let members = try groupEvidence(history, group, itemIndex, limit)
        var explanation = Explanation(
            user: user, item: item, score: parts.reduce(0) { $0 + $1.score }, parts: parts, history: evidence,
            attributes: attributeEvidence(history, itemIndex, limit), group: members,
            paths: interactions.paths(
                from: history.filter { $0 < interactions.itemCount }, to: itemIndex, excluding: userIndex, limit: limit
            ).map {
                Explanation.Path(
                    sharedItem: catalogue[$0.sharedItem].id, user: log.users[$0.similarUser], weight: $0.weight)
            },
            itemFeature: itemProfiles[itemIndex].feature.summary,
            userPreference: userProfiles[userIndex].preference.summary, sentence: "")
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
        // Only recent items can matter much; each variant leaves one of them out.
        let places = Array(history.indices.suffix(64))
        guard !places.isEmpty else { return [] }
        let variants = places.map { place in history.enumerated().filter { $0.offset != place }.map(\.element) }
        let scores = try scores(
            of: item, histories: [history] + variants, groups: Array(repeating: group, count: variants.count + 1))
        return zip(places, scores.dropFirst())
            .map { (place: $0, drop: scores[0] - $1) }
            .filter { $0.drop > 0 }
            .sorted { ($1.drop, $1.place) < ($0.drop, $0.place) }
            .prefix(limit)
            .map { entry in
                let taken = history[entry.place]
                return Explanation.HistoryItem(
                    item: catalogue[taken].id, title: catalogue[taken].title, contribution: entry.drop,
                    transition: transitions.strength(from: taken, to: item))
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
        return statistics.ties(history: history, attributes: vocabulary.attributes(of: catalogue[item]))
            .sorted { ($1.strength, $0.attribute) < ($0.strength, $1.attribute) }
            .prefix(limit)
            .map {
                Explanation.Attribute(
                    attribute: vocabulary.label(of: $0.attribute), items: $0.count, ratio: $0.ratio)
            }
    }
}
