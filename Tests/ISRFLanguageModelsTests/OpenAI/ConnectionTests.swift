import Foundation
import ISRFCore
@testable import ISRFLanguageModels
import ScriptedServer
import Testing

@Suite("Connections of OpenAICompatibleModel")
struct ConnectionTests {
    /// Runs `body` with the path of a file that holds the tests' authority.
    private func withAuthority(_ body: (String) async throws -> Void) async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("authority-\(UUID()).pem")
        try Data(TestCertificate.authority.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        try await body(file.path)
    }

    private func failureOfCall(at endpoint: OpenAICompatibleEndpoint) async throws -> LanguageModelFailure? {
        try await withModel(at: endpoint) { try await failedCall($0) }
    }

    @Test("TLS works with a certificate authority from a file", arguments: ["localhost", "127.0.0.1"])
    func ownAuthority(host: String) async throws {
        try await withAuthority { path in
            try await ScriptedServer.with([.chat("Sencha")], tls: .right) { server in
                let endpoint = OpenAICompatibleEndpoint(
                    baseURL: server.baseURL(host: host), keyVariable: "TEST_KEY", certificateAuthorities: path)
                let failure = try await failureOfCall(at: endpoint)
                #expect(failure == nil)
                #expect(server.requests.first?.header("authorization") == "Bearer \(testKey)")
            }
        }
    }

    @Test("A certificate of another name or of an unknown authority ends the run, and nothing is sent")
    func refusedCertificates() async throws {
        try await withAuthority { path in
            try await ScriptedServer.with([.chat("Sencha")], tls: .wrong) { server in
                for host in ["localhost", "127.0.0.1"] {
                    let failure = try await failureOfCall(
                        at: .init(baseURL: server.baseURL(host: host), certificateAuthorities: path))
                    #expect(failure?.kind == .forbidden)
                    #expect(failure?.message.contains("certificate") == true)
                }
                #expect(server.requestCount == 0)
            }
            try await ScriptedServer.with([.chat("Sencha")], tls: .right) { server in
                let failure = try await failureOfCall(at: .init(baseURL: server.baseURL(host: "localhost")))
                #expect(failure?.kind == .forbidden)
                #expect(server.requestCount == 0)
            }
        }
    }

    @Test("Neither side's wrong protocol brings the caller down")
    func mixedProtocols() async throws {
        try await ScriptedServer.with([.chat("Sencha")], tls: .right) { server in
            let plain = try await failureOfCall(at: .init(baseURL: "http://127.0.0.1:\(server.port)"))
            #expect(plain?.kind.isLasting == false)
        }
        try await ScriptedServer.with([.chat("Sencha")]) { server in
            let secure = try await failureOfCall(at: .init(baseURL: "https://127.0.0.1:\(server.port)"))
            #expect(secure?.kind.isLasting == false)
        }
    }

