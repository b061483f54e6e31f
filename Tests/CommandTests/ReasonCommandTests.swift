internal import Foundation
internal import ISRFKit
internal import ScriptedServer
internal import Synchronization
internal import Testing

@Suite struct ReasonCommandTests {
    /// Three for each of 24 items and 30 users.
    private static let questions = 162

    @Test func reasonsOnceAndExportsProfilesToTrainOn() async throws {
        let shop = try ReasonedShop()
        let key = "a-key-that-nobody-is-to-see"
        try await ScriptedServer.with(script: ScriptedReply.obliging) { server in
            let profiles = shop.path("profiles.jsonl")
            let first = try await shop.reason(
                server, ["--export-profiles", profiles], environment: ["OPENAI_API_KEY": key])
            #expect(first.status == 0, "\(first.errors)")
            #expect(first.output.hasPrefix("Profiles of 24 of 24 items and 30 of 30 users.\n"), "\(first.output)")
            #expect(first.output.contains("Calls: 162; answers from the store: 0; tokens: "))
            #expect(first.output.hasSuffix("The profiles are in \(profiles).\n"))
            #expect(first.errors.contains("Reasoning about items: 24 items"), "\(first.errors)")
            #expect(first.errors.contains("calls/s") && first.errors.contains("tokens in"))
            #expect(server.requestCount == ReasonCommandTests.questions)
            #expect(server.requests.allSatisfy { $0.header("authorization") == "Bearer \(key)" })
            for text in [first.output, first.errors] { #expect(!text.contains(key)) }
            for name in shop.files.directory.contents {
                let data = try Data(contentsOf: shop.files.directory.url(name))
                #expect(data.firstRange(of: Data(key.utf8)) == nil, "the key is in \(name)")
            }

            let again = try await shop.reason(server, ["--export-profiles", shop.path("again.jsonl")])
            #expect(again.status == 0)
            #expect(again.output.contains("Calls: 0; answers from the store: 162"), "\(again.output)")
            #expect(server.requestCount == ReasonCommandTests.questions)
            #expect(shop.files.directory.text("again.jsonl") == shop.files.directory.text("profiles.jsonl"))

            let training = try await CommandProcess.run(
                ["train"] + shop.files.options + ["--profiles", profiles, "--model", shop.path("model")])
            #expect(training.status == 0, "\(training.errors)")
            #expect(training.output.contains("Reasoned beforehand: profiles of 24 of 24 items and 30 of 30 users."))
            let recommender = try await Recommender.load(from: shop.files.directory.url("model"))
            #expect(recommender.itemProfiles[0].feature.summary.hasPrefix("summary: An answer numbered"))
        }
    }

    @Test func usersOfTheTrainingPartAreForEvaluation() async throws {
        let shop = try ReasonedShop()
        try await ScriptedServer.with(script: ScriptedReply.obliging) { server in
            for (holdout, status) in [("last-two", 0), ("none", 1)] as [(String, Int32)] {
                let profiles = shop.path("\(holdout).jsonl")
                let reasoned = try await shop.reason(
                    server, ["--holdout", holdout, "--export-profiles", profiles, "--limit", "4"])
                #expect(reasoned.status == 0, "\(reasoned.errors)")
                let result = try await CommandProcess.run(
                    ["evaluate"] + shop.files.options + ["--profiles", profiles])
                #expect(result.status == status, "\(result.errors)")
            }
        }
    }

    @Test func estimatesWithoutCallsAndWithoutAFile() async throws {
        let shop = try ReasonedShop()
        try await ScriptedServer.with(script: ScriptedReply.obliging) { server in
            let before = shop.files.directory.contents
            let text = try await shop.reason(nil, ["--dry-run", "--price-in", "0.5", "--price-out", "2"])
            #expect(text.status == 0, "\(text.errors)")
            #expect(text.output.contains("positive") && text.output.contains("162"), "\(text.output)")
            #expect(text.output.contains("Cost: ") && text.output.contains("Time: about "))
            #expect(shop.files.directory.contents == before)

            let sampled = try await shop.reason(server, ["--dry-run", "--sample", "6", "--format", "json"])
            #expect(sampled.status == 0, "\(sampled.errors)")
            #expect(server.requestCount == 6)
            let estimate = try #require(try sampled.json() as? [String: Any])
            #expect(estimate["calls"] as? Int == 156)
            #expect((estimate["sample"] as? [String: Any])?["calls"] as? Int == 6)

            let rest = try await shop.reason(server)
            #expect(rest.status == 0)
            #expect(server.requestCount == ReasonCommandTests.questions)
            let nothing = try await shop.reason(nil, ["--dry-run"])
            #expect(nothing.output.contains("Nothing is left to ask."))
        }
    }

    @Test(arguments: [
        ["--max-calls", "10"], ["--max-tokens", "3000"],
        ["--max-cost", "0.004", "--price-in", "1", "--price-out", "1"],
    ])
    func budgetsStopTheRunAndTheNextGoesOn(_ budget: [String]) async throws {
        let shop = try ReasonedShop()
        try await ScriptedServer.with(script: ScriptedReply.obliging) { server in
            let options = ["--items-only", "--concurrency", "2"]
            let stopped = try await shop.reason(server, options + budget + ["--format", "json"])
            #expect(stopped.status == 3, "\(stopped.errors)")
            #expect(stopped.errors.contains("isrf: stopped: "), "\(stopped.errors)")
            #expect(stopped.errors.contains(" Raise \(budget[0]) to go on."), "\(stopped.errors)")
            let report = try #require(try stopped.json() as? [String: Any])
            #expect(report["stop"] is String)
            #expect(report["calls"] as? Int == server.requestCount)
            #expect((1...71).contains(server.requestCount))
            let items = try #require(report["items"] as? [String: Int])
            #expect(items["failed"] == 0 && items["unfinished"] == 24 - (items["profiles"] ?? 0))
            #expect(!stopped.errors.contains("Reasoning about items: 24 items"), "\(stopped.errors)")

            let rest = try await shop.reason(server, options)
            #expect(rest.status == 0, "\(rest.errors)")
            #expect(server.requestCount == 72)
        }
    }

    @Test func aKilledRunGoesOnWhereItWas() async throws {
        let shop = try ReasonedShop()
        try await ScriptedServer.with(latency: .milliseconds(20), script: ScriptedReply.obliging) { server in
            let command = try CommandProcess(shop.arguments(server, ["--concurrency", "4"]))
            while server.requestCount < 60 { try await Task.sleep(for: .milliseconds(5)) }
            command.send(SIGKILL)
            #expect(try await command.result().status == nil)
            let asked = server.requestCount
            #expect(asked < ReasonCommandTests.questions)
            let rest = try await shop.reason(server, ["--concurrency", "4"])
            #expect(rest.status == 0, "\(rest.errors)")
            #expect(rest.output.hasPrefix("Profiles of 24 of 24 items and 30 of 30 users.\n"))
            let bodies = server.requests.map(\.text)
            #expect(Set(bodies).count == ReasonCommandTests.questions)
            #expect(bodies.count - Set(bodies).count <= 4, "more was asked again than was under way")
        }
    }

    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func anInterruptedRunEndsAtOnceAndGoesOn(_ signal: Int32, _ status: Int32) async throws {
        let shop = try ReasonedShop()
        // The fortieth question is never answered.
        let script: ScriptedServer.Script = { $0.number == 40 ? .hang : .obliging($0) }
        try await ScriptedServer.with(script: script) { server in
            let before = shop.files.directory.contents
            let command = try CommandProcess(
                shop.arguments(server, ["--concurrency", "1", "--export-profiles", shop.path("profiles.jsonl")]))
            while server.requestCount <= 40 { try await Task.sleep(for: .milliseconds(5)) }
            let start = ContinuousClock.now
            command.send(signal)
            let result = try await command.result(limit: .seconds(30))
            #expect(result.status == status)
            #expect(ContinuousClock.now - start < .seconds(10))
            #expect(result.output.isEmpty)
            #expect(result.errors.contains("isrf: interrupted"), "\(result.errors)")
            #expect(shop.files.directory.contents.subtracting(before).allSatisfy { $0.hasPrefix("answers.sqlite") })
            #expect(try await shop.reason(server).status == 0)
            #expect(server.requestCount == ReasonCommandTests.questions + 1)
        }
    }

    @Test func aRefusedKeyStopsTheRunWithOneMessage() async throws {
        let shop = try ReasonedShop()
        try await ScriptedServer.with([.error(401, "Incorrect API key provided: sk-abc-secret")]) { server in
            let result = try await shop.reason(
                server, ["--concurrency", "3", "--api-key-variable", "MY_KEY"],
                environment: ["MY_KEY": "sk-abc-secret"])
            #expect(result.status == 1)
            #expect(server.requestCount <= 3)
            let errors = result.errors.split(separator: "\n").filter { $0.hasPrefix("isrf: error: ") }
            #expect(errors.count == 1 && errors[0].contains("MY_KEY"), "\(result.errors)")
            #expect(!(result.output + result.errors).contains("sk-abc-secret"))
        }
    }

    @Test(
        arguments: [
            (402, "Payment required.", "payment"), (429, "Too many requests.", "insufficient_quota"),
        ] as [(Int, String, String)])
    func anExhaustedBalanceStopsTheRunWithOneMessage(_ status: Int, _ message: String, _ code: String) async throws {
        let shop = try ReasonedShop()
        try await ScriptedServer.with { request in
            request.number < 20 ? .obliging(request) : .error(status, message, code: code)
        } _: { server in
            let result = try await shop.reason(server, ["--concurrency", "3"])
            #expect(result.status == 1)
            #expect(server.requestCount <= 20 + 3)
            let errors = result.errors.split(separator: "\n").filter { $0.hasPrefix("isrf: error: ") }
            #expect(errors.count == 1 && errors[0].contains("topped up"), "\(result.errors)")
            #expect(result.output.contains("Run the same command again to go on."), "\(result.output)")
        }
    }

    @Test func aChangedItemIsAskedAboutAnewWithTheUsersWhoTookIt() async throws {
        let shop = try ReasonedShop()
        try await ScriptedServer.with(script: ScriptedReply.obliging) { server in
            _ = try await shop.reason(server)
            let lines = shop.files.directory.text("items.jsonl").split(separator: "\n").map(String.init)
            let item = try #require(try JSONSerialization.jsonObject(with: Data(lines[5].utf8)) as? [String: Any])
            let changed = item.merging(["title": "A title of its own"]) { $1 }
            let line = String(decoding: try JSONSerialization.data(withJSONObject: changed), as: UTF8.self)
            let rest = lines[..<5] + [line] + lines[6...]
            try shop.files.directory.write(rest.joined(separator: "\n") + "\n", to: "items.jsonl")
            let index = try #require(shop.files.catalogue.items.firstIndex { $0.id == item["id"] as? String })
            let holders = shop.files.log.histories.count { $0.suffix(20).contains(index) }
            try #require(holders > 0 && holders < 30)
            let again = try await shop.reason(server)
            #expect(again.status == 0, "\(again.errors)")
            #expect(server.requestCount == ReasonCommandTests.questions + 3 + 3 * holders)
            #expect(server.requests[ReasonCommandTests.questions].messages.last?.contains("A title of its own") == true)
        }
    }

    @Test func answersMoveFromOneStoreToAnother() async throws {
        let shop = try ReasonedShop()
        let answers = shop.path("answers.jsonl")
        try await ScriptedServer.with(script: ScriptedReply.obliging) { server in
            _ = try await shop.reason(server, ["--items-only"])
            let exported = try await shop.reason(nil, ["--export-answers", answers])
            #expect(exported.output == "Wrote 72 answers to \(answers).\n", "\(exported.errors)")
            try shop.files.append("no answer\n", to: answers)

            let other = ["reason"] + shop.files.data + ["--store", shop.path("other.sqlite"), "--model", "scripted"]
            let nothing = try await CommandProcess.run(other + ["--export-answers", shop.path("none.jsonl")])
            #expect(nothing.status == 1 && nothing.errors.contains("other.sqlite: There is no store here"))
            let imported = try await CommandProcess.run(other + ["--import-answers", answers])
            #expect(imported.status == 0, "\(imported.errors)")
            #expect(imported.output.hasPrefix("Took 72 answers; 0 were there already.\nLeft out 1 line; "))
            #expect(imported.output.contains("  \(answers):74: "), "\(imported.output)")
            let again = try await CommandProcess.run(
                other + ["--import-answers", answers, "--export-profiles", shop.path("profiles.jsonl")])
            #expect(again.output.hasPrefix("Took 0 answers; 72 were there already.\n"), "\(again.output)")
            #expect(try ProfileFile(reading: shop.path("profiles.jsonl"), for: shop.files.catalogue).items.count == 24)
            #expect(server.requestCount == 72)
        }
    }

    @Test func itemsWithoutAValidAnswerAreListedAndLeftOut() async throws {
        let shop = try ReasonedShop()
        let unlucky = shop.files.catalogue[2]
        let title = try #require(unlucky.title)
        let isMended = Mutex(false)
        try await ScriptedServer.with { request in
            let isUnlucky = request.messages.contains { $0.contains("\"title\": \"\(title)\", \"brand\"") }
            return isUnlucky && !isMended.withLock { $0 } ? .chat("no idea") : .obliging(request)
        } _: { server in
            let profiles = shop.path("profiles.jsonl")
            let result = try await shop.reason(server, ["--items-only", "--export-profiles", profiles])
            #expect(result.status == 0, "\(result.errors)")
            let left = shop.files.catalogue.items.filter { $0.title == title }
            #expect(result.output.hasPrefix("Profiles of \(24 - left.count) of 24 items and 0 of 0 users."))
            #expect(result.output.contains("Left out for want of a valid answer"), "\(result.output)")
            #expect(result.output.contains("item \"\(unlucky.id)\", positive: "), "\(result.output)")
            let file = try ProfileFile(reading: profiles, for: shop.files.catalogue)
            #expect(file.items[unlucky.id] == nil && file.items.count == 24 - left.count)
            #expect(!shop.files.directory.text("profiles.jsonl").contains("no idea"))

            isMended.withLock { $0 = true }
            let again = try await shop.reason(server, ["--items-only"])
            #expect(again.output.hasPrefix("Profiles of 24 of 24 items"), "\(again.output)")
        }
    }

    @Test func anItemOfWhichNothingIsKnownIsNeitherAskedAboutNorExported() async throws {
        let shop = try ReasonedShop()
        try shop.files.append("{\"id\":\"bare\"}\n", to: shop.files.items)
        try await ScriptedServer.with(script: ScriptedReply.obliging) { server in
            let profiles = shop.path("profiles.jsonl")
            let result = try await shop.reason(server, ["--items-only", "--export-profiles", profiles])
            #expect(result.status == 0, "\(result.errors)")
            #expect(server.requestCount == 72)
            #expect(try ProfileFile(reading: profiles).items.keys.contains("bare") == false)
            let training = try await CommandProcess.run(
                ["train"] + shop.files.options + ["--profiles", profiles, "--model", shop.path("model")])
            #expect(training.output.contains("profiles of 24 of 25 items"), "\(training.errors)")
        }
    }

    @Test func exportsWhatTheStoreHasWithoutCalling() async throws {
        let shop = try ReasonedShop()
        try await ScriptedServer.with(script: ScriptedReply.obliging) { server in
            _ = try await shop.reason(server, ["--limit", "2", "--items-only"])
            let profiles = shop.path("profiles.jsonl")
            let result = try await shop.reason(nil, ["--export-profiles", profiles])
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.hasPrefix("Profiles of 2 of 24 items and 0 of 30 users."), "\(result.output)")
            #expect(result.output.contains("Still to be asked about: 22 items and 30 users."))
            #expect(try ProfileFile(reading: profiles).items.count == 2)
        }
    }

    @Test func promptsOfOnesOwnAreOtherQuestions() async throws {
        let shop = try ReasonedShop()
        try FileManager.default.createDirectory(
            at: shop.files.directory.url("prompts"), withIntermediateDirectories: true)
        try shop.files.directory.write("Who is this for?\n{{item}}\n", to: "prompts/positive.txt")
        try await ScriptedServer.with(script: ScriptedReply.obliging) { server in
            let options = ["--items-only", "--limit", "1"]
            _ = try await shop.reason(server, options)
            let own = try await shop.reason(server, options + ["--prompts", shop.path("prompts")])
            #expect(own.status == 0, "\(own.errors)")
            #expect(server.requestCount == 6)
            #expect(server.requests[3].messages.last?.hasPrefix("Who is this for?") == true)
            try shop.files.directory.write("Who?\n{{itme}}\n", to: "prompts/positive.txt")
            let wrong = try await shop.reason(server, options + ["--prompts", shop.path("prompts")])
            #expect(wrong.status == 1)
            #expect(wrong.errors.contains("isrf: error: \(shop.path("prompts/positive.txt")):2: "), "\(wrong.errors)")
        }
    }
}
