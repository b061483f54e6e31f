internal import AsyncHTTPClient
internal import Foundation
internal import ISRFCore
internal import ISRFReasoning
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization

/// An HTTP client of its own for one endpoint: posts JSON and brings back what the server answered, within bounds.
///
/// Nothing is retried here. When the last reference goes without `shutdown()`, the connections are closed all the same.
final class HTTPTransport: Sendable {
    private let client: HTTPClient
    private let address: EndpointAddress
    private let headers: HTTPHeaders
    private let timeouts: OpenAICompatibleEndpoint.Timeouts
    private let maximumResponseBytes: Int
    private let secrets: SecretRedaction
    private let isClosed = Mutex(false)
    /// What to say about the key when the server refuses it.
    let keyHint: String

    /// - Parameters:
    ///   - endpoint: What to reach and how.
    ///   - environment: Where the key is looked up.
    /// - Throws: `ISRFError` when an option is out of its range or a file cannot be read.
    init(_ endpoint: OpenAICompatibleEndpoint, environment: [String: String]) throws {
        address = try EndpointAddress(endpoint.baseURL)
        let credentials = try EndpointCredentials(endpoint, environment: environment)
        headers = credentials.headers
        secrets = credentials.secrets
        keyHint = credentials.hint
        timeouts = endpoint.timeouts
        maximumResponseBytes = endpoint.maximumResponseBytes
        client = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: try HTTPClient.Configuration(endpoint))
        if credentials.hasKey, address.isUnprotected {
            Logger(label: "ISRFLanguageModels").warning(
                "The key is sent unencrypted to another machine; use https.", metadata: ["server": "\(endpoint)"])
        }
    }

    deinit {
        let client = client
        guard !isClosed.withLock({ $0 }) else { return }
        client.shutdown { _ in }
    }

    /// Closes all connections; calls under way fail. Later calls of this function do nothing.
    func shutdown() async {
        let first = isClosed.withLock { closed in
            defer { closed = true }
            return !closed
        }
        guard first else { return }
        try? await client.shutdown()
    }

    /// Posts a JSON text.
    /// - Returns: The answer, whatever its status.
    /// - Throws: `LanguageModelFailure` when there is none, `CancellationError`.
    func post(_ body: [UInt8], to resource: String) async throws -> HTTPAnswer {
        try Task.checkCancellation()
        var request = HTTPClientRequest(url: address.url(of: resource))
        request.method = .POST
        request.headers = headers
        request.body = .bytes(ByteBuffer(bytes: body))
        let prepared = request
        // The client's own deadline ends with the head of an answer; this one covers the body too.
        let expired = Flag()
        let work = Task { try await self.exchange(prepared) }
        let timer = HTTPClient.defaultEventLoopGroup.any().scheduleTask(in: TimeAmount(timeouts.total)) {
            expired.raise()
            work.cancel()
        }
        defer { timer.cancel() }
        do {
            return try await withTaskCancellationHandler {
                try await work.value
            } onCancel: {
                work.cancel()
            }
        } catch {
            if Task.isCancelled { throw CancellationError() }
            if expired.isRaised {
                throw LanguageModelFailure(.timedOut, "The server did not finish its answer within \(timeouts.total).")
            }
            throw (error as? LanguageModelFailure) ?? LanguageModelFailure(transport: error, secrets: secrets)
        }
    }

    private func exchange(_ request: HTTPClientRequest) async throws -> HTTPAnswer {
        // Only a safety net: `post` ends the call before.
        let net = NIODeadline.now() + TimeAmount(timeouts.total) + .seconds(60)
        let response = try await client.execute(request, deadline: net)
        let status = Int(response.status.code)
        let isAnswer = status == 200
        let limit = isAnswer ? maximumResponseBytes : min(maximumResponseBytes, 1 << 16)
        func tooLong() -> LanguageModelFailure {
            LanguageModelFailure(.invalidResponse, "The server's answer is longer than \(limit) bytes.")
        }
        if isAnswer, let length = response.headers.first(name: "content-length").flatMap(Int.init), length > limit {
            throw tooLong()
        }
        var bytes: [UInt8] = []
        for try await chunk in response.body {
            let room = limit - bytes.count
            if chunk.readableBytes > room {
                if isAnswer { throw tooLong() }
                bytes.append(contentsOf: chunk.readableBytesView.prefix(room))
                break
            }
            bytes.append(contentsOf: chunk.readableBytesView)
        }
        return HTTPAnswer(
            status: status, reason: response.status.reasonPhrase, body: bytes,
            location: response.headers.first(name: "location"),
            retryAfter: RetryAfter.parse(
                seconds: response.headers.first(name: "retry-after"),
                milliseconds: response.headers.first(name: "retry-after-ms"),
                serverDate: response.headers.first(name: "date")),
            secrets: secrets)
    }
}

extension HTTPTransport: CustomReflectable {
    /// Shows nothing: the headers hold the key.
    var customMirror: Mirror { Mirror(self, children: [], displayStyle: .class) }
}

/// What a server answered.
struct HTTPAnswer: Sendable {
    var status: Int
    var reason: String
    var body: [UInt8]
    var location: String?
    var retryAfter: Duration?
    var secrets: SecretRedaction
}

/// Something that can happen once.
private final class Flag: Sendable {
    private let value = Atomic(false)
    func raise() { value.store(true, ordering: .releasing) }
    var isRaised: Bool { value.load(ordering: .acquiring) }
}

extension TimeAmount {
    /// A duration in whole nanoseconds, at most about a century.
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let bounded = min(max(seconds, 0), 3_000_000_000)
        self = .nanoseconds(bounded * 1_000_000_000 + (seconds < 0 ? 0 : attoseconds / 1_000_000_000))
    }
}
