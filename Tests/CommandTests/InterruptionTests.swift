@testable internal import isrf
internal import Foundation
internal import ISRFKit
internal import Testing

@Suite struct InterruptionTests {
    /// A configuration that trains for a long time.
    private static let long = ShopFiles.quick.replacingOccurrences(
        of: "epochs: 3", with: "epochs: 100000\n  patience: 100000")

    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func endsTrainingAtOnceAndLeavesNothingBehind(_ signal: Int32, _ status: Int32) async throws {
        let shop = try ShopFiles()
        let configuration = try shop.directory.write(InterruptionTests.long, to: "long.yaml")
        let before = shop.directory.contents
        let command = try CommandProcess(
            ["train"] + shop.data + ["--config", configuration, "--model", shop.directory.path("model")])
        try await command.waitForErrors("Training, epoch")
        let start = ContinuousClock.now
        command.send(signal)
        let result = try await command.result(limit: .seconds(30))
        #expect(result.status == status)
        #expect(ContinuousClock.now - start < .seconds(10))
        #expect(result.output.isEmpty)
        #expect(result.errors.hasSuffix("isrf: interrupted\n"))
        #expect(shop.directory.contents == before)
    }

    @Test func keepsTheModelFromBefore() async throws {
        let shop = try ShopFiles()
        let model = shop.directory.path("model")
        let options = ["--model", model]
        let first = try await CommandProcess.run(["train"] + shop.options + options)
        #expect(first.status == 0, "\(first.errors)")
        let recommendations = try await CommandProcess.run(["recommend", "--all"] + options).output
        let configuration = try shop.directory.write(InterruptionTests.long, to: "long.yaml")
        let command = try CommandProcess(["train"] + shop.data + ["--config", configuration] + options)
        try await command.waitForErrors("Training, epoch")
        command.send(SIGINT)
        #expect(try await command.result(limit: .seconds(30)).status == 130)
        #expect(try await CommandProcess.run(["recommend", "--all"] + options).output == recommendations)
    }

    /// A pipe that nobody writes to blocks the reader, which cannot notice that it is cancelled.
    @Test func endsWorkThatDoesNotNotice() async throws {
        let shop = try ShopFiles()
        let pipe = shop.directory.path("items.pipe")
        try #require(mkfifo(pipe, 0o600) == 0)
        let command = try CommandProcess(["evaluate", "--items", pipe, "--interactions", shop.interactions])
        var descriptor: Int32 = -1
        for _ in 0..<600 where descriptor < 0 {
            // Fails until somebody reads.
            descriptor = open(pipe, O_WRONLY | O_NONBLOCK)
            if descriptor < 0 { try await Task.sleep(for: .milliseconds(50)) }
        }
        try #require(descriptor >= 0, "the command does not read its items: \(command.errorsSoFar)")
        defer { close(descriptor) }
        command.send(SIGINT)
        let result = try await command.result(limit: .seconds(30))
        #expect(result.status == 130)
        #expect(result.errors.hasSuffix("isrf: interrupted\n"))
    }

    @Test func removesOnlyWhatItsOwnSaveHasWritten() throws {
        let directory = try TemporaryDirectory()
        func make(_ name: String) throws {
            try FileManager.default.createDirectory(at: directory.url(name), withIntermediateDirectories: true)
            try directory.write("content", to: name + "/file")
        }
        try make("model")
        try make(".model.1.partial")
        let save = PartialSave(of: directory.url("model"))
        try make(".model.2.partial")
        try make(".other.2.partial")
        save.discard()
        #expect(directory.contents == ["model", ".model.1.partial", ".other.2.partial"])
    }
}
