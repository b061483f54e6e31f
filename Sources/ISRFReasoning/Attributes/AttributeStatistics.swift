internal import ISRFCore
public import ISRFData

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// How much more often an attribute stands in one group of interactions than in another.
public struct LogOddsRatio: Sendable, Hashable {
    /// The natural logarithm of the ratio of the two groups' posterior odds; 0 where they agree.
    public var value: Double
    /// `value` in units of its standard deviation: above about 2, hardly chance.
    public var zScore: Double

    /// The log-odds ratio of two groups under an informative Dirichlet prior.
    ///
    /// Monroe, Colaresi and Quinn, "Fightin' Words" (Political Analysis 16, 2008), equations 16, 20 and 22, with an
    /// interaction in the place of a word of running text: of `total` interactions, `count` are with items that have
    /// the attribute, and the prior adds `priorCount` such interactions to `priorTotal`.
    ///
    ///     value    = ln((y1 + a) / (n1 + A - y1 - a)) - ln((y2 + a) / (n2 + A - y2 - a))
    ///     variance = 1 / (y1 + a) + 1 / (y2 + a)
    ///     zScore   = value / sqrt(variance)
    ///
    /// - Precondition: Counts do not exceed totals, and `0 < priorCount < priorTotal`.
    public init(
        count: Double, total: Double, againstCount otherCount: Double, total otherTotal: Double,
        priorCount: Double, priorTotal: Double
    ) {
        precondition(count <= total && otherCount <= otherTotal && 0 < priorCount && priorCount < priorTotal)
        let here = (count + priorCount) / (total + priorTotal - count - priorCount)
        let there = (otherCount + priorCount) / (otherTotal + priorTotal - otherCount - priorCount)
        value = log(here / there)
        zScore = value / (1 / (count + priorCount) + 1 / (otherCount + priorCount)).squareRoot()
    }
}

/// An attribute of an item that a history holds more often than the whole log does.
public struct AttributeTie: Sendable, Hashable {
    /// The attribute's index in the vocabulary.
    public var attribute: Int
    /// How many interactions of the history are with items that have the attribute.
    public var count: Int
    /// How many times as often as in the training log the attribute stands in the history; above 1.
    public var ratio: Float
    /// How sure the over-representation is: the z-score of the log-odds ratio, above 0.
    public var strength: Float

    /// Creates a tie.
    public init(attribute: Int, count: Int, ratio: Float, strength: Float) {
        self.attribute = attribute
        self.count = count
        self.ratio = ratio
        self.strength = strength
    }
}

/// How often each attribute is taken in the training log, and what that says about single histories.
///
/// Every comparison is one of a group of interactions with the whole training log by `LogOddsRatio`. The prior is the
/// log's own rate of the attribute, worth `priorStrength` interactions.
public struct AttributeStatistics: Sendable {
    /// The attributes that are counted.
    public let vocabulary: AttributeVocabulary
    /// How many training interactions are with items that have each attribute, by attribute index.
    public let interactionCounts: [Int]
    /// The number of training interactions.
    public let interactionCount: Int
    /// How many interactions the prior is worth.
    public let priorStrength: Double

    /// Counts the attributes of the training interactions.
    /// - Parameters:
    ///   - vocabulary: The attributes of the catalogue that the log's indices point into.
    ///   - training: The training part of the log, nothing else.
    ///   - priorStrength: How many interactions the prior is worth; above 0.
    /// - Throws: `ISRFError` (`invalidConfiguration`) when the prior is not positive, (`invalidData`) when the log
    ///   belongs to a catalogue of another size.
    public init(vocabulary: AttributeVocabulary, training: InteractionLog, priorStrength: Double = 10) throws {
        guard priorStrength > 0, priorStrength.isFinite else {
            throw ISRFError(
                .invalidConfiguration, "The prior strength is \(priorStrength); it must be a number above 0.")
        }
        guard training.itemCount == vocabulary.itemCount else {
            throw ISRFError(
                .invalidData,
                "The log belongs to a catalogue of \(training.itemCount) items, the attributes to one of "
                    + "\(vocabulary.itemCount); both must come from the same catalogue.")
        }
        var counts = [Int](repeating: 0, count: vocabulary.count)
        var interactions = 0
        for (item, taken) in training.itemCounts().enumerated() where taken > 0 {
            interactions += taken
            for attribute in vocabulary.attributes(ofItem: item) { counts[attribute] += taken }
        }
        self.vocabulary = vocabulary
        self.interactionCounts = counts
        self.interactionCount = interactions
        self.priorStrength = priorStrength
    }

