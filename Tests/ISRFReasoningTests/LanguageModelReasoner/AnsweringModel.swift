import ISRFKit
import Synchronization

/// Answers every question with statements that follow from its prompt, and remembers what it was asked.
final class AnsweringModel: LanguageModel {
    struct Record: Sendable {
        var prompts: [String] = []
        var underWay = 0
        var mostUnderWay = 0
    }

    let name: String
    let capabilities = LanguageModelCapabilities(jsonObject: true, jsonSchema: true, seed: true, concurrentRequests: 8)
    private let delay: Duration
    private let failure: @Sendable (_ prompt: String, _ call: Int) throws -> Void
    private let words: Int
    private let record = Mutex(Record())

    /// - Parameters:
    ///   - words: The words of each statement.
    ///   - failure: Throws when a call is to fail; calls are counted from 1.
    init(
        name: String = "answering", delay: Duration = .zero, words: Int = 8,
        failure: @escaping @Sendable (_ prompt: String, _ call: Int) throws -> Void = { _, _ in }
    ) {
        self.name = name
        self.delay = delay
        self.words = words
        self.failure = failure
    }

    var calls: Int { record.withLock { $0.prompts.count } }
    /// Waits until it was asked so often.
    func waitForCalls(_ count: Int) async throws {
        while calls < count { try await Task.sleep(for: .milliseconds(2)) }
    }

    var prompts: [String] { record.withLock { $0.prompts } }
    var mostUnderWay: Int { record.withLock { $0.mostUnderWay } }

    func response(to request: LanguageModelRequest) async throws -> LanguageModelResponse {
        let prompt = request.messages.last?.text ?? ""
        let call = record.withLock { record in
            record.prompts.append(prompt)
            record.underWay += 1
            record.mostUnderWay = max(record.mostUnderWay, record.underWay)
            return record.prompts.count
        }
        defer { record.withLock { $0.underWay -= 1 } }
        if delay > .zero { try await Task.sleep(for: delay) }
        try failure(prompt, call)
        return LanguageModelResponse(
            text: Self.answer(to: prompt, words: words), finishReason: .stop,
            usage: .init(promptTokens: prompt.utf8.count / 4, completionTokens: 20), model: name)
    }

    static func answer(to prompt: String, words: Int) -> String {
        // FNV-1a: Swift's own hashes differ from run to run.
        let number = prompt.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let statement = (0..<words).map { "w\(number % 100_000 + UInt64($0))" }.joined(separator: " ")
        return "{\"reasoning\": \"Evidence \(number)\", \"summary\": \"\(statement)\"}"
    }
}

extension AnsweringModel {
    /// A reasoner over this model that waits for nothing.
    func reasoner(
        store: any ResponseStore = InMemoryResponseStore(), prompts: ReasoningPrompts = .standard,
        limits: LanguageModelLimits = .init(maximumAttempts: 1)
    ) -> LanguageModelReasoner {
        LanguageModelReasoner(model: self, prompts: prompts, store: store, limits: limits)
    }
}

/// A small catalogue with a log, for counting calls by hand.
struct SmallData {
    var items: [Item]
    var histories: [[Int]]

    /// - Parameter histories: One for each user "u0", "u1", and so on.
    init(items count: Int = 6, histories: [[Int]] = [[0, 1, 2], [2, 3], [4]]) {
        items = (0..<count).map { Item(id: "i\($0)", title: "Thing number \($0)", categories: [["Things"]]) }
        self.histories = histories
    }

    func run(_ reasoner: LanguageModelReasoner, _ options: ReasoningRun.Options = .init()) throws -> ReasoningRun {
        let catalogue = try Catalogue(items: items)
        let users = IdentifierMap(histories.indices.map { "u\($0)" })
        let log = try InteractionLog(users: users, histories: histories, itemCount: items.count)
        return ReasoningRun(reasoner: reasoner, catalogue: catalogue, training: log, options: options)
    }
}
