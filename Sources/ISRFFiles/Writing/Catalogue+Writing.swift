internal import Foundation
internal import ISRFCore
public import ISRFData

extension Catalogue {
    /// Writes the items as JSON Lines, each with its attributes as fields of their own, in alphabetical order.
    ///
    /// Reading the file gives an equal catalogue, except that empty texts and empty lists are left out.
    /// - Parameter path: The file; one that is there is replaced once all is written.
    /// - Throws: `ISRFError` (`invalidData`) when an attribute has the name of one of the item's own fields, `ISRFError`
    ///   (`fileAccess`) when the file cannot be written.
    public func writeJSONLines(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try TextFileWriter.write(to: path) { writer in
            for item in items { try writer.writeLine(try encoder.encode(ItemFields(item))) }
        }
    }
}

/// An item as the fields of one JSON object.
private struct ItemFields: Encodable {
    private enum Value: Encodable {
        case text(String)
        case texts([String])
        case paths([[String]])

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .texts(let texts): try container.encode(texts)
            case .paths(let paths): try container.encode(paths)
            }
        }
    }

    private var fields: [String: Value]

    init(_ item: Item) throws {
        fields = ["id": .text(item.id)]
        for (name, text) in [("title", item.title), ("brand", item.brand), ("description", item.description)] {
            if let text = text?.nonBlank { fields[name] = .text(text) }
        }
        let paths = item.categories.map { $0.filter { $0.nonBlank != nil } }.filter { !$0.isEmpty }
        if !paths.isEmpty { fields["categories"] = .paths(paths) }
        for (name, values) in item.attributes {
            guard !["id", "title", "brand", "description", "categories"].contains(name) else {
                throw ISRFError(
                    .invalidData,
                    "The item \"\(item.id)\" has an attribute \"\(name)\", which is the name of a field that every item "
                        + "has. Rename the attribute.",
                    at: .init(field: name))
            }
            let values = values.filter { $0.nonBlank != nil }
            if !values.isEmpty { fields[name] = values.count == 1 ? .text(values[0]) : .texts(values) }
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(fields)
    }
}
