import ISRFCore
import ISRFKitTesting
@testable import ISRFLanguageModels
import ISRFNumerics
import ScriptedServer
import Testing

@Suite("OpenAICompatibleTextEncoder")
struct OpenAICompatibleTextEncoderTests {
    private static let quick = LanguageModelLimits(
        maximumAttempts: 3, initialBackoff: .milliseconds(1), maximumBackoff: .milliseconds(2))

    private func withEncoder<Result>(
        of server: ScriptedServer, dimensions: Int? = nil, batchSize: Int = 64, maximumCharacters: Int = 4_000,
        limits: LanguageModelLimits = Self.quick,
        _ body: (OpenAICompatibleTextEncoder) async throws -> Result
    ) async throws -> Result {
        let endpoint = OpenAICompatibleEndpoint(baseURL: server.baseURL, keyVariable: "TEST_KEY")
        let encoder = try OpenAICompatibleTextEncoder(
            "tea-embed", at: endpoint, dimensions: dimensions, batchSize: batchSize,
            maximumCharacters: maximumCharacters, limits: limits, environment: ["TEST_KEY": testKey])
        do {
            let result = try await body(encoder)
            await encoder.shutdown()
            return result
        } catch {
            await encoder.shutdown()
            throw error
        }
    }

    /// The failure of encoding two texts.
    private func failure(to reply: ScriptedReply, dimensions: Int? = nil) async throws -> LanguageModelFailure? {
        try await ScriptedServer.with([reply]) { server in
            try await withEncoder(of: server, dimensions: dimensions) { encoder in
                do {
                    _ = try await encoder.encode(["green", "black"])
                    return nil
                } catch let failure as LanguageModelFailure {
                    #expect(server.requestCount == (failure.kind.isLasting ? 1 : 3))
                    return failure
                }
            }
        }
    }

    @Test("It keeps the contract of TextEncoder")
    func conformance() async throws {
        try await ScriptedServer.with(latency: .milliseconds(5), script: ScriptedReply.obliging) { server in
            let violations = try await withEncoder(of: server, batchSize: 8) { await Conformance.violations(of: $0) }
            try violations.requireNone()
        }
    }

    @Test("Rows stand in the order of the texts with unit length, whatever the order and lengths of the answer")
    func order() async throws {
        try await ScriptedServer.with([.embeddings([[3, 4], [0, -2], [1e200, 0]], order: [2, 0, 1])]) { server in
            let rows = try await withEncoder(of: server) { try await $0.encode(["a", "b", "c"]) }
            #expect(rows == Matrix([[0.6, 0.8], [0, -1], [1, 0]]))
            let request = try #require(server.requests.first)
            #expect(request.path == "/v1/embeddings" && request.inputs == ["a", "b", "c"])
            #expect(request.json["model"] as? String == "tea-embed")
            #expect(request.json["dimensions"] == nil)
            #expect(request.header("authorization") == "Bearer \(testKey)")
        }
    }

    @Test("Batches are of the given size, several at once, and put together in order")
    func batches() async throws {
        let texts = (0..<103).map { $0 % 10 == 3 ? " " : "text \($0)" }
        try await ScriptedServer.with(script: { request in
            // Later batches are answered first.
            ScriptedReply.obliging(request).after(.milliseconds(max(0, 40 - 10 * request.number)))
        }) { server in
            try await withEncoder(of: server, batchSize: 10) { encoder in
                let all = try await encoder.encode(texts)
                #expect(server.requests.allSatisfy { $0.inputs.count <= 10 && !$0.inputs.contains(" ") })
                #expect(server.requestCount == 10)
                #expect((2...4).contains(server.mostAtOnce))
                for place in [0, 3, 50, 102] {
                    #expect(try await encoder.encode([texts[place]]).row(0) == all.row(place))
                }
            }
        }
    }

    @Test("Empty texts get zero rows and are not sent")
    func emptyTexts() async throws {
        try await ScriptedServer.with(script: ScriptedReply.obliging) { server in
            try await withEncoder(of: server) { encoder in
                let rows = try await encoder.encode(["", "tea", " \n\u{3000}"])
                #expect(server.requests.map(\.inputs) == [["tea"]])
                #expect(rows.row(0).allSatisfy { $0 == 0 } && rows.row(2).allSatisfy { $0 == 0 })
                #expect(rows.row(1).contains { $0 != 0 })
                #expect(try await encoder.encode(["", ""]) == Matrix(rows: 2, columns: rows.columns))
                #expect(try await encoder.encode([]).rows == 0)
                #expect(server.requestCount == 1)
            }
        }
    }

    @Test("Long texts are cut, and a wanted width is asked for")
    func options() async throws {
        try await ScriptedServer.with([.embeddings([[1, 0, 0]])]) { server in
            let rows = try await withEncoder(of: server, dimensions: 3, maximumCharacters: 5) { encoder in
                try await encoder.encode(["🍵🍵🍵🍵🍵🍵🍵"])
            }
            #expect(rows.columns == 3)
            #expect(server.requests.first?.inputs == ["🍵🍵🍵🍵🍵"])
            #expect(server.requests.first?.json["dimensions"] as? Int == 3)
        }
    }

