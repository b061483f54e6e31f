import ISRFData
import ISRFReasoning
import Testing

@Suite("Attributes worth telling")
struct ReadableAttributesTests {
    private func prepared() throws -> (reasoner: AttributeReasoner, mat: Item) {
        let items = (0..<24).map { number in
            let isMat = number < 4
            return Item(
                id: "i\(number)", title: isMat ? "closed cell mat and \(number)" : "other thing and \(number)",
                brand: "Maker \(number % 3)", categories: [["Camping", isMat ? "Mats" : "Things"]],
                attributes: ["material": [isMat ? "closed-cell foam" : "cotton"]])
        }
        let catalogue = try Catalogue(items: items)
        let log = try InteractionLog(users: IdentifierMap(["u"]), histories: [[0, 1, 5]], itemCount: items.count)
        let reasoner = try AttributeReasoner().reasoner(
            for: ReasoningEvidence(catalogue: catalogue, training: log))
        return (reasoner, items[0])
    }

    @Test("Fillers, what nearly all have, and words of longer labels are left out; the order stays")
    func picksTelling() throws {
        let (reasoner, mat) = try prepared()
        let vocabulary = try #require(reasoner.statistics).vocabulary
        let all = vocabulary.attributes(of: mat)
        let labels = { (attributes: [Int]) in attributes.map { vocabulary.label(of: $0) } }
        #expect(Set(labels(all)).isSuperset(of: ["closed", "cell", "and", "Camping", "closed-cell foam", "Mats"]))

        let picked = reasoner.readableAttributes(among: all)
        #expect(Set(labels(picked)).isSuperset(of: ["closed-cell foam", "Mats", "Maker 0"]))
        #expect(Set(labels(picked)).isDisjoint(with: ["closed", "cell", "and", "Camping"]))
        #expect(reasoner.readableAttributes(among: all.reversed()) == picked.reversed())
    }

    @Test("Nothing is said twice")
    func saysNothingTwice() throws {
        let (reasoner, mat) = try prepared()
        let all = try #require(reasoner.statistics).vocabulary.attributes(of: mat)
        #expect(reasoner.readableAttributes(among: all + all) == reasoner.readableAttributes(among: all))
    }

    @Test("Before preparation there is nothing to tell")
    func isEmptyBeforePreparation() {
        #expect(AttributeReasoner().readableAttributes(among: [0]).isEmpty)
    }
}
