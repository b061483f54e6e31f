internal import Foundation
internal import ISRFKit
internal import ScriptedServer
internal import Testing

@Suite struct ReasonBatchTests {
    /// What a batch service makes of a file of requests, in reverse order.
    private static func results(of requests: String, leavingOut: Set<Int> = []) throws -> String {
        var lines: [String] = []
        for (number, line) in requests.split(separator: "\n").enumerated() where !leavingOut.contains(number) {
            let request = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let identifier = try #require(request["custom_id"] as? String)
            #expect(request["method"] as? String == "POST" && request["url"] as? String == "/v1/chat/completions")
            let answer =
                "{\\\"reasoning\\\":\\\"for \(identifier.prefix(8))\\\",\\\"summary\\\":\\\"those \(identifier.prefix(12))\\\"}"
            lines.append(
                "{\"id\":\"x\",\"custom_id\":\"\(identifier)\",\"error\":null,\"response\":{\"status_code\":200,\"body\":"
                    + "{\"model\":\"scripted\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":"
                    + "{\"role\":\"assistant\",\"content\":\"\(answer)\"}}],"
                    + "\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":6}}}}")
        }
        return lines.reversed().joined(separator: "\n") + "\n"
    }

    @Test func reasonsByFilesStepByStep() async throws {
        let shop = try ReasonedShop()
        let folder = shop.path("batch")
        var asked = 0
        for round in 1...8 {
            let written = try await shop.reason(nil, ["--write-batch", folder])
            #expect(written.status == 0, "\(written.errors)")
            let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".jsonl") }
            if files.isEmpty {
                #expect(written.output.contains("There is nothing to ask"), "\(written.output)")
                break
            }
            #expect(round < 8, "the steps do not come to an end")
            var results: [String] = []
            for (place, file) in files.sorted().enumerated() {
                let requests = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
                asked += requests.split(separator: "\n").count - (round == 1 ? 1 : 0)
                results.append(
                    try shop.files.directory.write(
                        ReasonBatchTests.results(of: requests, leavingOut: round == 1 ? [3] : []),
                        to: "result-\(place).jsonl"))
            }
            let read = try await shop.reason(nil, ["--read-batch"] + results)
            #expect(read.status == 0, "\(read.errors)")
            #expect(read.output.hasPrefix("Took "), "\(read.output)")
        }
        #expect(asked == 162)
        let profiles = shop.path("profiles.jsonl")
        let exported = try await shop.reason(nil, ["--export-profiles", profiles])
        #expect(exported.output.hasPrefix("Profiles of 24 of 24 items and 30 of 30 users."), "\(exported.output)")
        #expect(try ProfileFile(reading: profiles, for: shop.files.catalogue).users.count == 30)
    }

    @Test func linesThatAreNotTakenAreNamed() async throws {
        let shop = try ReasonedShop()
        let results = try shop.files.directory.write("{\"custom_id\":\"mine\"}\nnot JSON\n", to: "results.jsonl")
        let read = try await shop.reason(nil, ["--read-batch", results])
        #expect(read.status == 0)
        #expect(read.output.contains("Took 0 answers; 0 were there already."), "\(read.output)")
        #expect(read.output.contains("  \(results):1: ") && read.output.contains("  \(results):2: "), "\(read.output)")
    }
}
