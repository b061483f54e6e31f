internal import Foundation

/// Whether a page's tags match, each attribute has quotes and no sign stands unescaped.
struct XMLCheck {
    private(set) var isWellFormed = true
    private var counts: [String: Int] = [:]

    init(_ page: String) {
        var rest = page[...].drop { $0 != "\n" }
        var open: [Substring] = []
        while let start = rest.firstIndex(of: "<") {
            check(text: rest[..<start])
            guard let end = rest[start...].firstIndex(of: ">") else {
                isWellFormed = false
                return
            }
            let tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            if tag.hasPrefix("/") {
                if open.popLast() != tag.dropFirst() { isWellFormed = false }
                continue
            }
            let name = tag.prefix { $0.isLetter || $0.isNumber }
            counts[String(name), default: 0] += 1
            let attributes = tag.dropFirst(name.count).filter { $0 != "\n" }
            if attributes.wholeMatch(of: /(\s+[a-zA-Z0-9-]+="[^"<>]*")*\s*\/?/) == nil { isWellFormed = false }
            if !tag.hasSuffix("/") { open.append(name) }
        }
        if !open.isEmpty { isWellFormed = false }
    }

    /// How many elements of a name there are.
    func count(_ name: String) -> Int { counts[name] ?? 0 }

    private mutating func check(text: Substring) {
        for part in text.split(separator: "&", omittingEmptySubsequences: false).dropFirst()
        where part.prefixMatch(of: /(amp|lt|gt|quot|#39);/) == nil {
            isWellFormed = false
        }
    }
}