    @Test("A file with certificate authorities that is missing or holds none is refused by name")
    func badAuthorityFiles() throws {
        let missing = #expect(throws: ISRFError.self) {
            _ = try OpenAICompatibleModel(
                "tea", at: .init(baseURL: "https://localhost", certificateAuthorities: "/no/such/file.pem"))
        }
        #expect(missing?.code == .fileAccess && missing?.location?.file == "/no/such/file.pem")
        let source = #filePath
        let empty = #expect(throws: ISRFError.self) {
            _ = try OpenAICompatibleModel(
                "tea", at: .init(baseURL: "https://localhost", certificateAuthorities: source))
        }
        #expect(empty?.code == .invalidData)
    }

    @Test("A proxy is asked to connect, and its refusal is told as its own")
    func proxy() async throws {
        try await ScriptedServer.with([.error(407)]) { proxy in
            let address = "http://tester:open-sesame@127.0.0.1:\(proxy.port)"
            let endpoint = OpenAICompatibleEndpoint(
                baseURL: "https://models.example", keyVariable: "TEST_KEY", proxy: address)
            let failure = try await failureOfCall(at: endpoint)
            #expect(failure?.kind == .forbidden && failure?.message.contains("proxy") == true)
            let request = try #require(proxy.requests.first)
            #expect(request.method == "CONNECT" && request.path == "models.example:443")
            #expect(request.header("proxy-authorization")?.hasPrefix("Basic ") == true)
            #expect(request.header("authorization") == nil)
            #expect(!"\(endpoint)".contains("sesame"))
        }
    }

    #if os(Linux)
    @Test("A machine that does not take up the connection is given up in time")
    func connectTimeout() async throws {
        // Linux answers nobody once as many wait to be accepted as the backlog allows.
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && listen(listener, 0) == 0
                    && getsockname(listener, address, &length) == 0
            }
        }
        try #require(isListening)
        let others = (0..<4).map { _ in
            let other = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = connect(other, $0, length) }
            }
            return other
        }
        defer { for descriptor in others + [listener] { close(descriptor) } }
        try await Task.sleep(for: .milliseconds(50))
        let endpoint = OpenAICompatibleEndpoint(
            baseURL: "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))", keyVariable: nil,
            timeouts: .init(connect: .milliseconds(200), idle: .seconds(60), total: .seconds(60)))
        let start = ContinuousClock.now
        let failure = try await failureOfCall(at: endpoint)
        #expect(failure?.kind == .timedOut)
        #expect(ContinuousClock.now - start < .seconds(20))
    }
    #endif

    @Test("Unusable options are refused by name before anything is sent")
    func badOptions() throws {
        func field(_ endpoint: OpenAICompatibleEndpoint, key: String = testKey) -> String? {
            do {
                _ = try OpenAICompatibleModel("tea", at: endpoint, environment: ["OPENAI_API_KEY": key])
                return nil
            } catch let error as ISRFError {
                #expect(!error.description.contains("secret"))
                return error.location?.field
            } catch {
                return "\(error)"
            }
        }
        let url = "http://127.0.0.1"
        #expect(field(.init(baseURL: url, headers: ["X-Y": "a\r\nb: secret"])) == "headers")
        #expect(field(.init(baseURL: url, headers: ["X Y": "secret"])) == "headers")
        #expect(field(.init(baseURL: url), key: "secret\nkey") == "keyVariable")
        #expect(field(.init(baseURL: url, timeouts: .init(total: .zero))) == "timeouts.total")
        #expect(field(.init(baseURL: url, proxy: "ftp://secret@host")) == "proxy")
        #expect(field(.init(baseURL: url, maximumResponseBytes: 0)) == "maximumResponseBytes")
        #expect(field(.init(baseURL: url), key: "  key-with-newline\n") == nil)
    }

    @Test("The key appears in no description, dump or mirror, nor in the message of a server that repeats it")
    func secrecy() async throws {
        let replies = [401, 400, 500, 302].map {
            ScriptedReply.error($0, "Incorrect key \(testKey), team tea-secret-team")
        }
        try await ScriptedServer.with(replies) { server in
            let endpoint = OpenAICompatibleEndpoint(
                baseURL: server.baseURL, keyVariable: "TEST_KEY", headers: ["X-Team": "tea-secret-team"])
            try await withModel(at: endpoint) { model in
                var shown = "\(model) \(String(reflecting: model)) \(endpoint) \(String(reflecting: endpoint))"
                dump(model, to: &shown)
                dump(endpoint, to: &shown)
                for child in Mirror(reflecting: model).children { shown += "\(child)" }
                for _ in replies {
                    let failure = try #require(try await failedCall(model))
                    shown += "\(failure) \(String(reflecting: failure))"
                    dump(failure, to: &shown)
                }
                #expect(shown.contains("Incorrect key") && shown.contains("TEST_KEY"))
                #expect(!shown.contains("secret"))
            }
        }
    }

    @Test("A refused key is told with the name of the variable that holds it or should")
    func keyHint() async throws {
        let failure = try await failure(to: .error(401))
        #expect(failure?.message.contains("TEST_KEY") == true)
        try await ScriptedServer.with([.error(401)]) { server in
            let unset = try await failureOfCall(at: .init(baseURL: server.baseURL, keyVariable: "NO_SUCH_KEY"))
            #expect(unset?.message.contains("NO_SUCH_KEY is not set") == true)
        }
    }
}
