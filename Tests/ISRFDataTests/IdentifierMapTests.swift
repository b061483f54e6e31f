import ISRFData
import Testing

@Suite("Identifier maps")
struct IdentifierMapTests {
    @Test("Identifiers are numbered in the order in which they were first seen")
    func order() {
        var map = IdentifierMap(["b", "a", "b"])
        #expect(map.identifiers == ["b", "a"])
        #expect(map.insert("c") == 2)
        #expect(map.insert("a") == 1)
        #expect(map.count == 3)
        #expect(map[2] == "c")
        #expect(map.index(of: "a") == 1)
        #expect(map.index(of: "d") == nil)
    }

    @Test("Identifiers are opaque: case, spaces, zeros and scripts make different ones")
    func opaque() {
        let identifiers = ["1", "01", "a", "A", "a ", " a", "", "日本", "яблоко", "🍎", "a\u{0}"]
        #expect(IdentifierMap(identifiers).identifiers == identifiers)
    }

    @Test("An identifier is the same however its accents are composed")
    func canonicalEquivalence() {
        #expect(IdentifierMap(["caf\u{E9}"]).index(of: "cafe\u{301}") == 0)
    }
}
