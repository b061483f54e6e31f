import Foundation
import ISRFCore
import ISRFData
import ISRFLanguageModels
import ISRFReasoning

/// Reasons about generated items and users over a store, to be killed at any moment by the tests.
///
/// Arguments: the store, a log to append a line to when a call begins ("S key") and when it is answered ("E key"), the
/// numbers of items and users, the calls at once, and the milliseconds that a call takes.
@main
struct ReasoningWorker {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        let numbers = arguments.dropFirst(2).compactMap { Int($0) }
        guard arguments.count == 6, numbers.count == 4, let store = arguments.first else {
            throw ISRFError(.invalidConfiguration, "Give store, log, items, users, concurrency and milliseconds.")
        }
        let (items, users) = (numbers[0], numbers[1])
        let model = LoggedModel(log: try CallLog(path: Array(arguments)[1]), delay: .milliseconds(numbers[3]))
        let catalogue = try Catalogue(
            items: (0..<items).map { Item(id: "i\($0)", title: "Thing number \($0)", brand: "Maker \($0 % 7)") })
        let histories = (0..<users).map { user in (0...user % 5).map { (user + $0) % items } }
        let training = try InteractionLog(
            users: IdentifierMap(histories.indices.map { "u\($0)" }), histories: histories, itemCount: items)
        let reasoner = LanguageModelReasoner(
            model: model, store: try SQLiteResponseStore(path: store), limits: .init(maximumConcurrency: numbers[2]))
        let outcome = try await ReasoningRun(reasoner: reasoner, catalogue: catalogue, training: training).run()
        guard outcome.users.count == users, outcome.items.count == items else {
            throw ISRFError(.contractViolation, "Something has no profile: \(outcome.failures)")
        }
    }
}

/// Answers from the prompt alone, so that every run gets the same answers.
struct LoggedModel: LanguageModel {
    let log: CallLog
    let delay: Duration
    let name = "logged"
    let capabilities = LanguageModelCapabilities(jsonObject: true, jsonSchema: true)

    func response(to request: LanguageModelRequest) async throws -> LanguageModelResponse {
        let prompt = request.messages.map(\.text).joined(separator: "\n")
        let digest = Checksum.sha256(prompt)
        log.append("S \(digest)")
        try await Task.sleep(for: delay)
        log.append("E \(digest)")
        return LanguageModelResponse(
            text: "{\"reasoning\": \"Seen \(digest.prefix(8)).\", \"summary\": \"About \(digest.suffix(12)).\"}",
            finishReason: .stop, usage: .init(promptTokens: prompt.utf8.count, completionTokens: 10), model: name)
    }
}

/// Lines in a file that outlive the process: every line is one write to its end.
struct CallLog: Sendable {
    private let descriptor: Int32

    init(path: String) throws {
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        guard descriptor >= 0 else { throw ISRFError(.fileAccess, "The log cannot be opened.", at: .init(file: path)) }
    }

    func append(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        precondition(write(descriptor, bytes, bytes.count) == bytes.count)
    }
}
