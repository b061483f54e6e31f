@testable import ISRFLanguageModels
import ScriptedServer
import Testing

@Suite("A bad server")
struct BadServerTests {
    @Test(
        "Each status becomes the failure that says whether to ask again",
        arguments: [
            (400, .rejectedRequest), (401, .unauthorised), (402, .balanceExhausted), (403, .forbidden),
            (404, .notFound), (408, .timedOut), (409, .overloaded), (418, .rejectedRequest), (422, .rejectedRequest),
            (429, .rateLimited), (500, .overloaded), (502, .overloaded), (503, .overloaded), (529, .overloaded),
        ] as [(Int, LanguageModelFailure.Kind)])
    func statuses(status: Int, kind: LanguageModelFailure.Kind) async throws {
        let failure = try await failure(to: .error(status, "so it is"))
        #expect(failure?.kind == kind)
        #expect(failure?.message.contains("\(status)") == true)
        #expect(failure?.message.contains("so it is") == true)
    }

    @Test(
        "Errors are found wherever a server puts them",
        arguments: [
            #"{"error":"so it is"}"#, #"{"message":"so it is"}"#, #"{"detail":[{"msg":"so it is"}]}"#, "so\nit is",
            #"{"object":"error","error":{"message":"so it is","code":400}}"#,
        ])
    func errorBodies(body: String) async throws {
        let failure = try await failure(to: .init(status: 400, text: body))
        #expect(failure?.message.contains("so it is") == true)
    }

    @Test("An account without balance is told from too many requests")
    func balance() async throws {
        let quota = try await failure(
            to: .error(429, "You exceeded your current quota, please check your plan.", code: "insufficient_quota"))
        #expect(quota?.kind == .balanceExhausted)
        let busy = try await failure(to: .error(429, "Rate limit reached for requests.", code: "rate_limit_exceeded"))
        #expect(busy?.kind == .rateLimited)
    }

