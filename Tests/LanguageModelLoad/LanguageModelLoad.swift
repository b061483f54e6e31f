internal import Foundation
internal import ISRFLanguageModels

/// As many calls as a catalogue's reasoning makes, through a session, against a scripted server in a process of its own:
/// prints what they took of time, processor and memory, and fails when that is more than it should be or when an answer
/// is missing, repeated or somebody else's.
///
/// `LanguageModelLoad [CALLS]`; the server is this program too, as `LanguageModelLoad serve LATENCY ERRORS SEED`.
@main
struct LanguageModelLoad {
    private static let latency = 0.1
    private static let concurrency = 64

    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.first == "serve" { return try await LoadServer.serve(arguments.dropFirst().compactMap(Int.init)) }
        guard let calls = Int(arguments.first ?? "103392"), calls > 0 else {
            FileHandle.standardError.write(Data("usage: LanguageModelLoad [CALLS]\n".utf8))
            exit(64)
        }
        let server = try LoadServer(latency: Int(latency * 1000), errorsPerThousand: 20, seed: 7)
        let faults = try await run(calls, server)
        for fault in faults { print("FAULT: \(fault)") }
        if !faults.isEmpty { exit(1) }
    }

    /// - Returns: What is not as it should be.
    private static func run(_ calls: Int, _ server: LoadServer) async throws -> [String] {
        let endpoint = OpenAICompatibleEndpoint(baseURL: "http://127.0.0.1:\(server.port)", keyVariable: nil)
        var capabilities = OpenAICompatibleModel.assumedCapabilities
        capabilities.concurrentRequests = concurrency
        let (right, usage, totals) = try await OpenAICompatibleModel.withModel(
            "scripted", at: endpoint, capabilities: capabilities
        ) { model in
            let session = LanguageModelSession(
                model: model, limits: .init(maximumConcurrency: concurrency, initialBackoff: .milliseconds(100)))
            let start = LoadUsage.now
            let right = try await answer(calls, session)
            return (right, LoadUsage.now - start, session.totals)
        }
        let least = latency * Double(calls) / Double(concurrency)
        let processor = usage.processor / Double(totals.calls) * 1000
        func text(_ value: Double) -> String { String(format: "%.3f", value) }
        let statistics = try server.stop()
        print(
            """
            \(calls) questions, \(concurrency) at once, \(Int(latency * 1000)) ms latency, 2 % errors: \
            \(totals.calls) calls, \(totals.retries) of them retries
            time: \(text(usage.elapsed)) s, \(text(usage.elapsed / least)) times the least possible \(text(least)) s
            client processor: \(text(usage.processor)) s, \(text(processor)) ms a call
            client memory: \(usage.resident >> 20) MiB at the end, \(usage.peak >> 20) MiB at most
            server: \(statistics.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
            """)
        let expectations = [
            (right == calls, "\(right) of \(calls) answers are those to their questions"),
            (statistics["answered"] == calls, "not every question was answered by the server"),
            (statistics["repeated"] == 0, "questions were answered more than once"),
            (statistics["strange"] == 0, "the server got something else"),
            (usage.elapsed <= 1.3 * least, "it took more than 1.3 times the least possible time"),
            (processor <= 1, "a call took more than 1 ms of the client's processor"),
            (usage.peak <= 300 << 20, "it took more than 300 MiB"),
        ]
        return expectations.filter { !$0.0 }.map(\.1)
    }

    /// Asks every question once.
    /// - Returns: How many answers name their question.
    private static func answer(_ calls: Int, _ session: LanguageModelSession) async throws -> Int {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for first in 0..<concurrency {
                group.addTask {
                    var right = 0
                    for number in stride(from: first, to: calls, by: concurrency) {
                        let answer = try await session.answer(question(number))
                        if answer.fields["summary"]?.hasSuffix(" \(number).") == true { right += 1 }
                    }
                    return right
                }
            }
            return try await group.reduce(0, +)
        }
    }

    private static let item = String(
        repeating: "A porcelain tea cup with a handle, glazed by hand, holds a quarter litre. ", count: 8)

    private static func question(_ number: Int) -> StructuredQuestion {
        StructuredQuestion(
            messages: [
                .init(.system, "You describe who likes what, briefly and from what is given alone."),
                .init(.user, "Who would enjoy this item? \(item) Question #\(number)"),
            ],
            fields: [
                .init(name: "summary", description: "Who would enjoy it.", maximumCharacters: 1200, maximumWords: 200),
                .init(name: "reasoning", description: "Why.", maximumCharacters: 1200),
            ], maximumTokens: 512)
    }
}
