internal import ISRFNumerics

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// The terms of a collection of texts, their inverse document frequencies, and the weighted texts.
struct TermStatistics {
    /// The terms that are kept, in the order of first appearance.
    let terms: [String]
    /// The weight of each term: `ln((texts + 1) / (frequency + 1))`.
    let weights: [Float]
    /// Texts x terms, each row of unit length or empty.
    let unitRows: SparseMatrix

    init(texts: [String], configuration: LatentSemanticEncoder.Configuration) throws {
        let extractor = SemanticTerms(pathWeight: configuration.pathWeight)
        var declared: [String: Int] = [:]
        for (place, text) in texts.enumerated() {
            if place % 256 == 0 { try Task.checkCancellation() }
            for phrase in Set(extractor.declaredPhrases(in: text)) { declared[phrase, default: 0] += 1 }
        }
        let phrases = PhraseSet(declared.lazy.filter { $0.value >= configuration.minimumDocumentFrequency }.map(\.key))

        var numbers: [String: Int] = [:]
        var names: [String] = []
        var frequencies: [Int] = []
        var rows: [[(number: Int, weight: Float)]] = []
        rows.reserveCapacity(texts.count)
        for (place, text) in texts.enumerated() {
            if place % 256 == 0 { try Task.checkCancellation() }
            var row: [(number: Int, weight: Float)] = []
            for entry in extractor.terms(of: text, phrases: phrases) {
                let number = numbers[entry.term] ?? names.count
                if number == names.count {
                    numbers[entry.term] = number
                    names.append(entry.term)
                    frequencies.append(0)
                }
                frequencies[number] += 1
                row.append((number, entry.weight))
            }
            rows.append(row)
        }

        var kept = names.indices.filter {
            frequencies[$0] >= configuration.minimumDocumentFrequency && frequencies[$0] < texts.count
        }
        var weight: (Int) -> Float = { Self.weight(frequency: frequencies[$0], texts: texts.count) }
        if kept.isEmpty {
            // A handful of texts in which nothing recurs, or everything: all terms, all alike.
            kept = Array(names.indices)
            weight = { _ in 1 }
        }
        if kept.count > configuration.maximumTerms {
            kept.sort { (frequencies[$1], $0) < (frequencies[$0], $1) }
            kept = kept.prefix(configuration.maximumTerms).sorted()
        }
        var places = [Int](repeating: -1, count: names.count)
        for (place, number) in kept.enumerated() { places[number] = place }
        let weights = kept.map(weight)

        var offsets = [0]
        var columns: [Int32] = []
        var values: [Float] = []
        for row in rows {
            let entries = row.filter { places[$0.number] >= 0 }
                .map { (column: places[$0.number], value: $0.weight * weights[places[$0.number]]) }
                .sorted { $0.column < $1.column }
            let norm = entries.reduce(0) { $0 + $1.value * $1.value }.squareRoot()
            for entry in entries where norm > 0 {
                columns.append(Int32(entry.column))
                values.append(entry.value / norm)
            }
            offsets.append(values.count)
        }
        terms = kept.map { names[$0] }
        self.weights = weights
        unitRows = SparseMatrix(
            rows: texts.count, columns: kept.count, rowOffsets: offsets, columnIndices: columns, values: values)
    }

    /// The weight of a term that `frequency` of `texts` texts have.
    static func weight(frequency: Int, texts: Int) -> Float {
        Float(log(Double(texts + 1) / Double(frequency + 1)))
    }
}

extension Float {
    /// The natural logarithm.
    var logarithm: Float { Float(log(Double(self))) }

    /// The number raised to a power.
    func power(_ exponent: Float) -> Float { Float(pow(Double(self), Double(exponent))) }
}
