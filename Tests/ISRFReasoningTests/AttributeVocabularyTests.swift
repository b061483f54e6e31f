import ISRFData
import ISRFNumerics
import ISRFReasoning
import Testing

@Suite("Attributes of a catalogue")
struct AttributeVocabularyTests {
    @Test(
        "Words of any script",
        arguments: [
            ("Men's 1.7-oz Eau de Parfum!", ["men", "1.7", "oz", "eau", "de", "parfum"]),
            ("L’Oréal rock'n'roll", ["l'oréal", "rock'n'roll"]),
            ("ＡＢＣ １２", ["abc", "12"]),
            ("椿油シャンプー 500ml", ["椿油", "油シ", "シャ", "ャン", "ンプ", "プー", "500ml"]),
            ("शैम्पू", ["शैम्पू"]),
            ("שמפו טבעי", ["שמפו", "טבעי"]),
            ("end. 'quoted' 3, 4", ["end", "quoted", "3", "4"]),
            ("🧴🎉 \u{0}\u{202E}", []),
            ("", []),
        ])
    func unicodeWords(text: String, words: [String]) {
        #expect(Tokenization.unicode.words(in: text) == words)
    }

    @Test("ASCII words are runs of a-z0-9 in lower case")
    func asciiWords() {
        #expect(Tokenization.ascii.words(in: "L'Oréal 1.7-OZ") == ["l", "or", "al", "1", "7", "oz"])
    }

    private func catalogue() throws -> Catalogue {
        try Catalogue(items: [
            Item(
                id: "a", title: "Curl Shampoo shampoo", brand: "Avalon", description: "For curly hair",
                categories: [["Hair", "Shampoos"], ["Hair", "Curls"]], attributes: ["colour": ["Red", "blue"]]),
            Item(id: "b", title: "Shampoo", brand: "AVALON", categories: [["Hair", "Shampoos"]]),
            Item(id: "c", title: "SPF lotion", categories: [["Hair"]]),
        ])
    }

    @Test("Every kind of attribute, distinct and ascending")
    func attributes() throws {
        let vocabulary = AttributeVocabulary(catalogue: try catalogue())
        let own = vocabulary.attributes(ofItem: 0)
        #expect(own == own.sorted() && Set(own).count == own.count)
        #expect(
            Set(own.map { vocabulary.attributes[$0] }) == [
                ItemAttribute(.word, "curl"), ItemAttribute(.word, "shampoo"), ItemAttribute(.word, "for"),
                ItemAttribute(.word, "curly"), ItemAttribute(.word, "hair"), ItemAttribute(.category, "Hair"),
                ItemAttribute(.category, "Shampoos"), ItemAttribute(.category, "Curls"),
                ItemAttribute(.brand, "avalon"), ItemAttribute(.field, "red", field: "colour"),
                ItemAttribute(.field, "blue", field: "colour"),
            ])
        let brand = try #require(vocabulary.index(of: ItemAttribute(.brand, "avalon")))
        #expect(vocabulary.documentFrequencies[brand] == 2)
        #expect(vocabulary.label(of: brand) == "Avalon")
        let acronym = try #require(vocabulary.index(of: ItemAttribute(.word, "spf")))
        #expect(vocabulary.label(of: acronym) == "SPF")
    }

    @Test("The floor's attributes are title words, categories and brands alone")
    func asciiAttributes() throws {
        let vocabulary = AttributeVocabulary(catalogue: try catalogue(), options: .ascii)
        #expect(
            Set(vocabulary.attributes(ofItem: 0).map { vocabulary.attributes[$0] }) == [
                ItemAttribute(.word, "curl"), ItemAttribute(.word, "shampoo"), ItemAttribute(.category, "Hair"),
                ItemAttribute(.category, "Shampoos"), ItemAttribute(.category, "Curls"),
                ItemAttribute(.brand, "avalon"),
            ])
    }

    @Test("A new item keeps the attributes that are known")
    func newItem() throws {
        let vocabulary = AttributeVocabulary(catalogue: try catalogue(), options: .ascii)
        let found = vocabulary.attributes(of: Item(id: "new", title: "unheard-of lotion", brand: "avalon"))
        #expect(found.map { vocabulary.attributes[$0].value }.sorted() == ["avalon", "lotion"])
        #expect(vocabulary.attributes(of: Item(id: "none")).isEmpty)
        #expect(vocabulary.attributes(of: try catalogue()[1]) == vocabulary.attributes(ofItem: 1))
    }

    @Test("TF-IDF rows have the defined weights and unit length")
    func tfidf() throws {
        let vocabulary = AttributeVocabulary(catalogue: try catalogue(), options: .ascii)
        let matrix = vocabulary.tfidf().dense()
        // Item b: shampoo, Shampoos and avalon each in 2 of 3 items; Hair is in all and weighs nothing.
        let row = matrix.row(1)
        let hair = try #require(vocabulary.index(of: ItemAttribute(.category, "Hair")))
        #expect(row[hair] == 0)
        let weights = row.filter { $0 != 0 }
        #expect(weights.count == 3)
        for weight in weights { #expect(abs(weight - 1 / Float(3).squareRoot()) < 1e-6) }
        // Item a: curl and Curls in one item (ln 2), three others in two (ln 4/3).
        let curl = try #require(vocabulary.index(of: ItemAttribute(.word, "curl")))
        let expected = 0.6931472 / (2 * 0.6931472 * 0.6931472 + 3 * 0.2876821 * 0.2876821).squareRoot()
        #expect(abs(Double(matrix[0, curl]) - expected) < 1e-6)
        #expect(vocabulary.tfidf(of: try catalogue()[0]).dense().row(0) == matrix.row(0))
    }

    @Test("A catalogue without any text has no attributes")
    func noText() throws {
        let vocabulary = AttributeVocabulary(
            catalogue: try Catalogue(items: [Item(id: "a"), Item(id: "b", title: "")]))
        #expect(vocabulary.count == 0)
        #expect(vocabulary.tfidf().values.isEmpty)
    }
}
