internal import Foundation
internal import ISRFKit
internal import Testing

@Suite struct AuditCommandTests {
    @Test func jsonIsTheReportOfTheLibrary() async throws {
        let shop = try ShopFiles()
        let result = try await CommandProcess.run(["audit"] + shop.options + ["--format", "json", "--seed", "3"])
        #expect(result.status == 0, "\(result.errors)")
        let report = try JSONDecoder().decode(LeakAuditReport.self, from: Data(result.output.utf8))
        #expect(report.seed == 3)
        #expect(report.dataset.users == shop.log.userCount && report.dataset.items == shop.catalogue.count)
        #expect(report.verdicts.map(\.leak) == ["identifiers", "profiles", "graph", "invariance"])
        #expect(!report.profiles.isFound && !report.graph.isFound && !report.invariance.isFound)
        let identifiers = try LeakAudit(seed: 3).identifierLeak(catalogue: shop.catalogue, log: shop.log)
        #expect(report.identifiers.identifiers.rule == identifiers.identifiers.rule)
    }

    @Test func textHasALineForEachVerdict() async throws {
        let shop = try ShopFiles()
        let result = try await CommandProcess.run(["audit"] + shop.options)
        #expect(result.status == 0, "\(result.errors)")
        for leak in ["profiles", "graph", "invariance"] {
            #expect(result.lines.contains { $0.hasPrefix("\(leak): clear: ") }, "\(result.output)")
        }
        #expect(result.output.contains("the metrics of linear floor do not move"))
    }

    @Test func theWholePipelineIsFittedWhenAskedFor() async throws {
        let shop = try ShopFiles()
        let result = try await CommandProcess.run(["audit"] + shop.options + ["--fit"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("the metrics of isrf do not move"), "\(result.output)")
    }

    @Test func filesMustBeNamed() async throws {
        let result = try await CommandProcess.run(["audit", "--items", "a"])
        #expect(result.status == 64)
        #expect(result.errors.contains("--interactions"))
    }
}
