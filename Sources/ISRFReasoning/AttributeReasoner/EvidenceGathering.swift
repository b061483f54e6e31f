internal import ISRFData

extension ReasoningKnowledge {
    /// Who takes an item, what they like, and what they avoid although similar items have it.
    func evidence(for item: Item) -> ItemEvidence {
        let index = catalogueIndex(of: item)
        let attributes = index.map { vocabulary.attributes(ofItem: $0) } ?? vocabulary.attributes(of: item)
        let similarItems = neighbours(of: index, attributes: attributes)
        let takers = index.map { takerCount(of: $0) } ?? 0
        let own = counts(
            of: index.map { self.takers(of: $0, limit: configuration.usersRead) } ?? [], except: index)
        let around = counts(of: takersAround(similarItems), except: index)
        let isDirect = own.total > 0
        let group = isDirect ? own : around
        return ItemEvidence(
            takers: takers, usersRead: group.userCount, isDirect: isDirect, interactions: group.total,
            liked: liked(group), avoided: avoided(own, around: around, similarItems, attributes: attributes),
            similarItems: similarItems, attributes: attributes)
    }

    /// Users who took the similar items: a few of each item, each user once.
    private func takersAround(_ similarItems: [Int]) -> [Int] {
        guard !similarItems.isEmpty else { return [] }
        let share = max(1, configuration.usersRead / 2 / similarItems.count)
        var users: [Int] = []
        for item in similarItems { users.append(contentsOf: takers(of: item, limit: share)) }
        users.sort()
        return users.enumerated().filter { $0.offset == 0 || users[$0.offset - 1] != $0.element }.map(\.element)
    }

    private func liked(_ group: Counts) -> [AttributeEvidence] {
        // What a single one of several users took may be that user's own taste.
        let least = group.userCount > 2 ? 2 : 1
        var liked: [AttributeEvidence] = []
        for (number, attribute) in telling.enumerated() where group.users[number] >= least {
            let count = Int(group.counts[number])
            let odds = statistics.logOdds(of: attribute, count: count, total: group.total)
            guard odds.zScore >= 1 else { continue }
            liked.append(
                AttributeEvidence(
                    attribute: attribute, count: count, users: Int(group.users[number]),
                    ratio: Double(count) / Double(group.total) / statistics.rate(of: attribute), zScore: odds.zScore))
        }
        liked.sort { ($1.zScore, $0.attribute) < ($0.zScore, $1.attribute) }
        return strongest(liked)
    }

    private func avoided(
        _ takers: Counts, around: Counts, _ similarItems: [Int], attributes: [Int]
    ) -> [AttributeEvidence] {
        var avoided: [AttributeEvidence] = []
        let offered = offers(of: similarItems)
        let least = max(2, similarItems.count / 10)
        for (number, offers) in offered where offers >= least {
            let attribute = telling[Int(number)]
            if attributes.contains(attribute) { continue }
            let count = Int(takers.counts[Int(number)])
            let other = Int(around.counts[Int(number)])
            if takers.total > 0, around.total > 0 {
                let odds = statistics.logOdds(
                    of: attribute, count: count, total: takers.total, againstCount: other, total: around.total)
                guard odds.zScore <= -0.5 else { continue }
                let expected = max(Double(other) / Double(around.total), statistics.rate(of: attribute))
                avoided.append(
                    AttributeEvidence(
                        attribute: attribute, count: count, users: Int(takers.users[Int(number)]),
                        ratio: Double(count) / Double(takers.total) / expected, zScore: odds.zScore))
            } else {
                // Nobody to ask: the item lacks what `offers` of its similar items have.
                let odds = LogOddsRatio(
                    count: 0, total: 1, againstCount: Double(offers), total: Double(similarItems.count),
                    priorCount: statistics.rate(of: attribute), priorTotal: 1)
                guard odds.zScore < 0 else { continue }
                avoided.append(
                    AttributeEvidence(attribute: attribute, count: 0, users: 0, ratio: 0, zScore: odds.zScore))
            }
        }
        avoided.sort { ($0.zScore, $0.attribute) < ($1.zScore, $1.attribute) }
        return strongest(avoided)
    }

    /// The first of sorted evidence, words and other attributes counted apart: rare words would crowd out the rest.
    private func strongest(_ sorted: [AttributeEvidence]) -> [AttributeEvidence] {
        var words = 0
        var others = 0
        return sorted.filter { one in
            if readable.kind(one.attribute) == .word {
                words += 1
                return words <= configuration.evidenceLimit
            }
            others += 1
            return others <= configuration.evidenceLimit
        }
    }

    /// How many of some items have each telling attribute, by attribute number.
    private func offers(of items: [Int]) -> [(number: Int32, count: Int)] {
        var counts = [Int](repeating: 0, count: telling.count)
        var seen: [Int32] = []
        for item in items {
            for number in itemTelling[item] {
                if counts[Int(number)] == 0 { seen.append(number) }
                counts[Int(number)] += 1
            }
        }
        seen.sort()
        return seen.map { ($0, counts[Int($0)]) }
    }

    /// What recent items have in common, and what similar items have that they lack.
    func evidence(forItems items: [Item]) -> UserEvidence {
        let read = items.prefix(configuration.recentItems)
        var own: [Int32] = []
        var taken: Set<Int> = []
        var beside: [Int] = []
        for item in read {
            let index = catalogueIndex(of: item)
            let attributes = index.map { vocabulary.attributes(ofItem: $0) } ?? vocabulary.attributes(of: item)
            own.append(contentsOf: telling(of: attributes))
            if let index { taken.insert(index) }
            beside.append(contentsOf: neighbours(of: index, attributes: attributes))
        }
        beside.removeAll { taken.contains($0) }
        own.sort()

        let least = read.count < 4 ? 1 : 2
        var liked: [AttributeEvidence] = []
        var start = 0
        while start < own.count {
            var end = start + 1
            while end < own.count, own[end] == own[start] { end += 1 }
            let attribute = telling[Int(own[start])]
            let odds = statistics.logOdds(of: attribute, count: end - start, total: read.count)
            if end - start >= least, odds.zScore > 0 {
                let ratio = Double(end - start) / Double(read.count) / statistics.rate(of: attribute)
                liked.append(
                    AttributeEvidence(
                        attribute: attribute, count: end - start, users: 1, ratio: ratio, zScore: odds.zScore))
            }
            start = end
        }
        liked.sort { ($1.zScore, $0.attribute) < ($0.zScore, $1.attribute) }

        let present = Set(own)
        let leastOffers = max(2, beside.count / 20)
        var avoided: [AttributeEvidence] = []
        for (number, offers) in offers(of: beside) where offers >= leastOffers && !present.contains(number) {
            let attribute = telling[Int(number)]
            let odds = statistics.logOdds(
                of: attribute, count: 0, total: read.count, againstCount: offers, total: beside.count)
            guard odds.zScore < 0 else { continue }
            avoided.append(
                AttributeEvidence(attribute: attribute, count: offers, users: 0, ratio: 0, zScore: odds.zScore))
        }
        avoided.sort { ($0.zScore, $0.attribute) < ($1.zScore, $1.attribute) }
        return UserEvidence(
            items: read.count, similarItems: beside.count, liked: strongest(liked),
            avoided: strongest(avoided))
    }
}
