internal import Foundation
internal import ISRFCore
public import ISRFReasoning
internal import Logging

/// A language model behind `/v1/chat/completions`: a hosted service, vLLM, llama.cpp, Ollama, or anything else that
/// speaks this interface.
///
/// One call is one request; `LanguageModelSession` retries, limits and adapts. The model has an HTTP client of its own:
///
/// ```swift
/// try await OpenAICompatibleModel.withModel(
///     "smollm2", at: OpenAICompatibleEndpoint(baseURL: "http://127.0.0.1:8080")
/// ) { model in
///     // Call the model.
/// }
/// ```
///
/// closes the connections at the end; a host that keeps the model calls `shutdown()`. Copies share their connections.
public struct OpenAICompatibleModel: LanguageModel {
    /// The capabilities that are assumed of a server that nothing is known about: it is asked for schemas and objects
    /// until it refuses, with eight requests at once.
    public static let assumedCapabilities = LanguageModelCapabilities(
        jsonObject: true, jsonSchema: true, concurrentRequests: 8)

    /// The model's name, as the server knows it.
    public let name: String
    /// Where the server is and how it is reached.
    public let endpoint: OpenAICompatibleEndpoint
    /// What the model can do. A request's seed is sent only when `seed` is true: some servers refuse it.
    public let capabilities: LanguageModelCapabilities

    private let tokenLimitField: String
    private let transport: HTTPTransport
    private let forms = AnswerFormMemory()
    private static let logger = Logger(label: "ISRFLanguageModels")

    /// Creates a model; nothing is sent yet.
    /// - Parameters:
    ///   - name: The model's name, as the server knows it.
    ///   - endpoint: Where the server is and how it is reached.
    ///   - capabilities: What the model can do.
    ///   - tokenLimitField: How the server calls the greatest number of tokens: `max_tokens` nearly everywhere,
    ///     `max_completion_tokens` for OpenAI's reasoning models.
    /// - Throws: `ISRFError` when an option is out of its range, a file cannot be read, or the key cannot be one.
    public init(
        _ name: String, at endpoint: OpenAICompatibleEndpoint,
        capabilities: LanguageModelCapabilities = OpenAICompatibleModel.assumedCapabilities,
        tokenLimitField: String = "max_tokens"
    ) throws {
        try self.init(
            name, at: endpoint, capabilities: capabilities, tokenLimitField: tokenLimitField,
            environment: ProcessInfo.processInfo.environment)
    }

    init(
        _ name: String, at endpoint: OpenAICompatibleEndpoint,
        capabilities: LanguageModelCapabilities = OpenAICompatibleModel.assumedCapabilities,
        tokenLimitField: String = "max_tokens", environment: [String: String]
    ) throws {
        guard !name.isEmpty else {
            throw ISRFError(.invalidConfiguration, "Name the model to ask.", at: .init(field: "model"))
        }
        self.name = name
        self.endpoint = endpoint
        self.capabilities = capabilities
        self.tokenLimitField = tokenLimitField
        transport = try HTTPTransport(endpoint, environment: environment)
    }

    /// Makes a model, hands it to `body`, and closes its connections however that ends.
    /// - Throws: What making the model and `body` throw.
    public static func withModel<Result>(
        _ name: String, at endpoint: OpenAICompatibleEndpoint,
        capabilities: LanguageModelCapabilities = OpenAICompatibleModel.assumedCapabilities,
        tokenLimitField: String = "max_tokens",
        _ body: (OpenAICompatibleModel) async throws -> Result
    ) async throws -> Result {
        let model = try OpenAICompatibleModel(
            name, at: endpoint, capabilities: capabilities, tokenLimitField: tokenLimitField)
        do {
            let result = try await body(model)
            await model.shutdown()
            return result
        } catch {
            await model.shutdown()
            throw error
        }
    }

    /// Closes all connections, also those of copies; calls under way and later ones fail. May be called again.
    public func shutdown() async {
        await transport.shutdown()
    }

    /// Asks the server once.
    /// - Throws: `LanguageModelFailure`, `CancellationError`.
    public func response(to request: LanguageModelRequest) async throws -> LanguageModelResponse {
        do {
            let response = try await exchange(request)
            forms.noteAnswer(request.answerForm)
            Self.logger.trace(
                "Answered.",
                metadata: ["model": "\(response.model)", "finish": "\(response.finishReason.rawValue)"])
            return response
        } catch let failure as LanguageModelFailure {
            Self.logger.debug(
                "Not answered.", metadata: ["kind": "\(failure.kind.rawValue)", "reason": "\(failure.message)"])
            throw failure
        }
    }

    private func exchange(_ request: LanguageModelRequest) async throws -> LanguageModelResponse {
        let body = try ChatCompletionRequest(
            model: name, request: request, tokenLimitField: tokenLimitField, sendsSeed: capabilities.seed
        ).body()
        var answer = try await transport.post(body, to: "/chat/completions")
        if answer.status == 200 {
            switch try ChatCompletionResponse.read(answer, requestedModel: name) {
            case .response(let response): return response
            case .error(let status): answer.status = status
            }
        }
        var failure = LanguageModelFailure(
            answer: answer, error: ServerError(answer.body), asksForForm: request.answerForm != .text,
            keyHint: transport.keyHint)
        if answer.status == 500, failure.kind == .overloaded, forms.noteServerError(request.answerForm) {
            failure.kind = .unsupportedAnswerForm
        }
        throw failure
    }
}

extension OpenAICompatibleModel: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The model's name and its server's address.
    public var description: String { "\(name) at \(endpoint)" }

    /// The same as `description`.
    public var debugDescription: String { description }

    /// Shows name, endpoint and capabilities, and nothing that is secret.
    public var customMirror: Mirror {
        Mirror(
            self, children: ["name": name, "endpoint": endpoint, "capabilities": capabilities], displayStyle: .struct)
    }
}
