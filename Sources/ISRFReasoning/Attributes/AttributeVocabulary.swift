public import ISRFData
public import ISRFNumerics

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// All attributes that the items of a catalogue have, numbered from 0 in the order of first appearance.
///
/// What an item is said to have is decided by the `Options`; the statistics here see the catalogue alone, never a log.
public struct AttributeVocabulary: Sendable {
    /// What counts as an attribute.
    public struct Options: Sendable, Codable, Hashable {
        /// How texts are divided into words.
        public var tokenization: Tokenization
        /// Whether the words of descriptions count as well as those of titles.
        public var includesDescriptions: Bool
        /// Whether further fields count; values longer than `longestFieldValue` characters count as words.
        public var includesFields: Bool

        /// Creates options.
        public init(tokenization: Tokenization, includesDescriptions: Bool, includesFields: Bool) {
            self.tokenization = tokenization
            self.includesDescriptions = includesDescriptions
            self.includesFields = includesFields
        }

        /// Words of any script from titles and descriptions, category levels, brands, and further fields.
        public static let standard = Options(tokenization: .unicode, includesDescriptions: true, includesFields: true)

        /// Title words of `a-z0-9`, category levels and brands only: what the linear floor reads.
        public static let ascii = Options(tokenization: .ascii, includesDescriptions: false, includesFields: false)
    }

    /// Field values with more characters than this are texts, not values.
    public static let longestFieldValue = 64

    /// What counts as an attribute.
    public let options: Options
    /// The attributes; an attribute's index is its place here.
    public let attributes: [ItemAttribute]
    /// How many items have each attribute, by attribute index; at least 1.
    public let documentFrequencies: [Int]

    private let labels: [String]
    private let indices: [ItemAttribute: Int]
    private let itemAttributes: [[Int]]

    /// Reads the attributes of a catalogue.
    public init(catalogue: Catalogue, options: Options = .standard) {
        var attributes: [ItemAttribute] = []
        var labels: [String] = []
        var capitals: [Int] = []
        var writings: [Int] = []
        var frequencies: [Int] = []
        var indices: [ItemAttribute: Int] = [:]
        var itemAttributes: [[Int]] = []
        itemAttributes.reserveCapacity(catalogue.count)
        for item in catalogue.items {
            var seen: Set<Int> = []
            Self.forEachAttribute(of: item, options: options) { attribute, written in
                let index: Int
                if let known = indices[attribute] {
                    index = known
                } else {
                    index = attributes.count
                    indices[attribute] = index
                    attributes.append(attribute)
                    labels.append(attribute.kind == .word ? attribute.value : written)
                    capitals.append(0)
                    writings.append(0)
                    frequencies.append(0)
                }
                if attribute.kind == .word, options.tokenization == .unicode {
                    writings[index] += 1
                    if written != attribute.value, written == written.uppercased() { capitals[index] += 1 }
                }
                if seen.insert(index).inserted { frequencies[index] += 1 }
            }
            itemAttributes.append(seen.sorted())
        }
        // A word mostly written in capitals is an acronym ("SPF"); other words read best in lower case.
        for index in attributes.indices where capitals[index] * 2 > writings[index] && attributes[index].value.count > 1
        {
            labels[index] = attributes[index].value.uppercased()
        }
        self.options = options
        self.attributes = attributes
        self.labels = labels
        self.documentFrequencies = frequencies
        self.indices = indices
        self.itemAttributes = itemAttributes
    }

    /// The number of attributes.
    public var count: Int { attributes.count }

    /// The number of items of the catalogue.
    public var itemCount: Int { itemAttributes.count }

    /// The indices of the attributes of a catalogue item, distinct and ascending.
    public func attributes(ofItem index: Int) -> [Int] { itemAttributes[index] }

    /// The indices of the attributes of any item, distinct and ascending; attributes that no catalogue item has are
    /// left out.
    public func attributes(of item: Item) -> [Int] {
        var found: Set<Int> = []
        Self.forEachAttribute(of: item, options: options) { attribute, _ in
            if let index = indices[attribute] { found.insert(index) }
        }
        return found.sorted()
    }

    /// The index of an attribute, or nil when no catalogue item has it.
    public func index(of attribute: ItemAttribute) -> Int? { indices[attribute] }

    /// An attribute in the form in which a person reads it: brands and field values as first written, acronyms in
    /// capitals.
    public func label(of index: Int) -> String { labels[index] }

    /// The inverse document frequency of an attribute: `ln((items + 1) / (frequency + 1))`, 0 for one that all have.
    public func inverseDocumentFrequency(of index: Int) -> Float {
        Float(log(Double(itemCount + 1) / Double(documentFrequencies[index] + 1)))
    }

    /// The inverse document frequencies of all attributes, by attribute index.
    public func inverseDocumentFrequencies() -> [Float] { (0..<count).map { inverseDocumentFrequency(of: $0) } }

    /// The items' attributes weighted by inverse document frequency: items x attributes, each row of unit length.
    ///
    /// Attributes that every item has weigh nothing and have no entry; the row of an item without others is empty.
    public func tfidf() -> SparseMatrix {
        let weights = inverseDocumentFrequencies()
        var offsets = [0]
        var columns: [Int32] = []
        var values: [Float] = []
        for item in itemAttributes {
            let (indices, row) = Self.unitRow(of: item) { weights[$0] }
            columns.append(contentsOf: indices)
            values.append(contentsOf: row)
            offsets.append(values.count)
        }
        return SparseMatrix(
            rows: itemCount, columns: count, rowOffsets: offsets, columnIndices: columns, values: values)
    }

    /// The row that `tfidf()` would hold for an item that need not be in the catalogue: a matrix of one row.
    public func tfidf(of item: Item) -> SparseMatrix {
        let (columns, values) = Self.unitRow(of: attributes(of: item), weight: inverseDocumentFrequency(of:))
        return SparseMatrix(
            rows: 1, columns: count, rowOffsets: [0, values.count], columnIndices: columns, values: values)
    }

    private static func unitRow(of item: [Int], weight: (Int) -> Float) -> (columns: [Int32], values: [Float]) {
        let weighted = item.map { (column: Int32($0), weight: weight($0)) }.filter { $0.weight > 0 }
        let norm = weighted.reduce(0) { $0 + $1.weight * $1.weight }.squareRoot()
        return (weighted.map(\.column), weighted.map { $0.weight / norm })
    }

    /// Calls `body` with each attribute of an item and the way it is written; repeated ones repeatedly.
    private static func forEachAttribute(
        of item: Item, options: Options, _ body: (_ attribute: ItemAttribute, _ written: String) -> Void
    ) {
        func words(_ text: String) {
            options.tokenization.forEachWrittenWord(in: text) { body(ItemAttribute(.word, $0.lowercased()), $0) }
        }
        words(item.title ?? "")
        for path in item.categories {
            for level in path where !level.isEmpty { body(ItemAttribute(.category, level), level) }
        }
        if let brand = item.brand, !brand.isEmpty { body(ItemAttribute(.brand, brand.lowercased()), brand) }
        if options.includesDescriptions { words(item.description ?? "") }
        guard options.includesFields else { return }
        for (name, values) in item.attributes.sorted(by: { $0.key < $1.key }) {
            for value in values where !value.isEmpty {
                if value.count > longestFieldValue {
                    words(value)
                } else {
                    body(ItemAttribute(.field, value.lowercased(), field: name), value)
                }
            }
        }
    }
}
