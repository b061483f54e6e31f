internal import Foundation
internal import ISRFKit

/// The files of the demonstration shop, as they are kept in the repository.
enum DemoFiles {
    static let items = "items.jsonl"
    static let interactions = "interactions.csv"
    static let plantedGroups = "planted-groups.csv"

    /// The contents of every file, by name.
    static func contents(of result: DemoGenerator.Result) throws -> [String: String] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let lines = try result.items.map { item in
            String(decoding: try encoder.encode(ItemLine(item)), as: UTF8.self)
        }
        let purchases = result.interactions.map { "\($0.user),\($0.item),\(Int($0.timestamp ?? 0))" }
        let groups = result.plantedGroups.sorted { $0.key < $1.key }.map { "\($0.key),\($0.value)" }
        return [
            items: text(lines),
            interactions: text(["user,item,timestamp"] + purchases),
            plantedGroups: text(["user,group"] + groups),
        ]
    }

    private static func text(_ lines: [String]) -> String {
        lines.joined(separator: "\n") + "\n"
    }

    /// Where the build put the files: beside the command.
    /// - Throws: `ISRFError` (`fileAccess`) when they are not there.
    static func builtDirectory() throws -> URL {
        let beside = Bundle.main.bundleURL
        for name in ["ISRFKit_isrf.resources", "ISRFKit_isrf.bundle", "ISRFKit_isrf.bundle/Contents/Resources"] {
            let directory = beside.appendingPathComponent(name).appendingPathComponent("Data")
            if FileManager.default.fileExists(atPath: directory.appendingPathComponent(items).path) { return directory }
        }
        throw ISRFError(
            .fileAccess,
            "The demonstration's data are not beside the command, in ISRFKit_isrf.resources. Run the command where "
                + "`swift build` put it, or copy that directory along with it.",
            at: .init(file: beside.path))
    }

    /// The item on one line of the items file.
    static func item(line: some StringProtocol) throws -> Item {
        do {
            return try JSONDecoder().decode(ItemLine.self, from: Data(line.utf8)).item
        } catch {
            throw ISRFError(
                .invalidData, "A line of the items is not as written.", at: .init(file: items), underlying: error)
        }
    }

    private struct ItemLine: Codable {
        let id: String
        let title: String?
        let brand: String?
        let description: String?
        let categories: [[String]]
        let build: String?
        let colour: String?
        let material: String?
        let price: String?
        let season: String?

        init(_ item: Item) {
            id = item.id
            title = item.title
            brand = item.brand
            description = item.description
            categories = item.categories
            build = item.attributes["build"]?.first
            colour = item.attributes["colour"]?.first
            material = item.attributes["material"]?.first
            price = item.attributes["price"]?.first
            season = item.attributes["season"]?.first
        }

        var item: Item {
            let fields = [
                ("build", build), ("colour", colour), ("material", material), ("price", price), ("season", season),
            ]
            return Item(
                id: id, title: title, brand: brand, description: description, categories: categories,
                attributes: Dictionary(
                    uniqueKeysWithValues: fields.compactMap { name, value in value.map { (name, [$0]) } }))
        }
    }
}
