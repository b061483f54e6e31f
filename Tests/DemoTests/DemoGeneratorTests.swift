import Foundation
import ISRFKit
import Testing

@testable import isrf

@Suite struct DemoGeneratorTests {
    private static let data = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources/isrf/Demo/Data")

    @Test func committedFilesAreWhatTheGeneratorWrites() throws {
        let contents = try DemoFiles.contents(of: DemoGenerator.generate())
        #expect(Set(contents.keys) == [DemoFiles.items, DemoFiles.interactions, DemoFiles.plantedGroups])
        for (name, text) in contents {
            let committed = try Data(contentsOf: DemoGeneratorTests.data.appendingPathComponent(name))
            #expect(committed == Data(text.utf8), "\(name) is not what the generator writes; run `make demo-data`")
        }
    }

    @Test func anotherSeedDrawsAnotherShop() throws {
        #expect(
            try DemoFiles.contents(of: DemoGenerator.generate(seed: 1))
                != DemoFiles.contents(of: DemoGenerator.generate(seed: 2)))
    }

    @Test func filesAreReadBackAsDrawn() throws {
        let drawn = DemoGenerator.generate()
        let read = try DemoShop(directory: DemoGeneratorTests.data)
        #expect(read.catalogue.items == drawn.items)
        let direct = try DemoShop(
            items: drawn.items, interactions: drawn.interactions, plantedGroups: drawn.plantedGroups)
        #expect(read.log == direct.log)
        #expect(read.plantedGroups == direct.plantedGroups)
    }

    @Test func everyPlantedGroupHasItsUsers() throws {
        let shop = try DemoShop(directory: DemoGeneratorTests.data)
        for taste in DemoTaste.all {
            let group = try #require(shop.plantedNames.firstIndex(of: taste.name))
            #expect(shop.plantedGroups.count { $0 == group } == taste.users)
        }
        #expect(shop.log.userCount == DemoTaste.all.reduce(0) { $0 + $1.users })
    }

    @Test func everyUserCanBeEvaluatedAndBuysNothingTwice() throws {
        let shop = try DemoShop(directory: DemoGeneratorTests.data)
        for history in shop.log.histories {
            #expect(history.count >= 8)
            #expect(Set(history).count == history.count)
        }
    }

    @Test func popularityHasATail() throws {
        let counts = try DemoShop(directory: DemoGeneratorTests.data).log.itemCounts().sorted(by: >)
        let total = counts.reduce(0, +)
        #expect(counts.prefix(counts.count / 10).reduce(0, +) * 4 > total)
        #expect(counts.suffix(counts.count / 2).reduce(0, +) * 4 < total)
    }

    /// A misspelt kind or material in a taste would quietly do nothing.
    @Test func tastesNameWhatTheShopSells() {
        let kinds = Set(DemoAssortment.types.map(\.noun))
        let materials = Set(DemoAssortment.types.flatMap { $0.variants.map(\.material) })
        #expect(kinds.count == DemoAssortment.types.count)
        for taste in DemoTaste.all {
            #expect(taste.order.flatMap { $0 }.filter { !kinds.contains($0) } == [])
            #expect(taste.materials.keys.filter { !materials.contains($0) } == [])
        }
        #expect(DemoAssortment.undyed.filter { !materials.contains($0) } == [])
        let most = DemoAssortment.types.map { $0.variants.count * 2 }.max() ?? 0
        #expect(DemoAssortment.models.count >= most)
    }

    @Test func productsHavePlausibleAttributes() throws {
        let catalogue = try DemoShop(directory: DemoGeneratorTests.data).catalogue
        for item in catalogue.items {
            #expect(item.title?.contains(item.brand ?? "-") == true)
            #expect(item.categories.count == 1 && item.categories[0].count == 3)
            for field in ["material", "build", "season", "price"] { #expect(item.attributes[field]?.count == 1) }
        }
        #expect(Set(catalogue.items.map(\.title)).count == catalogue.count)
    }

    @Test func aMissingFileIsNamed() {
        let error = #expect(throws: ISRFError.self) {
            try DemoShop(directory: URL(fileURLWithPath: "/nowhere/at/all"))
        }
        #expect(error?.code == .fileAccess)
        #expect(error?.description.contains(DemoFiles.items) == true)
    }
}
