internal import Foundation
internal import Synchronization
internal import Testing

/// The built `isrf`, run as a process of its own.
final class CommandProcess: Sendable {
    /// How a process ended and what it wrote.
    struct Result: Sendable {
        /// The exit status, or nil when a signal ended the process.
        var status: Int32?
        var output: String
        var errors: String

        /// The lines on standard output.
        var lines: [String] { output.split(separator: "\n").map(String.init) }

        /// Standard output as JSON.
        func json() throws -> Any { try JSONSerialization.jsonObject(with: Data(output.utf8)) }
    }

    private let process: Process
    private let directory: TemporaryDirectory
    private let ended: AsyncStream<Void>

    /// Starts `isrf`.
    /// - Parameters:
    ///   - environment: Variables beside those of this process.
    ///   - errors: Where standard error goes, when it is not to be read here.
    init(_ arguments: [String], environment: [String: String] = [:], errors: FileHandle? = nil) throws {
        process = Process()
        directory = try TemporaryDirectory()
        let (ended, continuation) = AsyncStream<Void>.makeStream()
        self.ended = ended
        process.executableURL = try CommandProcess.executable()
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        for name in ["output", "errors"] {
            _ = FileManager.default.createFile(atPath: directory.path(name), contents: nil)
        }
        process.standardOutput = try FileHandle(forWritingTo: directory.url("output"))
        process.standardError = try errors ?? FileHandle(forWritingTo: directory.url("errors"))
        process.terminationHandler = { _ in continuation.finish() }
        try process.run()
    }

    /// Runs `isrf` to its end.
    static func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> Result {
        try await CommandProcess(arguments, environment: environment).result()
    }

    /// What was written to standard error so far.
    var errorsSoFar: String { directory.text("errors") }

    /// Waits until standard error contains a text.
    func waitForErrors(_ text: String) async throws {
        for _ in 0..<1200 {
            if errorsSoFar.contains(text) { return }
            try #require(process.isRunning, "the command ended before it wrote \"\(text)\": \(errorsSoFar)")
            try await Task.sleep(for: .milliseconds(50))
        }
        process.terminate()
        Issue.record("the command did not write \"\(text)\" within a minute: \(errorsSoFar)")
    }

    /// Sends a signal.
    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits for the end; a process that hangs is killed after `limit` and has no status.
    func result(limit: Duration = .seconds(120)) async throws -> Result {
        let identifier = process.processIdentifier
        let watchdog = Task {
            try await Task.sleep(for: limit)
            kill(identifier, SIGKILL)
        }
        for await _ in ended {}
        watchdog.cancel()
        return Result(
            status: process.terminationReason == .exit ? process.terminationStatus : nil,
            output: directory.text("output"), errors: errorsSoFar)
    }

    /// The command beside the tests, where the build put both.
    private static func executable() throws -> URL {
        let bundles = [Bundle.main.bundleURL] + Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() }
        let candidates = bundles.map { $0.appendingPathComponent("isrf") }
        return try #require(
            candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) },
            "isrf is not beside the tests: \(candidates.map(\.path))")
    }
}
