public struct AttributeStatistics: Sendable {
    public struct Tie: Sendable { public let attribute: Int; public let strength: Float }
    public let vocabulary: AttributeVocabulary
    public init(vocabulary: AttributeVocabulary) { self.vocabulary = vocabulary }
    public func ties(history: [Int], item: Int) -> [Tie] {
        var own = Set<Int>(); for h in history { own.formUnion(vocabulary.attributes(ofItem: h)) }
        return vocabulary.attributes(ofItem: item).filter { own.contains($0) }.map { Tie(attribute: $0, strength: vocabulary.inverseDocumentFrequency(of: $0)) }
    }
}
