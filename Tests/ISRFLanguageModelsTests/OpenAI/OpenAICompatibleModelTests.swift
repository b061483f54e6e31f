import Foundation
import ISRFCore
import ISRFKitTesting
@testable import ISRFLanguageModels
import ScriptedServer
import Testing

@Suite("OpenAICompatibleModel")
struct OpenAICompatibleModelTests {
    @Test("A call asks what the request says and brings back the whole answer")
    func call() async throws {
        try await ScriptedServer.with([
            .chat("Sencha \"superior\"\n🍵", model: "tea-7b-q4", promptTokens: 21, completionTokens: 5)
        ]) { server in
            let endpoint = OpenAICompatibleEndpoint(
                baseURL: server.baseURL, keyVariable: "TEST_KEY", headers: ["X-Team": "tea-tasters"])
            let capabilities = LanguageModelCapabilities(jsonObject: true, seed: true)
            let response = try await withModel(at: endpoint, capabilities: capabilities) { model in
                try await model.response(
                    to: LanguageModelRequest(
                        messages: [
                            .init(.system, "Tab\there, bell \u{7}, \"quotes\", back\\slash, ünï, 茶, \u{2028}."),
                            .init(.user, "Which tea?"), .init(.assistant, "Green."), .init(.user, "Which green tea?"),
                        ], answerForm: .jsonObject, maximumTokens: 99, temperature: 0.25, seed: .max))
            }
            #expect(
                response
                    == LanguageModelResponse(
                        text: "Sencha \"superior\"\n🍵", finishReason: .stop,
                        usage: .init(promptTokens: 21, completionTokens: 5), model: "tea-7b-q4"))
            let request = try #require(server.requests.first)
            #expect(request.method == "POST" && request.path == "/v1/chat/completions")
            #expect(request.header("Authorization") == "Bearer \(testKey)")
            #expect(request.header("X-Team") == "tea-tasters")
            #expect(request.header("Content-Type") == "application/json")
            #expect(
                request.messages == [
                    "Tab\there, bell \u{7}, \"quotes\", back\\slash, ünï, 茶, \u{2028}.", "Which tea?", "Green.",
                    "Which green tea?",
                ])
            let roles = (request.json["messages"] as? [[String: Any]])?.compactMap { $0["role"] as? String }
            #expect(roles == ["system", "user", "assistant", "user"])
            #expect(request.json["model"] as? String == "tea-7b")
            #expect(request.json["max_tokens"] as? Int == 99)
            #expect(request.json["temperature"] as? Double == 0.25)
            #expect(request.json["seed"] as? Int == Int.max)
            #expect(request.responseFormat == "json_object")
        }
    }

    @Test("A schema is sent as it is, held to strictly; free text and an unpromised seed are not mentioned")
    func forms() async throws {
        try await ScriptedServer.with([.chat("{\"tea\":\"Sencha\"}")]) { server in
            try await withModel(of: server) { model in
                _ = try await model.response(to: schemaRequest)
                var request = plainRequest
                request.seed = 3
                _ = try await model.response(to: request)
            }
            let format = try #require(server.requests[0].json["response_format"] as? [String: Any])
            let schema = try #require(format["json_schema"] as? [String: Any])
            #expect(format["type"] as? String == "json_schema")
            #expect(schema["strict"] as? Bool == true)
            #expect((schema["name"] as? String)?.isEmpty == false)
            #expect((schema["schema"] as? [String: Any])?["required"] as? [String] == ["tea"])
            #expect(server.requests[1].json["response_format"] == nil)
            #expect(server.requests[1].json["seed"] == nil)
        }
    }

    @Test(
        "Base URLs with and without a path lead to the same place",
        arguments: ["", "/", "/v1", "/v1/", "/v1/chat/completions", "  "])
    func baseURLs(path: String) async throws {
        try await ScriptedServer.with([.chat("Sencha")]) { server in
            let endpoint = OpenAICompatibleEndpoint(baseURL: server.baseURL + path, keyVariable: nil)
            _ = try await withModel(at: endpoint) { try await $0.response(to: plainRequest) }
            #expect(server.requests.first?.path == "/v1/chat/completions")
            #expect(server.requests.first?.header("authorization") == nil)
        }
    }

    @Test("A path of the server's own and a query are kept")
    func ownPath() throws {
        let address = try EndpointAddress("https://host:8443/openai/deployments/x/?api-version=2")
        #expect(
            address.url(of: "/embeddings") == "https://host:8443/openai/deployments/x/embeddings?api-version=2")
    }

    @Test(
        "A base URL that leads nowhere is refused before anything is sent",
        arguments: ["", "localhost:8080", "ftp://host", "http://", "http://user:password@host", "http://host/#x"])
    func badURLs(url: String) throws {
        let error = #expect(throws: ISRFError.self) {
            _ = try OpenAICompatibleModel("tea", at: .init(baseURL: url))
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.description.contains("password@") == false)
    }

    @Test("An answer that was cut short or refused says so, and an unnamed model goes by the requested name")
    func finishReasons() async throws {
        let refusal = #"{"choices":[{"message":{"content":null,"refusal":"No."},"finish_reason":"stop"}]}"#
        let parts = #"{"choices":[{"message":{"content":[{"type":"text","text":"Sen"},{"text":"cha"}]}}]}"#
        try await ScriptedServer.with([
            .chat("Sen", finish: "length"), .chat("", finish: "length"), .chat("", finish: "content_filter"),
            .init(text: refusal), .init(text: parts),
        ]) { server in
            try await withModel(of: server) { model in
                #expect(try await model.response(to: plainRequest).finishReason == .length)
                #expect(try await model.response(to: plainRequest).text.isEmpty)
                #expect(try await model.response(to: plainRequest).finishReason == .refusal)
                let refused = try await model.response(to: plainRequest)
                #expect(refused.finishReason == .refusal && refused.model == "tea-7b" && refused.usage == nil)
                let joined = try await model.response(to: plainRequest)
                #expect(joined.text == "Sencha" && joined.finishReason == .stop)
            }
        }
    }

    @Test("It keeps the contract of LanguageModel")
    func conformance() async throws {
        let server = try await ScriptedServer(latency: .milliseconds(20), script: ScriptedReply.obliging)
        let endpoint = OpenAICompatibleEndpoint(baseURL: server.baseURL, keyVariable: nil)
        let capabilities = LanguageModelCapabilities(
            jsonObject: true, jsonSchema: true, seed: true, concurrentRequests: 8)
        let violations = try await withModel(at: endpoint, capabilities: capabilities) {
            await Conformance.violations(of: $0)
        }
        await server.stop()
        try violations.requireNone()
    }

    @Test("Sixty-four calls are under way at once, each on a connection that is used again")
    func manyAtOnce() async throws {
        try await ScriptedServer.with(latency: .milliseconds(100), script: ScriptedReply.obliging) { server in
            try await withModel(of: server) { model in
                for _ in 0..<2 {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for _ in 0..<64 { group.addTask { _ = try await model.response(to: plainRequest) } }
                        try await group.waitForAll()
                    }
                }
            }
            #expect(server.mostAtOnce == 64)
            #expect(server.madeConnections <= 80)
            #expect(server.requestCount == 128)
        }
    }

    @Test("A request that no server could answer is refused without a call")
    func senselessRequests() async throws {
        try await ScriptedServer.with([.chat("Sencha")]) { server in
            try await withModel(of: server) { model in
                for request in [
                    LanguageModelRequest(messages: []),
                    LanguageModelRequest(messages: plainRequest.messages, maximumTokens: 0),
                    LanguageModelRequest(messages: plainRequest.messages, temperature: .nan),
                ] {
                    let failure = try await failedCall(model, request)
                    #expect(failure?.kind == .rejectedRequest)
                }
            }
            #expect(server.requestCount == 0)
        }
    }
}