    @Test("Passing failures are asked again, lasting ones are not")
    func retries() async throws {
        let good = ScriptedReply.embeddings([[1, 0], [0, 1]])
        for bad in [.error(429, headers: [("retry-after-ms", "1")]), .error(500), .reset, ScriptedReply.page(200)] {
            try await ScriptedServer.with([bad, bad, good]) { server in
                let rows = try await withEncoder(of: server) { try await $0.encode(["green", "black"]) }
                #expect(rows == Matrix([[1, 0], [0, 1]]))
                #expect(server.requestCount == 3)
            }
        }
        #expect(try await failure(to: .error(401))?.kind == .unauthorised)
        #expect(try await failure(to: .error(404))?.kind == .notFound)
        #expect(try await failure(to: .error(400))?.kind == .rejectedRequest)
        #expect(try await failure(to: .error(503))?.kind == .overloaded)
    }

    @Test(
        "Unusable vectors are named",
        arguments: [
            (#"{"data":[{"index":0,"embedding":[1,0]}]}"#, "1 vectors"),
            (#"{"data":[{"index":0,"embedding":[1,0]},{"index":2,"embedding":[1,0]}]}"#, "index 2"),
            (#"{"data":[{"index":0,"embedding":[1,0]},{"index":-1,"embedding":[1,0]}]}"#, "index -1"),
            (#"{"data":[{"index":1,"embedding":[1,0]},{"index":1,"embedding":[1,0]}]}"#, "two vectors"),
            (#"{"data":[{"index":0,"embedding":[1,0]},{"index":1,"embedding":[1,0,0]}]}"#, "3 numbers"),
            (#"{"data":[{"index":0,"embedding":[]},{"index":1,"embedding":[]}]}"#, "0 numbers"),
            (#"{"data":[{"index":0,"embedding":[1,0]},{"index":1,"embedding":[null,0]}]}"#, "finite"),
            (#"{"data":[{"index":0,"embedding":[1,0]},{"index":1,"embedding":[0,0]}]}"#, "zero"),
            (#"{"data":[{"index":0,"embedding":[1,0]},{"index":1,"embedding":[NaN,0]}]}"#, "JSON"),
            (#"{"data":[{"index":0,"embedding":[1,0]},{"ind"#, "cut off"), ("{}", "JSON"), ("", "cut off"),
        ])
    func badVectors(body: String, word: String) async throws {
        let failure = try await failure(to: .init(text: body))
        #expect(failure?.kind == .invalidResponse)
        #expect(failure?.message.contains(word) == true, "\(failure?.message ?? "")")
    }

    @Test("A width that is not the wanted one or the one before is reported")
    func widths() async throws {
        let wanted = try await failure(to: .embeddings([[1, 0], [0, 1]]), dimensions: 3)
        #expect(wanted?.message.contains("3 were expected") == true)
        try await ScriptedServer.with([.embeddings([[1, 0]]), .embeddings([[1, 0, 0]])]) { server in
            try await withEncoder(of: server) { encoder in
                let first = try await encoder.encode(["a"])
                #expect(first.columns == 2)
                await #expect(throws: LanguageModelFailure.self) { try await encoder.encode(["b"]) }
            }
        }
    }

    @Test("A cancelled call returns within a second, also while it waits to try again")
    func cancellation() async throws {
        for reply in [ScriptedReply.hang, .error(429, headers: [("Retry-After", "60")])] {
            try await ScriptedServer.with([reply]) { server in
                try await withEncoder(of: server) { encoder in
                    let call = Task { try await encoder.encode(["green"]) }
                    while server.requestCount < 1 { try await Task.sleep(for: .milliseconds(5)) }
                    try await Task.sleep(for: .milliseconds(50))
                    let time = await ContinuousClock().measure {
                        call.cancel()
                        await #expect(throws: CancellationError.self) { try await call.value }
                    }
                    #expect(time < .seconds(1))
                }
            }
        }
    }

    @Test("Options out of their range are refused by name, and the key shows nowhere")
    func configuration() async throws {
        let endpoint = OpenAICompatibleEndpoint(baseURL: "http://127.0.0.1:1", keyVariable: "TEST_KEY")
        let error = #expect(throws: ISRFError.self) {
            _ = try OpenAICompatibleTextEncoder("tea", at: endpoint, batchSize: 0)
        }
        #expect(error?.location?.field == "batchSize")
        let encoder = try OpenAICompatibleTextEncoder("tea", at: endpoint, environment: ["TEST_KEY": testKey])
        var shown = "\(encoder) \(String(reflecting: encoder))"
        dump(encoder, to: &shown)
        #expect(shown.contains("tea at") && !shown.contains("secret"))
        await encoder.shutdown()
    }
}
