import ISRFCore
import ISRFData
import Testing

@Suite("Catalogues")
struct CatalogueTests {
    @Test("Items keep their order, and an identifier finds its item")
    func order() throws {
        let catalogue = try Catalogue(items: [Item(id: "b", title: "B"), Item(id: "a"), Item(id: "日本 語")])
        #expect(catalogue.count == 3)
        #expect(catalogue[0] == Item(id: "b", title: "B"))
        for (index, item) in catalogue.items.enumerated() { #expect(try catalogue.index(of: item.id) == index) }
    }

    @Test("An unknown identifier is named")
    func unknown() throws {
        let catalogue = try Catalogue(items: [Item(id: "a")])
        #expect {
            try catalogue.index(of: "A")
        } throws: {
            ($0 as? ISRFError)?.code == .notFound && ($0 as? ISRFError)?.message.contains("\"A\"") == true
        }
    }

    @Test(
        "No items, an empty identifier and a repeated one are refused",
        arguments: [([], "empty"), (["a", ""], "number 2"), (["a", "b", "a"], "\"a\"")] as [([String], String)])
    func refused(identifiers: [String], words: String) {
        #expect {
            try Catalogue(items: identifiers.map { Item(id: $0) })
        } throws: {
            ($0 as? ISRFError)?.code == .invalidData && ($0 as? ISRFError)?.message.contains(words) == true
        }
    }
}