    /// The log-odds ratio of an attribute in a group of interactions against the whole training log.
    /// - Parameters:
    ///   - attribute: The attribute's index.
    ///   - count: How many interactions of the group have the attribute.
    ///   - total: The number of interactions of the group.
    public func logOdds(of attribute: Int, count: Int, total: Int) -> LogOddsRatio {
        logOdds(
            of: attribute, count: count, total: total, againstCount: interactionCounts[attribute],
            total: interactionCount)
    }

    /// The log-odds ratio of an attribute in one group of interactions against another, with the log as the prior.
    public func logOdds(
        of attribute: Int, count: Int, total: Int, againstCount otherCount: Int, total otherTotal: Int
    ) -> LogOddsRatio {
        LogOddsRatio(
            count: Double(count), total: Double(total), againstCount: Double(otherCount), total: Double(otherTotal),
            priorCount: priorStrength * rate(of: attribute), priorTotal: priorStrength)
    }

    /// The share of the training interactions that have an attribute, smoothed to stay between 0 and 1.
    public func rate(of attribute: Int) -> Double {
        (Double(interactionCounts[attribute]) + 0.5) / (Double(interactionCount) + 1)
    }

    /// The attributes that a history holds more often than the whole training log does, strongest first.
    ///
    /// In a history of four or more interactions an attribute must stand at least twice to count.
    /// - Parameters:
    ///   - history: Item indices of the catalogue, in any order.
    ///   - limit: The most attributes to return.
    /// - Returns: Attribute indices with their strengths (z-scores above 0); equal strengths by index.
    public func distinguishingAttributes(ofHistory history: [Int], limit: Int) -> [(attribute: Int, strength: Float)] {
        let least = history.count < 4 ? 1 : 2
        var all: [Int] = []
        for item in history { all.append(contentsOf: vocabulary.attributes(ofItem: item)) }
        all.sort()
        var found: [(attribute: Int, strength: Float)] = []
        var start = 0
        while start < all.count {
            var end = start + 1
            while end < all.count, all[end] == all[start] { end += 1 }
            if end - start >= least {
                let odds = logOdds(of: all[start], count: end - start, total: history.count)
                if odds.zScore > 0 { found.append((all[start], Float(odds.zScore))) }
            }
            start = end
        }
        found.sort { ($1.strength, $0.attribute) < ($0.strength, $1.attribute) }
        return Array(found.prefix(max(0, limit)))
    }

    /// The attributes of an item that a history holds more often than the whole training log does, strongest first.
    /// - Parameters:
    ///   - history: Item indices of the catalogue, in any order; leave the item itself out.
    ///   - item: The item's index.
    public func ties(history: [Int], item: Int) -> [AttributeTie] {
        ties(history: history, attributes: vocabulary.attributes(ofItem: item))
    }

    /// The same for an item that need not be in the catalogue, by its attributes, distinct and ascending.
    public func ties(history: [Int], attributes: [Int]) -> [AttributeTie] {
        ties(historyAttributes: history.map { vocabulary.attributes(ofItem: $0) }, attributes: attributes)
    }

    /// The same for a history whose items need not be in the catalogue either, by each item's attributes, distinct and
    /// ascending.
    public func ties(historyAttributes history: [[Int]], attributes: [Int]) -> [AttributeTie] {
        guard !history.isEmpty, !attributes.isEmpty else { return [] }
        var counts = [Int](repeating: 0, count: attributes.count)
        for other in history {
            var place = 0
            for (index, attribute) in attributes.enumerated() {
                while place < other.count, other[place] < attribute { place += 1 }
                if place == other.count { break }
                if other[place] == attribute { counts[index] += 1 }
            }
        }
        var ties: [AttributeTie] = []
        for (attribute, count) in zip(attributes, counts) where count > 0 {
            let odds = logOdds(of: attribute, count: count, total: history.count)
            let ratio = Double(count) / Double(history.count) / rate(of: attribute)
            if odds.zScore > 0, ratio > 1 {
                ties.append(
                    AttributeTie(
                        attribute: attribute, count: count, ratio: Float(ratio), strength: Float(odds.zScore)))
            }
        }
        ties.sort { ($1.strength, $0.attribute) < ($0.strength, $1.attribute) }
        return ties
    }
}
