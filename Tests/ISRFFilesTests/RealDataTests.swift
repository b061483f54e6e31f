import Foundation
import ISRFData
import ISRFFiles
import Testing

/// The data that results are measured on; they lie beside the package and may not be there.
private enum RealData {
    static let beauty = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("shared/data/beauty")
    static var isThere: Bool {
        FileManager.default.fileExists(atPath: beauty.appendingPathComponent("sequences.txt").path)
    }
}

@Suite("Real data")
struct RealDataTests {
    // Skipped, and shown as skipped, where the data are not beside the package.
    @Test("The Beauty data have their published size", .enabled(if: RealData.isThere))
    func beauty() throws {
        let items = try ItemFile(reading: RealData.beauty.appendingPathComponent("items.jsonl").path)
        #expect(items.format == .jsonLines)
        #expect(items.catalogue.count == 12_101)
        #expect(items.catalogue.items.count { $0.title != nil } == 12_094)
        #expect(items.catalogue.items.count { $0.brand != nil } == 7_455)
        #expect(items.catalogue.items.allSatisfy { !$0.categories.isEmpty })
        let interactions = try InteractionFile(
            reading: RealData.beauty.appendingPathComponent("sequences.txt").path, catalogue: items.catalogue)
        #expect(interactions.format == .sequences)
        #expect(interactions.log.userCount == 22_363)
        #expect(interactions.log.interactionCount == 198_502)
        #expect(items.skipped.isEmpty && interactions.skipped.isEmpty)
    }
}