    @Test("An error inside an answer with status 200 is a failure, by its own code")
    func errorWithin() async throws {
        let limited = try await failure(to: .init(text: #"{"error":{"code":429,"message":"slow down"}}"#))
        #expect(limited?.kind == .rateLimited)
        let inChoice = try await failure(
            to: .init(text: #"{"choices":[{"error":{"code":502,"message":"upstream"},"message":{"content":""}}]}"#))
        #expect(inChoice?.kind == .overloaded)
    }

    @Test("A wait is read in seconds, fractions of them, milliseconds, and from a date by the server's own clock")
    func retryAfter() async throws {
        let forms: [([(name: String, value: String)], Duration?)] = [
            ([("Retry-After", "7")], .seconds(7)),
            ([("Retry-After", " 1.5")], .milliseconds(1500)),
            ([("Retry-After", "20"), ("retry-after-ms", "250")], .milliseconds(250)),
            (
                [("Date", "Tue, 29 Feb 2028 23:59:50 GMT"), ("Retry-After", "Wed, 01 Mar 2028 00:00:20 GMT")],
                .seconds(30)
            ),
            (
                [("Date", "Tue, 29 Feb 2028 23:59:50 GMT"), ("Retry-After", "Wed Mar  1 00:00:20 2028")], .seconds(30)
            ),
            ([("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT")], .zero),
            ([("Retry-After", "-4")], .zero),
            ([("Retry-After", "soon")], nil),
            ([], nil),
        ]
        for (headers, wait) in forms {
            let failure = try await failure(to: .error(429, headers: headers))
            #expect(failure?.kind == .rateLimited)
            #expect(failure?.retryAfter == wait, "\(headers)")
        }
    }

    @Test(
        "What is no answer is a passing failure",
        arguments: [
            String(ScriptedReply.chatText("Sencha").dropLast(40)), "", "null", "[]", "{}", #"{"choices":[]}"#,
            #"{"choices":[{"message":{"content":""},"finish_reason":"stop"}]}"#,
            #"{"choices":[{"message":{"content":" \n"},"finish_reason":"stop"}]}"#,
            #"{"choices":[{"message":{"content":null,"tool_calls":[]},"finish_reason":"tool_calls"}]}"#,
            #"{"choices":[{"message":{"content":"\ud800"},"finish_reason":"stop"}]}"#,
            #"{"choices":[{"message":{"content":"x"},"finish_reason":"error"}]}"#,
        ])
    func noAnswers(body: String) async throws {
        #expect(try await failure(to: .init(text: body))?.kind == .invalidResponse)
    }

    @Test("An empty answer's tokens are counted")
    func tokensOfEmptyAnswers() async throws {
        let failure = try await failure(to: .chat("", promptTokens: 30, completionTokens: 4))
        #expect(failure?.usage == .init(promptTokens: 30, completionTokens: 4))
    }

    @Test("A page and invalid UTF-8 are named as what they are")
    func pagesAndBytes() async throws {
        let page = try await failure(to: .page(200))
        #expect(page?.kind == .invalidResponse && page?.message.contains("page") == true)
        let gateway = try await failure(to: .page(502))
        #expect(gateway?.kind == .overloaded && gateway?.message.contains("HTML") == true)
        var bytes = Array(ScriptedReply.chatText("Sen?cha").utf8)
        if let place = bytes.firstIndex(of: UInt8(ascii: "?")) { bytes[place] = 0xFF }
        let broken = try await failure(to: .init(body: .bytes(bytes)))
        #expect(broken?.kind == .invalidResponse && broken?.message.contains("UTF-8") == true)
    }

    @Test("A connection that is reset, closed or cut off within an answer is lost in passing")
    func lostConnections() async throws {
        for reply in [.reset, .close, ScriptedReply(body: .cutOff(Array("{\"choices\":".utf8)))] {
            #expect(try await failure(to: reply)?.kind == .connectionLost)
        }
        let server = try await ScriptedServer([.hang])
        let url = server.baseURL
        await server.stop()
        try await withModel(at: .init(baseURL: url)) { model in
            let failure = try await failedCall(model)
            #expect(failure?.kind == .connectionLost)
        }
    }

    @Test("A server that says nothing, stops in the middle or drips for ever is given up in time")
    func hanging() async throws {
        let idle = OpenAICompatibleEndpoint.Timeouts(idle: .milliseconds(200), total: .seconds(30))
        let start = Array("{\"choices\":".utf8)
        for reply in [.hang, ScriptedReply(body: .hang(after: start))] {
            #expect(try await failure(to: reply, timeouts: idle)?.kind == .timedOut)
        }
        let total = OpenAICompatibleEndpoint.Timeouts(idle: .seconds(30), total: .milliseconds(300))
        let drip = ScriptedReply(
            body: .drip(Array(ScriptedReply.chatText("Sencha").utf8), size: 1, every: .milliseconds(20)))
        for reply in [.hang, ScriptedReply(body: .hang(after: start)), drip] {
            let failure = try await failure(to: reply, timeouts: total)
            #expect(failure?.kind == .timedOut && failure?.message.contains("0.3") == true)
        }
    }

    @Test("An answer that drips in time is an answer")
    func drip() async throws {
        let text = Array(ScriptedReply.chatText("Sencha 🍵").utf8)
        try await ScriptedServer.with([.init(body: .drip(text, size: 7, every: .milliseconds(2)))]) { server in
            let response = try await withModel(of: server) { try await $0.response(to: plainRequest) }
            #expect(response.text == "Sencha 🍵")
        }
    }

    @Test("Three hundred megabytes are given up while they arrive", arguments: [true, false])
    func endless(announced: Bool) async throws {
        let reply = ScriptedReply(body: .endless(bytes: 300 << 20, announced: announced))
        try await ScriptedServer.with([reply]) { server in
            try await withModel(of: server, maximumResponseBytes: 1 << 20) { model in
                let failure = try await failedCall(model)
                #expect(failure?.kind == .invalidResponse && failure?.message.contains("1048576") == true)
            }
            #expect(await server.waitUntilIdle())
            #expect(server.sentBytes < 30 << 20)
        }
    }

    @Test("Redirects are not followed, and the key goes nowhere else", arguments: [301, 302, 307, 308])
    func redirects(status: Int) async throws {
        try await ScriptedServer.with([.chat("Sencha")]) { other in
            let target = other.baseURL + "/v1/chat/completions"
            let failure = try await failure(to: .error(status, headers: [("Location", target)]))
            #expect(failure?.kind == .rejectedRequest && failure?.message.contains(target) == true)
            #expect(other.madeConnections == 0)
        }
    }

    @Test("A refused form of answer is told from trouble")
    func refusedForms() async throws {
        let named = ScriptedReply.error(500, "grammar could not be compiled")
        #expect(try await failure(to: named, request: schemaRequest)?.kind == .unsupportedAnswerForm)
        #expect(try await failure(to: named)?.kind == .overloaded)
        let bad = ScriptedReply.error(400, "Invalid value.")
        let refused = try await failure(to: bad, request: schemaRequest)
        #expect(refused?.kind == .unsupportedAnswerForm && refused?.message.contains("400") == true)
        #expect(try await failure(to: bad)?.kind == .rejectedRequest)
        let long = ScriptedReply.error(
            400, "This model's maximum context length is 4096.", code: "context_length_exceeded")
        #expect(try await failure(to: long, request: schemaRequest)?.kind == .rejectedRequest)
        #expect(try await failure(to: .error(429), request: schemaRequest)?.kind == .rateLimited)
        #expect(try await failure(to: .error(503), request: schemaRequest)?.kind == .overloaded)
    }

    @Test("A form that has never been answered counts as refused from the third bare 500 on; one that has, never")
    func bareServerErrors() async throws {
        func kinds(_ replies: [ScriptedReply]) async throws -> [LanguageModelFailure.Kind?] {
            try await ScriptedServer.with(replies) { server in
                try await withModel(of: server) { model in
                    var kinds: [LanguageModelFailure.Kind?] = []
                    for _ in replies { kinds.append(try await failedCall(model, schemaRequest)?.kind) }
                    return kinds
                }
            }
        }
        let error = ScriptedReply.error(500)
        #expect(
            try await kinds([error, error, error, error])
                == [.overloaded, .overloaded, .unsupportedAnswerForm, .unsupportedAnswerForm])
        #expect(
            try await kinds([error, .chat("{}"), error, error, error])
                == [.overloaded, nil, .overloaded, .overloaded, .overloaded])
    }
}
