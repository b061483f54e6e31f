internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// An HTTP server on the loopback interface that does to its clients whatever a script says.
///
/// It has a thread of its own, which ends with `stop()`; connections, calls under way and timers end with it.
public final class ScriptedServer: Sendable {
    /// Decides about one request; called for several at once.
    public typealias Script = @Sendable (ScriptedRequest) -> ScriptedReply

    private let group: MultiThreadedEventLoopGroup
    private let listener: any Channel
    private let state: ScriptedServerState
    private let scheme: String
    /// The port that the system chose.
    public let port: Int

    /// Starts a server.
    /// - Parameters:
    ///   - tls: The certificate to show, nil for plain HTTP.
    ///   - latency: How long each reply waits that does not say so itself.
    ///   - keptRequests: How many requests are remembered at most.
    ///   - port: The port; 0 lets the system choose.
    ///   - script: What to do.
    public init(
        tls: TestCertificate? = nil, latency: Duration = .zero, keptRequests: Int = 10_000, port: Int = 0,
        script: @escaping Script
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let state = ScriptedServerState(keptRequests: keptRequests)
        let tlsContext = try tls.map { certificate in
            try NIOSSLContext(
                configuration: .makeServerConfiguration(
                    certificateChain: [
                        .certificate(try NIOSSLCertificate(bytes: Array(certificate.certificate.utf8), format: .pem))
                    ],
                    privateKey: .privateKey(
                        try NIOSSLPrivateKey(bytes: Array(certificate.privateKey.utf8), format: .pem))))
        }
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tlsContext { try pipeline.addHandler(NIOSSLServerHandler(context: tlsContext)) }
                    try pipeline.configureHTTPServerPipeline(
                        withPipeliningAssistance: false, withErrorHandling: false)
                    try pipeline.addHandler(ScriptedHandler(state: state, latency: latency, script: script))
                }
            }
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
        do {
            listener = try await bootstrap.bind(host: "127.0.0.1", port: port).get()
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        self.port = listener.localAddress?.port ?? 0
        self.group = group
        self.state = state
        scheme = tls == nil ? "http" : "https"
    }

    /// Starts a server that gives replies in their order and repeats the last one.
    public convenience init(_ replies: [ScriptedReply], tls: TestCertificate? = nil) async throws {
        precondition(!replies.isEmpty, "a script has a reply")
        try await self.init(tls: tls) { replies[min($0.number, replies.count - 1)] }
    }

    /// Runs `body` with a server and stops it however that ends.
    @discardableResult
    public static func with<Result>(
        tls: TestCertificate? = nil, latency: Duration = .zero, script: @escaping Script,
        _ body: (ScriptedServer) async throws -> Result
    ) async throws -> Result {
        try await run(ScriptedServer(tls: tls, latency: latency, script: script), body)
    }

    /// Runs `body` with a server that gives replies in their order and repeats the last one.
    @discardableResult
    public static func with<Result>(
        _ replies: [ScriptedReply], tls: TestCertificate? = nil, _ body: (ScriptedServer) async throws -> Result
    ) async throws -> Result {
        try await run(ScriptedServer(replies, tls: tls), body)
    }

    private static func run<Result>(
        _ server: ScriptedServer, _ body: (ScriptedServer) async throws -> Result
    ) async throws -> Result {
        do {
            let result = try await body(server)
            await server.stop()
            return result
        } catch {
            await server.stop()
            throw error
        }
    }

    /// The address to give to a client.
    public var baseURL: String { baseURL(host: "127.0.0.1") }

    /// The address to give to a client that is to see another name for this machine.
    public func baseURL(host: String) -> String { "\(scheme)://\(host):\(port)" }

    /// The requests so far, in the order of their numbers.
    public var requests: [ScriptedRequest] { state.requests }
    /// How many requests came, remembered or not.
    public var requestCount: Int { state.counts.requests }
    /// How many connections are open.
    public var openConnections: Int { state.counts.open }
    /// How many connections were ever made.
    public var madeConnections: Int { state.counts.made }
    /// The most requests that waited for their replies at once.
    public var mostAtOnce: Int { state.counts.mostAtOnce }
    /// Bytes of bodies that were handed to the network.
    public var sentBytes: Int { state.counts.sentBytes }

    /// Waits until no connection is open.
    /// - Returns: Whether that came true in time.
    public func waitUntilIdle(atMost limit: Duration = .seconds(5)) async -> Bool {
        let end = ContinuousClock.now + limit
        while openConnections > 0 {
            guard ContinuousClock.now < end else { return false }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return true
    }

    /// Closes everything.
    public func stop() async {
        try? await listener.close()
        for channel in state.channels { channel.close(promise: nil) }
        // Closed connections end the replies under way, which must not meet a thread that is gone.
        while state.counts.replies > 0 { try? await Task.sleep(for: .milliseconds(1)) }
        try? await group.shutdownGracefully()
    }

    /// Runs until the listening socket is closed.
    public func run() async throws {
        try await listener.closeFuture.get()
    }
}
