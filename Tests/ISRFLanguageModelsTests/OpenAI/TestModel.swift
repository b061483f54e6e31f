@testable import ISRFLanguageModels
import ScriptedServer

/// The key that the tests' models send; no message may hold it.
let testKey = "sk-secret-1234567890"

/// Makes a model of a server, hands both to `body`, and closes both.
@discardableResult
func withModel<Result>(
    of server: ScriptedServer, timeouts: OpenAICompatibleEndpoint.Timeouts = .init(),
    maximumResponseBytes: Int = 16 << 20, _ body: (OpenAICompatibleModel) async throws -> Result
) async throws -> Result {
    let endpoint = OpenAICompatibleEndpoint(
        baseURL: server.baseURL, keyVariable: "TEST_KEY", timeouts: timeouts,
        maximumResponseBytes: maximumResponseBytes)
    return try await withModel(at: endpoint, body)
}

/// Makes a model at an endpoint, hands it to `body`, and closes it.
@discardableResult
func withModel<Result>(
    at endpoint: OpenAICompatibleEndpoint, capabilities: LanguageModelCapabilities? = nil,
    _ body: (OpenAICompatibleModel) async throws -> Result
) async throws -> Result {
    let model = try OpenAICompatibleModel(
        "tea-7b", at: endpoint, capabilities: capabilities ?? OpenAICompatibleModel.assumedCapabilities,
        environment: ["TEST_KEY": testKey])
    do {
        let result = try await body(model)
        await model.shutdown()
        return result
    } catch {
        await model.shutdown()
        throw error
    }
}

/// The failure of one call, nil when it was answered.
func failedCall(
    _ model: OpenAICompatibleModel, _ request: LanguageModelRequest = plainRequest
) async throws -> LanguageModelFailure? {
    do {
        _ = try await model.response(to: request)
        return nil
    } catch let failure as LanguageModelFailure {
        return failure
    }
}

/// The failure with which a model meets a reply.
func failure(
    to reply: ScriptedReply, request: LanguageModelRequest = plainRequest,
    timeouts: OpenAICompatibleEndpoint.Timeouts = .init(connect: .seconds(5), idle: .seconds(5), total: .seconds(5))
) async throws -> LanguageModelFailure? {
    try await ScriptedServer.with([reply]) { server in
        try await withModel(of: server, timeouts: timeouts) { try await failedCall($0, request) }
    }
}

let plainRequest = LanguageModelRequest(messages: [.init(.user, "Which tea?")])
let schemaText = #"{"type":"object","properties":{"tea":{"type":"string"}},"required":["tea"]}"#
let schemaRequest = LanguageModelRequest(
    messages: [.init(.user, "Which tea?")], answerForm: .jsonSchema(schemaText))
