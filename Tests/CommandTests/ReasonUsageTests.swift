internal import Foundation
internal import ScriptedServer
internal import Testing

@Suite struct ReasonUsageTests {
    @Test(arguments: [
        [], ["--base-url", "http://127.0.0.1:1", "--users", "--items-only"],
        ["--base-url", "http://127.0.0.1:1", "--limit", "0"],
        ["--base-url", "http://127.0.0.1:1", "--concurrency", "0"],
        ["--base-url", "http://127.0.0.1:1", "--concurrency", "100000"],
        ["--base-url", "http://127.0.0.1:1", "--rpm", "0"], ["--base-url", "http://127.0.0.1:1", "--tpm", "nan"],
        ["--base-url", "http://127.0.0.1:1", "--max-calls", "0"],
        ["--base-url", "http://127.0.0.1:1", "--max-tokens=-5"],
        ["--base-url", "http://127.0.0.1:1", "--max-cost", "1"],
        ["--base-url", "http://127.0.0.1:1", "--max-cost", "inf", "--price-in", "1"],
        ["--base-url", "http://127.0.0.1:1", "--price-in=-1"],
        ["--base-url", "http://127.0.0.1:1", "--idle-timeout", "0"],
        ["--base-url", "http://127.0.0.1:1", "--api-key", "secret"],
        ["--base-url", "http://127.0.0.1:1", "--holdout", "half"],
        ["--sample", "3", "--base-url", "http://127.0.0.1:1"], ["--dry-run", "--sample", "3"],
        ["--dry-run", "--write-batch", "folder"], ["--write-batch", "folder", "--read-batch", "file"],
        ["--import-answers", "file", "--export-answers", "file"], ["--dry-run", "--import-answers", "file"],
        ["--export-answers", "file", "--export-profiles", "file"],
        ["--dry-run", "--export-profiles", "file"], ["--answer-words", "0", "--dry-run"],
    ])
    func wrongUsageHasStatus64(_ options: [String]) async throws {
        let result = try await CommandProcess.run(
            ["reason", "--items", "a", "--interactions", "b", "--store", "c", "--model", "d"] + options)
        #expect(result.status == 64, "\(options): \(result.errors)")
        #expect(result.output.isEmpty)
        #expect(!result.errors.contains("secret"))
    }

    @Test(arguments: [
        (["--base-url", "ftp://example.org"], "starts with neither"),
        (["--base-url", "http://user:hunter2@127.0.0.1:1"], "user or password"),
        (["--base-url", "http://"], "names no host"),
        (["--base-url", "http://127.0.0.1:1", "--ca-file", "no-such-file.pem"], "no-such-file.pem"),
        (["--base-url", "http://127.0.0.1:1", "--proxy", "gopher://x"], "proxy"),
        (["--base-url", "http://127.0.0.1:1", "--prompts", "no-such-folder"], "no-such-folder"),
        (["--read-batch", "no-such-file.jsonl"], "no-such-file.jsonl"),
        (["--import-answers", "no-such-file.jsonl"], "no-such-file.jsonl"),
    ])
    func badValuesAreFailuresThatSayWhatIsWrong(_ options: [String], _ words: String) async throws {
        let result = try await ReasonedShop().reason(nil, options)
        #expect(result.status == 1)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("isrf: error: ") && result.errors.contains(words), "\(result.errors)")
        #expect(!result.errors.contains("hunter2"))
    }

    @Test func aStoreThatIsNoneIsRefusedAndLeftAlone() async throws {
        let shop = try ReasonedShop()
        let text = String(repeating: "this is no database\n", count: 300)
        try shop.files.directory.write(text, to: "answers.sqlite")
        let result = try await shop.reason(nil, ["--export-profiles", shop.path("profiles.jsonl")])
        #expect(result.status == 1)
        #expect(result.errors.contains("isrf: error: \(shop.path("answers.sqlite"))"), "\(result.errors)")
        #expect(shop.files.directory.text("answers.sqlite") == text)
        let nowhere = try await CommandProcess.run(
            ["reason"] + shop.files.data
                + [
                    "--store", shop.path("no/such/folder/a.sqlite"), "--model", "m", "--write-batch",
                    shop.path("batch"),
                ])
        #expect(nowhere.status == 1)
        #expect(nowhere.errors.contains("isrf: error: \(shop.path("no/such/folder/a.sqlite"))"), "\(nowhere.errors)")
    }

    @Test func aServerThatIsNotThereIsSaidOnce() async throws {
        let shop = try ReasonedShop()
        let result = try await shop.reason(nil, ["--base-url", "http://127.0.0.1:1", "--attempts", "1"])
        #expect(result.status == 1)
        #expect(result.errors.split(separator: "\n").count { $0.hasPrefix("isrf: error: ") } == 1, "\(result.errors)")
    }
}
