internal import Foundation
internal import ISRFCore

extension Catalogue {
    /// SHA-256 over all items with all of their fields, as 64 hexadecimal digits; the items' order does not matter.
    ///
    /// Two catalogues have the same digest when they hold the same items; a changed title makes another.
    public func digest() -> String {
        var bytes = Data("isrf-catalogue-1".utf8)
        // Every part carries its length, so that no two catalogues run together into the same bytes.
        func add(count: Int) { bytes.append(contentsOf: "\(count);".utf8) }
        func add(_ text: String) {
            add(count: text.utf8.count)
            bytes.append(contentsOf: text.utf8)
        }
        func add(_ text: String?) {
            add(count: text == nil ? 0 : 1)
            if let text { add(text) }
        }
        func add(_ texts: [String]) {
            add(count: texts.count)
            for text in texts { add(text) }
        }
        for item in items.sorted(by: { $0.id < $1.id }) {
            add(item.id)
            add(item.title)
            add(item.brand)
            add(item.description)
            add(count: item.categories.count)
            for path in item.categories { add(path) }
            add(count: item.attributes.count)
            for (name, values) in item.attributes.sorted(by: { $0.key < $1.key }) {
                add(name)
                add(values)
            }
        }
        return Checksum.sha256(bytes)
    }
}
