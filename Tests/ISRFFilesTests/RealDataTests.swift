import Foundation
import ISRFData
import ISRFFiles
import Testing

/// The data that results are measured on; they lie beside the package and may not be there.
private struct RealData: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let users: Int
    let items: Int
    let interactions: Int
    let titles: Int
    let brands: Int

    static let all = [
        RealData(
            testDescription: "beauty", users: 22_363, items: 12_101, interactions: 198_502, titles: 12_094,
            brands: 7_455),
        RealData(
            testDescription: "sports", users: 35_598, items: 18_357, interactions: 296_337, titles: 18_267,
            brands: 11_040),
    ]

    static let directory = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("shared/data")

    func path(_ name: String) -> String {
        Self.directory.appendingPathComponent(testDescription).appendingPathComponent(name).path
    }

    static var areThere: Bool {
        all.allSatisfy { FileManager.default.fileExists(atPath: $0.path("sequences.txt")) }
    }
}

@Suite("Real data")
struct RealDataTests {
    // Skipped, and shown as skipped, where the data are not beside the package.
    @Test("The data have their published size", .enabled(if: RealData.areThere), arguments: RealData.all)
    fileprivate func sizes(data: RealData) throws {
        let items = try ItemFile(reading: data.path("items.jsonl"))
        #expect(items.format == .jsonLines)
        #expect(items.catalogue.count == data.items)
        #expect(items.catalogue.items.count { $0.title != nil } == data.titles)
        #expect(items.catalogue.items.count { $0.brand != nil } == data.brands)
        #expect(items.catalogue.items.allSatisfy { !$0.categories.isEmpty })
        let interactions = try InteractionFile(reading: data.path("sequences.txt"), catalogue: items.catalogue)
        #expect(interactions.format == .sequences)
        #expect(interactions.log.userCount == data.users)
        #expect(interactions.log.interactionCount == data.interactions)
        #expect(items.skipped.isEmpty && interactions.skipped.isEmpty)
    }
}
