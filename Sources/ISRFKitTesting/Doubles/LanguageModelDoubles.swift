internal import Foundation
public import ISRFReasoning
internal import Synchronization

/// A model that repeats the last message: as it is, as the property `text` of an object, or, to a request with a schema,
/// as every required property of one.
public struct EchoingLanguageModel: LanguageModel {
    /// What the model says it can do.
    public var capabilities: LanguageModelCapabilities

    /// Creates a model.
    public init(
        capabilities: LanguageModelCapabilities = .init(
            jsonObject: true, jsonSchema: true, seed: true, concurrentRequests: 8)
    ) {
        self.capabilities = capabilities
    }

    /// The last message, cut to the greatest number of tokens; a token is a word here.
    public func response(to request: LanguageModelRequest) async throws -> LanguageModelResponse {
        try Task.checkCancellation()
        let words = (request.messages.last?.text ?? "").split(whereSeparator: \.isWhitespace)
        let kept = words.prefix(max(0, request.maximumTokens))
        var text = kept.joined(separator: " ")
        switch request.answerForm {
        case .text: break
        case .jsonObject: text = try encoded(["text": text])
        case .jsonSchema(let schema): text = try object(schema, text)
        }
        return LanguageModelResponse(
            text: text, finishReason: kept.count < words.count ? .length : .stop,
            usage: .init(
                promptTokens: request.messages.reduce(0) { $0 + $1.text.split(whereSeparator: \.isWhitespace).count },
                completionTokens: kept.count), model: "echo")
    }

    private func object(_ schema: String, _ text: String) throws -> String {
        let value = try JSONSerialization.jsonObject(with: Data(schema.utf8)) as? [String: Any]
        let required = value?["required"] as? [String] ?? []
        return try encoded(Dictionary(required.map { ($0, text) }) { first, _ in first })
    }

    private func encoded(_ object: [String: String]) throws -> String {
        String(decoding: try JSONEncoder().encode(object), as: UTF8.self)
    }
}

/// A model with prepared answers, given out in their order whatever is asked; then it fails.
public final class ScriptedLanguageModel: LanguageModel {
    /// What the model says it can do.
    public let capabilities: LanguageModelCapabilities
    private let answers: Mutex<[LanguageModelResponse]>

    /// Creates a model that gives these responses.
    public init(_ responses: [LanguageModelResponse], capabilities: LanguageModelCapabilities = .init()) {
        self.capabilities = capabilities
        answers = Mutex(responses.reversed())
    }

    /// Creates a model that gives complete answers with these texts.
    public convenience init(texts: [String], capabilities: LanguageModelCapabilities = .init()) {
        self.init(
            texts.map { LanguageModelResponse(text: $0, finishReason: .stop, model: "script") },
            capabilities: capabilities)
    }

    /// How many answers are left.
    public var remaining: Int { answers.withLock { $0.count } }

    /// The next answer.
    /// - Throws: `DoubleError` when all were given.
    public func response(to request: LanguageModelRequest) async throws -> LanguageModelResponse {
        try Task.checkCancellation()
        guard let answer = answers.withLock({ $0.popLast() }) else {
            throw DoubleError(message: "The script has no answer left.")
        }
        return answer
    }
}

/// A model that is slow or fails now and then, and otherwise answers as another one does.
public struct FailingLanguageModel: LanguageModel {
    private let base: any LanguageModel
    private let counter: CallCounter

    /// Creates a model; copies count their calls together.
    public init(_ misbehaviour: Misbehaviour, of base: any LanguageModel = EchoingLanguageModel()) {
        self.base = base
        counter = CallCounter(misbehaviour)
    }

    /// What the other one says it can do.
    public var capabilities: LanguageModelCapabilities { base.capabilities }
    /// How often it was asked.
    public var calls: Int { counter.calls }

    /// Misbehaves, or answers as the other one does.
    /// - Throws: `DoubleError` on its turn, `CancellationError`, and what the other one throws.
    public func response(to request: LanguageModelRequest) async throws -> LanguageModelResponse {
        try await counter.call("The language model")
        return try await base.response(to: request)
    }
}

/// A model that fails as it is told to, with the failures that servers give, and otherwise answers as another one does.
public struct FlakyLanguageModel: LanguageModel {
    private let base: any LanguageModel
    private let log = RequestLog<LanguageModelRequest>()
    private let failure: @Sendable (_ call: Int, _ request: LanguageModelRequest) -> LanguageModelFailure?

    /// Creates a model that asks for each call whether to fail; copies count their calls together.
    /// - Parameters:
    ///   - base: The model that answers.
    ///   - failure: The failure of a call, by its number counted from 1 and its request; nil to answer.
    public init(
        of base: any LanguageModel = EchoingLanguageModel(),
        failure: @escaping @Sendable (_ call: Int, _ request: LanguageModelRequest) -> LanguageModelFailure?
    ) {
        self.base = base
        self.failure = failure
    }

    /// Creates a model whose first calls fail so, nil for one that is answered; later calls are answered.
    public init(_ failures: [LanguageModelFailure?], of base: any LanguageModel = EchoingLanguageModel()) {
        self.init(of: base) { call, _ in call <= failures.count ? failures[call - 1] : nil }
    }

    /// What the other one says it can do.
    public var capabilities: LanguageModelCapabilities { base.capabilities }
    /// How often it was asked.
    public var calls: Int { log.requests.count }

    /// Fails, or answers as the other one does.
    /// - Throws: `LanguageModelFailure` where it is told to, and what the other one throws.
    public func response(to request: LanguageModelRequest) async throws -> LanguageModelResponse {
        if let failure = failure(log.append(request), request) { throw failure }
        return try await base.response(to: request)
    }
}

/// A model that remembers what it was asked and answers as another one does.
public struct RecordingLanguageModel: LanguageModel {
    private let base: any LanguageModel
    private let log = RequestLog<LanguageModelRequest>()

    /// Creates a model; copies share their memory.
    public init(_ base: any LanguageModel = EchoingLanguageModel()) {
        self.base = base
    }

    /// What the other one says it can do.
    public var capabilities: LanguageModelCapabilities { base.capabilities }
    /// The requests, in the order of the calls.
    public var requests: [LanguageModelRequest] { log.requests }

    /// Remembers the request and answers as the other one does.
    public func response(to request: LanguageModelRequest) async throws -> LanguageModelResponse {
        log.append(request)
        return try await base.response(to: request)
    }
}
