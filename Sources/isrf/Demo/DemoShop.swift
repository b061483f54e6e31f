internal import Foundation
internal import ISRFKit

/// The demonstration shop as it is read from its files.
struct DemoShop: Sendable {
    let catalogue: Catalogue
    let log: InteractionLog
    /// The planted group of each user of the log.
    let plantedGroups: [Int]
    /// The names of the planted groups.
    let plantedNames: [String]

    /// Reads the files in a directory.
    /// - Throws: `ISRFError` (`fileAccess`, `invalidData`) when one is missing or is not as the generator writes it.
    init(directory: URL) throws {
        func lines(_ name: String) throws -> [Substring] {
            let file = directory.appendingPathComponent(name)
            guard let text = try? String(contentsOf: file, encoding: .utf8) else {
                throw ISRFError(.fileAccess, "The file cannot be read.", at: .init(file: file.path))
            }
            return text.split(separator: "\n")
        }
        func rows(_ name: String, columns: Int) throws -> [[String]] {
            try lines(name).enumerated().dropFirst().map { number, line in
                let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                guard fields.count == columns else {
                    throw ISRFError(
                        .invalidData, "The line has \(fields.count) fields; \(columns) were expected.",
                        at: .init(file: directory.appendingPathComponent(name).path, line: number + 1))
                }
                return fields
            }
        }
        let items = try lines(DemoFiles.items).map { try DemoFiles.item(line: $0) }
        let interactions = try rows(DemoFiles.interactions, columns: 3).map {
            Interaction(user: $0[0], item: $0[1], timestamp: Double($0[2]))
        }
        let groups = try rows(DemoFiles.plantedGroups, columns: 2).map { ($0[0], $0[1]) }
        try self.init(
            items: items, interactions: interactions,
            plantedGroups: Dictionary(groups) { first, _ in first })
    }

    /// Puts together what was drawn or read.
    /// - Throws: `ISRFError` (`invalidData`) when identifiers do not fit together or a user has no planted group.
    init(items: [Item], interactions: [Interaction], plantedGroups: [String: String]) throws {
        catalogue = try Catalogue(items: items)
        log = try InteractionLog(interactions: interactions, catalogue: catalogue)
        let names = Set(plantedGroups.values).sorted()
        plantedNames = names
        self.plantedGroups = try log.users.identifiers.map { user in
            guard let group = plantedGroups[user].flatMap({ names.firstIndex(of: $0) }) else {
                throw ISRFError(.invalidData, "The user \"\(user)\" has no planted group.")
            }
            return group
        }
    }
}
