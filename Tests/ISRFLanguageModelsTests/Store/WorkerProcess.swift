import Foundation
import Testing

/// A folder that is removed with the value that owns it.
final class StoreFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    func data(_ name: String) throws -> Data { try Data(contentsOf: url.appendingPathComponent(name)) }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: url.appendingPathComponent(name))
    }
}

/// `ReasoningWorker` as a process of its own.
final class WorkerProcess: Sendable {
    static let concurrency = 8

    private let process = Process()
    private let ended: AsyncStream<Void>

    init(store: String, log: String, items: Int, users: Int, milliseconds: Int = 20) throws {
        let (ended, continuation) = AsyncStream<Void>.makeStream()
        self.ended = ended
        process.executableURL = try Self.executable()
        process.arguments = [store, log] + [items, users, Self.concurrency, milliseconds].map { "\($0)" }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.terminationHandler = { _ in continuation.finish() }
        try process.run()
    }

    var isRunning: Bool { process.isRunning }

    /// Kills the process where it stands.
    func killAtOnce() { kill(process.processIdentifier, SIGKILL) }

    /// Waits for the end.
    /// - Returns: Whether it ended by itself and without an error.
    @discardableResult
    func end() async -> Bool {
        let identifier = process.processIdentifier
        let watchdog = Task {
            try await Task.sleep(for: .seconds(60))
            kill(identifier, SIGKILL)
        }
        for await _ in ended {}
        watchdog.cancel()
        return process.terminationReason == .exit && process.terminationStatus == 0
    }

    private static func executable() throws -> URL {
        let bundles = [Bundle.main.bundleURL] + Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() }
        let candidates = bundles.map { $0.appendingPathComponent("ReasoningWorker") }
        return try #require(
            candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) },
            "ReasoningWorker is not beside the tests: \(candidates.map(\.path))")
    }
}

/// What the workers' log says.
struct CallLines {
    var started: [String] = []
    var answered: [String] = []

    init(_ folder: StoreFolder, _ name: String) {
        guard let data = try? folder.data(name) else { return }
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
            if line.hasPrefix("S ") { started.append(String(line.dropFirst(2))) }
            if line.hasPrefix("E ") { answered.append(String(line.dropFirst(2))) }
        }
    }

    /// Calls made again.
    var repeated: Int { started.count - Set(started).count }
}
