@testable import ISRFLanguageModels
import Logging
import ScriptedServer
import Synchronization
import Testing

@Suite("LanguageModelLog")
struct LanguageModelLogTests {
    /// Keeps every entry as one line.
    private final class Lines: Sendable {
        private let kept = Mutex<[(level: Logger.Level, text: String)]>([])

        func add(_ level: Logger.Level, _ text: String) { kept.withLock { $0.append((level, text)) } }

        func all(from level: Logger.Level = .trace) -> [String] {
            kept.withLock { $0.filter { $0.level >= level }.map(\.text) }
        }

        func logger(level: Logger.Level = .trace) -> Logger {
            var logger = Logger(label: "test") { _ in Handler(lines: self) }
            logger.logLevel = level
            return logger
        }
    }

    private struct Handler: LogHandler {
        let lines: Lines
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        init(lines: Lines) { self.lines = lines }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
            lines.add(event.level, "\(event.level) \(event.message)" + all.map { " \($0.key)=\($0.value)" }.joined())
        }
    }

    @Test("Calls, tokens, latency, retries, store hits and ends are written down, each at its level")
    func levels() {
        let lines = Lines()
        let log = LanguageModelLog(logger: lines.logger())
        let events: [LanguageModelEvent] = [
            .call(latency: .milliseconds(1250), usage: .init(promptTokens: 40, completionTokens: 9)),
            .call(latency: .zero, usage: nil), .failure(.rateLimited, latency: .milliseconds(5)),
            .retry(.rateLimited, delay: .seconds(2)), .repair(reason: "Cut off."), .answered(attempts: 2),
            .unanswered(reason: "Never."), .storeHit, .answerForm(.text), .concurrency(12),
            .stopped(.init(.unauthorised, "No.")), .budgetExhausted(.init(.cost, "Used up.")),
        ]
        for event in events { log.record(event) }
        #expect(
            lines.all() == [
                "debug A call was answered. completionTokens=9 promptTokens=40 seconds=1.25",
                "debug A call was answered. seconds=0.0",
                "debug A call failed. kind=rateLimited seconds=0.005",
                "info A call is made again. delaySeconds=2.0 kind=rateLimited",
                "info An answer has to be put right. reason=Cut off.",
                "trace A question is answered. attempts=2",
                "warning A question stays without a valid answer. reason=Never.",
                "trace An answer was found in the store.", "info The form of answers is found. form=text",
                "debug Calls allowed at once changed. calls=12",
                "error A lasting failure ended the run. kind=unauthorised reason=No.",
                "warning A budget is used up. budget=cost reason=Used up.",
            ])
    }

    @Test("Neither the key nor a prompt is written down, at any level, whatever the server repeats")
    func secrecy() async throws {
        let prompt = "Who would enjoy this teapot, " + String(repeating: "which pours without a drop, ", count: 40)
        let echo = "You sent \(testKey): \(prompt)"
        let replies: [ScriptedReply] = [
            .error(429, echo, headers: [("retry-after-ms", "1")]), .chat(echo), .error(500, echo), .error(401, echo),
        ]
        let lines = Lines()
        try await ScriptedServer.with(replies) { server in
            try await withModel(of: server) { model in
                let session = LanguageModelSession(
                    model: model, limits: .init(initialBackoff: .milliseconds(1)),
                    observer: LanguageModelLog(logger: lines.logger()).record)
                let question = StructuredQuestion(
                    messages: [.init(.user, prompt)],
                    fields: [.init(name: "summary", description: "Who would enjoy it.", maximumCharacters: 200)],
                    maximumTokens: 100)
                await #expect(throws: LanguageModelFailure.self) { try await session.answer(question) }
            }
        }
        let text = lines.all().joined(separator: "\n")
        #expect(text.contains("unauthorised") && text.contains("rateLimited"))
        #expect(!text.contains("secret") && !text.contains(prompt))
    }
}
