import Foundation
import ISRFLanguageModels
import Synchronization
import Testing

#if canImport(Glibc)
import Glibc

private let requestedCalls = ProcessInfo.processInfo.environment["ISRF_LOAD_TEST"].flatMap(Int.init)

/// Thousands of calls, as a catalogue's reasoning makes them, against a server in another process. Not part of the
/// ordinary run: `make load-test` says how many calls and prints what they took.
@Suite("Load", .enabled(if: requestedCalls != nil, "set ISRF_LOAD_TEST to the number of calls"))
struct LoadTests {
    private static let latency = 0.1
    private static let concurrency = 64

    @Test("Every question is answered exactly once, within bounds of time, processor and memory")
    func load() async throws {
        let calls = try #require(requestedCalls)
        let server = try LoadServer(latency: Int(Self.latency * 1000), errorsPerThousand: 20, seed: 7)
        defer { server.stop() }
        let endpoint = OpenAICompatibleEndpoint(baseURL: "http://127.0.0.1:\(server.port)", keyVariable: nil)
        var capabilities = OpenAICompatibleModel.assumedCapabilities
        capabilities.concurrentRequests = Self.concurrency
        let answered = try await OpenAICompatibleModel.withModel(
            "scripted", at: endpoint, capabilities: capabilities
        ) { model in
            let session = LanguageModelSession(
                model: model,
                limits: .init(maximumConcurrency: Self.concurrency, initialBackoff: .milliseconds(100)))
            _ = try await session.answer(Self.question(calls))
            let start = Usage.now
            let answered = try await answer(calls, session)
            let usage = Usage.now - start
            let totals = session.totals
            report(usage, calls: calls, totals: totals)
            let least = Self.latency * Double(calls) / Double(Self.concurrency)
            #expect(usage.elapsed <= 1.3 * least)
            #expect(usage.processor / Double(totals.calls) <= 0.001)
            #expect(usage.peak <= 300 << 20)
            return answered
        }
        #expect(answered == calls)
        let statistics = try server.statistics()
        print("load: server counted \(statistics)")
        #expect(statistics["answered"] == calls + 1)
        #expect(statistics["repeated"] == 0)
        #expect(statistics["strange"] == 0)
    }

    private static func question(_ number: Int) -> StructuredQuestion {
        let item = String(
            repeating: "A porcelain tea cup with a handle, glazed by hand, holds a quarter litre. ", count: 8)
        return StructuredQuestion(
            messages: [
                .init(.system, "You describe who likes what, briefly and from what is given alone."),
                .init(.user, "Who would enjoy this item? \(item) Question #\(number)"),
            ],
            fields: [
                .init(name: "summary", description: "Who would enjoy it.", maximumCharacters: 1200, maximumWords: 200),
                .init(name: "reasoning", description: "Why.", maximumCharacters: 1200),
            ], maximumTokens: 512)
    }

    /// Asks every question once.
    /// - Returns: How many answers name their question.
    private func answer(_ calls: Int, _ session: LanguageModelSession) async throws -> Int {
        return try await withThrowingTaskGroup(of: Int.self) { group in
            let numbers = Numbers(calls)
            for _ in 0..<Self.concurrency {
                group.addTask {
                    var right = 0
                    while let number = numbers.take() {
                        let answer = try await session.answer(Self.question(number))
                        if answer.fields["summary"]?.hasSuffix(" \(number).") == true { right += 1 }
                    }
                    return right
                }
            }
            return try await group.reduce(0, +)
        }
    }

    private func report(_ usage: Usage, calls: Int, totals: LanguageModelTotals) {
        let least = Self.latency * Double(calls) / Double(Self.concurrency)
        func text(_ value: Double) -> String { String(format: "%.3f", value) }
        print(
            """
            load: \(calls) questions, \(Self.concurrency) at once, \(Int(Self.latency * 1000)) ms latency: \
            \(totals.calls) calls, \(totals.retries) retries, \(totals.unanswered) unanswered
            load: \(text(usage.elapsed)) s = \(text(usage.elapsed / least)) x the least possible \(text(least)) s
            load: client CPU \(text(usage.processor)) s = \(text(usage.processor / Double(totals.calls) * 1000)) ms a call
            load: memory \(usage.resident >> 20) MiB at the end, \(usage.peak >> 20) MiB at most
            """)
    }
}

/// The numbers of the questions, each given out once.
private final class Numbers: Sendable {
    private let count: Int
    private let next = Mutex(0)

    init(_ count: Int) {
        self.count = count
    }

    func take() -> Int? {
        next.withLock { next in
            guard next < count else { return nil }
            defer { next += 1 }
            return next
        }
    }
}

/// What this process has used.
private struct Usage {
    var elapsed: Double
    var processor: Double
    var resident: Int
    var peak: Int

    static var now: Usage {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000 }
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        func bytes(_ name: String) -> Int {
            let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
            return (line?.split(separator: " ").dropFirst().compactMap { Int($0) }.first ?? 0) << 10
        }
        return Usage(
            elapsed: ProcessInfo.processInfo.systemUptime,
            processor: seconds(usage.ru_utime) + seconds(usage.ru_stime), resident: bytes("VmRSS"),
            peak: bytes("VmHWM"))
    }

    static func - (end: Usage, start: Usage) -> Usage {
        Usage(
            elapsed: end.elapsed - start.elapsed, processor: end.processor - start.processor,
            resident: end.resident, peak: end.peak)
    }
}

/// The scripted server in its own process, found beside the tests.
private struct LoadServer {
    let port: Int
    private let process = Process()
    private let input = Pipe()

    init(latency: Int, errorsPerThousand: Int, seed: Int) throws {
        let tests = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let output = Pipe()
        process.executableURL = tests.appendingPathComponent("ScriptedServerCommand")
        process.arguments = ["\(latency)", "\(errorsPerThousand)", "\(seed)"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    func statistics() throws -> [String: Int] {
        let url = try #require(URL(string: "http://127.0.0.1:\(port)/statistics"))
        return try JSONDecoder().decode([String: Int].self, from: Data(contentsOf: url))
    }

    /// Closes the server's standard input, which ends it.
    func stop() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
#endif
