import Foundation
@testable import ISRFLanguageModels
import ScriptedServer
import Testing

@Suite("Cancelling and closing OpenAICompatibleModel")
struct CancellationTests {
    @Test("A cancelled call returns within a second and closes its connection, wherever it waits")
    func cancellation() async throws {
        let start = Array("{\"choices\":".utf8)
        for reply in [ScriptedReply.hang, .init(body: .hang(after: start)), .chat("Sencha").after(.seconds(60))] {
            try await ScriptedServer.with([reply]) { server in
                try await withModel(of: server) { model in
                    let calls = (0..<8).map { _ in Task { try await model.response(to: plainRequest) } }
                    while server.requestCount < 8 { try await Task.sleep(for: .milliseconds(5)) }
                    try await Task.sleep(for: .milliseconds(50))
                    let clock = ContinuousClock()
                    let time = await clock.measure {
                        for call in calls {
                            call.cancel()
                            await #expect(throws: CancellationError.self) { try await call.value }
                        }
                    }
                    #expect(time < .seconds(1))
                    #expect(await server.waitUntilIdle())
                }
            }
        }
    }

    @Test("A call of a cancelled task asks nothing")
    func cancelledBefore() async throws {
        try await ScriptedServer.with([.chat("Sencha")]) { server in
            try await withModel(of: server) { model in
                let call = Task {
                    while !Task.isCancelled { await Task.yield() }
                    return try await model.response(to: plainRequest)
                }
                call.cancel()
                await #expect(throws: CancellationError.self) { try await call.value }
            }
            #expect(server.requestCount == 0)
        }
    }

    @Test("Shutting down ends calls under way, closes every connection, may be repeated, and is final")
    func shutdown() async throws {
        try await ScriptedServer.with(script: { $0.number == 0 ? .chat("Sencha") : .hang }) { server in
            let model = try OpenAICompatibleModel("tea", at: .init(baseURL: server.baseURL))
            _ = try await model.response(to: plainRequest)
            #expect(server.openConnections == 1)
            let call = Task { try await failedCall(model) }
            while server.requestCount < 2 { try await Task.sleep(for: .milliseconds(5)) }
            await model.shutdown()
            await model.shutdown()
            let underWay = try await call.value
            #expect(underWay?.kind == .rejectedRequest)
            let later = try await failedCall(model)
            #expect(later?.kind == .rejectedRequest && later?.message.contains("shut down") == true)
            #expect(await server.waitUntilIdle())
        }
    }

    @Test("A scope closes its model, and a model that is dropped closes itself")
    func scopes() async throws {
        try await ScriptedServer.with([.chat("Sencha")]) { server in
            let endpoint = OpenAICompatibleEndpoint(baseURL: server.baseURL)
            let text = try await OpenAICompatibleModel.withModel("tea", at: endpoint) { model in
                try await model.response(to: plainRequest).text
            }
            #expect(text == "Sencha")
            #expect(await server.waitUntilIdle())
            await #expect(throws: CancellationError.self) {
                try await OpenAICompatibleModel.withModel("tea", at: endpoint) { model in
                    _ = try await model.response(to: plainRequest)
                    throw CancellationError()
                }
            }
            #expect(await server.waitUntilIdle())
            _ = try await OpenAICompatibleModel("tea", at: endpoint).response(to: plainRequest)
            #expect(await server.waitUntilIdle())
        }
    }

    #if os(Linux)
    @Test("No file is left open")
    func files() async throws {
        func open() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
        func round() async throws {
            try await ScriptedServer.with(latency: .milliseconds(5), script: ScriptedReply.obliging) { server in
                try await withModel(of: server) { model in
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for _ in 0..<32 { group.addTask { _ = try await model.response(to: plainRequest) } }
                        try await group.waitForAll()
                    }
                }
            }
        }
        try await round()
        let before = try open()
        for _ in 0..<3 { try await round() }
        // Suites that run beside this one open files of their own.
        #expect(try open() <= before + 24)
    }
    #endif
}
