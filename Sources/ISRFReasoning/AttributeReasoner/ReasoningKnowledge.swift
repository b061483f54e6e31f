internal import ISRFData

/// What the attribute reasoner learns once: who took what, which attributes say something, which items are alike.
///
/// Immutable and large, so shared by reference: every request would copy a dozen arrays otherwise.
final class ReasoningKnowledge: Sendable {
    let catalogue: Catalogue
    let statistics: AttributeStatistics
    let configuration: AttributeReasoner.Configuration
    /// The attributes in words.
    let readable: ReadableVocabulary
    /// The attributes worth telling a person about, by their number in `itemTelling`.
    let telling: [Int]
    /// Each catalogue item's telling attributes, numbered as in `telling`.
    let itemTelling: [[Int32]]
    /// Each catalogue item's most similar items.
    let neighbours: [[Int]]

    private let histories: [[Int]]
    private let takers: [[Int32]]
    private let numbers: [Int32]
    private let similar: SimilarItems

    var vocabulary: AttributeVocabulary { statistics.vocabulary }

    /// - Throws: `ISRFError` for a prior or a log that does not fit, `CancellationError`.
    init(_ evidence: ReasoningEvidence, configuration: AttributeReasoner.Configuration) throws {
        let vocabulary = AttributeVocabulary(catalogue: evidence.catalogue)
        statistics = try AttributeStatistics(
            vocabulary: vocabulary, training: evidence.training, priorStrength: configuration.priorStrength)
        try Task.checkCancellation()
        catalogue = evidence.catalogue
        self.configuration = configuration
        histories = evidence.training.histories
        var takers = [[Int32]](repeating: [], count: catalogue.count)
        for (user, history) in histories.enumerated() {
            for item in history where takers[item].last != Int32(user) { takers[item].append(Int32(user)) }
        }
        self.takers = takers
        let readable = ReadableVocabulary(vocabulary)
        self.readable = readable
        telling = vocabulary.attributes.indices.filter { readable.isTelling[$0] }
        var numbers = [Int32](repeating: -1, count: vocabulary.count)
        for (number, attribute) in telling.enumerated() { numbers[attribute] = Int32(number) }
        self.numbers = numbers
        itemTelling = (0..<catalogue.count).map { item in
            vocabulary.attributes(ofItem: item).map { numbers[$0] }.filter { $0 >= 0 }
        }
        similar = SimilarItems(vocabulary: vocabulary)
        neighbours = try similar.all(count: configuration.similarItems)
    }

    /// The telling attributes of any item, numbered as in `telling`.
    func telling(of attributes: [Int]) -> [Int32] {
        attributes.map { numbers[$0] }.filter { $0 >= 0 }
    }

    /// The catalogue's index of an item that is there unchanged.
    func catalogueIndex(of item: Item) -> Int? {
        catalogue.identifiers.index(of: item.id).flatMap { catalogue[$0] == item ? $0 : nil }
    }

    /// The most similar items of an item that need not be in the catalogue.
    func neighbours(of index: Int?, attributes: [Int]) -> [Int] {
        index.map { neighbours[$0] }
            ?? similar.nearest(toAttributes: attributes, count: configuration.similarItems)
    }

    /// How many training users took an item.
    func takerCount(of item: Int) -> Int { takers[item].count }

    /// At most `limit` of an item's takers, spread evenly over them.
    func takers(of item: Int, limit: Int) -> [Int] {
        let all = takers[item]
        guard all.count > limit else { return all.map { Int($0) } }
        return (0..<limit).map { Int(all[$0 * all.count / limit]) }
    }

    /// The telling attributes of a group of interactions.
    struct Counts {
        /// How many interactions have each telling attribute.
        var counts: [Int32]
        /// How many users have an interaction with each.
        var users: [Int32]
        /// The number of interactions.
        var total = 0
        /// The number of users with at least one interaction.
        var userCount = 0
    }

    /// Counts what users took besides one item; of very long histories the most recent part.
    func counts(of users: [Int], except item: Int?) -> Counts {
        var result = Counts(
            counts: Array(repeating: 0, count: telling.count), users: Array(repeating: 0, count: telling.count))
        var last = [Int32](repeating: -1, count: telling.count)
        for user in users {
            let before = result.total
            for taken in histories[user].suffix(configuration.longestHistory) where taken != item {
                result.total += 1
                for number in itemTelling[taken] {
                    let place = Int(number)
                    result.counts[place] += 1
                    if last[place] != Int32(user) {
                        last[place] = Int32(user)
                        result.users[place] += 1
                    }
                }
            }
            if result.total > before { result.userCount += 1 }
        }
        return result
    }
}
