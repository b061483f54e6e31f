import ISRFKit
import Synchronization

/// A value that several tasks read and change.
final class Shared<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    init(_ value: Value) {
        state = Mutex(value)
    }

    var value: Value {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }

    @discardableResult
    func change<Result: Sendable>(_ body: (inout Value) -> Result) -> Result { state.withLock { body(&$0) } }
}

/// A model made of a function, which watches how it is called.
final class WatchedModel: LanguageModel {
    typealias Answer = @Sendable (_ call: Int, _ request: LanguageModelRequest) async throws -> LanguageModelResponse

    let capabilities: LanguageModelCapabilities
    private let answer: Answer
    private let time: VirtualTime?
    private let state = Mutex((requests: [LanguageModelRequest](), starts: [Duration](), underWay: 0, most: 0))

    init(
        capabilities: LanguageModelCapabilities = .init(concurrentRequests: 64), time: VirtualTime? = nil,
        _ answer: @escaping Answer
    ) {
        (self.capabilities, self.time, self.answer) = (capabilities, time, answer)
    }

    var requests: [LanguageModelRequest] { state.withLock { $0.requests } }
    var calls: Int { state.withLock { $0.requests.count } }
    /// When calls began.
    var starts: [Duration] { state.withLock { $0.starts } }
    /// The most calls that were under way at once.
    var most: Int { state.withLock { $0.most } }
    var underWay: Int { state.withLock { $0.underWay } }

    func response(to request: LanguageModelRequest) async throws -> LanguageModelResponse {
        let call = state.withLock { state in
            state.requests.append(request)
            state.starts.append(time?.time ?? .zero)
            state.underWay += 1
            state.most = max(state.most, state.underWay)
            return state.requests.count
        }
        defer { state.withLock { $0.underWay -= 1 } }
        return try await answer(call, request)
    }
}

extension LanguageModelResponse {
    static let sound = #"{"summary":"People who brew at home.","reasoning":"The kit is for brewing."}"#

    /// A valid answer to `StructuredQuestion.sample`, or another text.
    static func saying(
        _ text: String = sound, _ finishReason: FinishReason = .stop,
        usage: Usage? = .init(
            promptTokens: 30, completionTokens: 12)
    ) -> LanguageModelResponse {
        LanguageModelResponse(text: text, finishReason: finishReason, usage: usage, model: "watched")
    }
}

extension StructuredQuestion {
    static let sample = sample("Who would enjoy the home brewing kit?")

    static func sample(_ text: String, maximumTokens: Int = 256) -> StructuredQuestion {
        StructuredQuestion(
            messages: [.init(.system, "You know what people like."), .init(.user, text)],
            fields: [
                .init(name: "summary", description: "Who would enjoy it.", maximumCharacters: 400, maximumWords: 25),
                .init(name: "reasoning", description: "Why that is so.", maximumCharacters: 400),
            ], maximumTokens: maximumTokens)
    }
}

extension LanguageModelFailure {
    static func sample(_ kind: Kind, retryAfter: Duration? = nil) -> LanguageModelFailure {
        LanguageModelFailure(kind, "It is \(kind.rawValue).", retryAfter: retryAfter)
    }
}

/// What became of several questions.
struct Outcomes: Sendable {
    var answers: [StructuredAnswer] = []
    var unanswered: [UnansweredQuestion] = []
    var failures: [LanguageModelFailure] = []
    var exhausted: [BudgetExhausted] = []
    var others: [any Error] = []

    mutating func add(_ result: Result<StructuredAnswer, any Error>) {
        switch result {
        case .success(let answer): answers.append(answer)
        case .failure(let error as UnansweredQuestion): unanswered.append(error)
        case .failure(let error as LanguageModelFailure): failures.append(error)
        case .failure(let error as BudgetExhausted): exhausted.append(error)
        case .failure(let error): others.append(error)
        }
    }
}

extension LanguageModelSession {
    /// Asks many questions, so many tasks at once, each asking one after the other.
    func ask(
        _ count: Int, tasks: Int = 64, question: @escaping @Sendable (Int) -> StructuredQuestion = { _ in .sample }
    ) async -> Outcomes {
        let next = Shared(0)
        return await withTaskGroup(of: Outcomes.self) { group in
            for _ in 0..<tasks {
                group.addTask {
                    var outcomes = Outcomes()
                    while let index = next.change({ index -> Int? in
                        guard index < count, !Task.isCancelled else { return nil }
                        index += 1
                        return index - 1
                    }) {
                        do {
                            outcomes.add(.success(try await self.answer(question(index))))
                        } catch {
                            outcomes.add(.failure(error))
                        }
                    }
                    return outcomes
                }
            }
            return await group.reduce(into: Outcomes()) { all, one in
                all.answers += one.answers
                all.unanswered += one.unanswered
                all.failures += one.failures
                all.exhausted += one.exhausted
                all.others += one.others
            }
        }
    }
}

/// Keeps the events of a session.
final class EventLog: Sendable {
    private let state = Shared<[LanguageModelEvent]>([])

    var events: [LanguageModelEvent] { state.value }
    var observer: @Sendable (LanguageModelEvent) -> Void { { [state] event in state.change { $0.append(event) } } }

    var retries: [(kind: LanguageModelFailure.Kind, delay: Duration)] {
        events.compactMap { if case .retry(let kind, let delay) = $0 { (kind, delay) } else { nil } }
    }
}
