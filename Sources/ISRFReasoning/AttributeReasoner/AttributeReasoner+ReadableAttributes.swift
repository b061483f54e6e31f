internal import ISRFCore

extension AttributeReasoner {
    /// Those attributes that are worth telling a person, in the order given: no fillers, nothing that nearly all items
    /// have, no label twice, no word that a longer label has as well. None before preparation.
    /// - Parameter attributes: Indices of the vocabulary of `statistics`.
    package func readableAttributes(among attributes: [Int]) -> [Int] {
        guard let readable = knowledge?.readable else { return [] }
        let telling = attributes.filter { readable.isTelling[$0] && !readable.folded[$0].isEmpty }
        let phrases = telling.filter { readable.kind($0) != .word }
        var said = Set(
            phrases.flatMap { phrase in
                readable.folded[phrase].split { !$0.isLetter && !$0.isNumber }.map(String.init)
            })
        // A label of a single word must not hide itself.
        said.subtract(phrases.map { readable.folded[$0] })
        return telling.filter { attribute in
            readable.kind(attribute) == .word && said.contains(readable.folded[attribute])
                ? false : said.insert(readable.folded[attribute]).inserted
        }
    }
}
