internal import NIOCore
internal import NIOHTTP1

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Collects one request after the other on a connection and does with each what the script says.
final class ScriptedHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let state: ScriptedServerState
    private let latency: Duration
    private let script: ScriptedServer.Script
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var work: Task<Void, Never>?

    init(state: ScriptedServerState, latency: Duration, script: @escaping ScriptedServer.Script) {
        self.state = state
        self.latency = latency
        self.script = script
    }

    func channelActive(context: ChannelHandlerContext) {
        state.opened(context.channel)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        state.closed(context.channel)
        work?.cancel()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let part):
            body.append(contentsOf: part.readableBytesView)
        case .end:
            guard let head else { return }
            let request = state.begin(
                ScriptedRequest(
                    method: head.method.rawValue, path: head.uri, headers: head.headers.map { ($0.name, $0.value) },
                    body: body))
            let writer = ReplyWriter(channel: context.channel, request: request, state: state, version: head.version)
            let script = script
            let latency = latency
            work = Task { [state] in
                let reply = script(request)
                try? await writer.write(reply, latency: reply.latency ?? latency)
                state.end(request)
            }
        }
    }
}

/// Writes one reply to a connection.
private struct ReplyWriter: Sendable {
    let channel: any Channel
    let request: ScriptedRequest
    let state: ScriptedServerState
    let version: HTTPVersion

    func write(_ reply: ScriptedReply, latency: Duration) async throws {
        if latency > .zero { try await Task.sleep(for: latency) }
        switch reply.manner {
        case .answer: try await answer(reply)
        case .hang: try await Task.sleep(for: .seconds(3600))
        case .close: try await channel.close()
        case .reset:
            try await (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
            try await channel.close()
        }
    }

    private func answer(_ reply: ScriptedReply) async throws {
        switch reply.body {
        case .bytes(let bytes):
            writeHead(reply, length: bytes.count)
            write(bytes)
            try await end()
        case .drip(let bytes, let size, let pause):
            writeHead(reply, length: bytes.count)
            channel.flush()
            for start in stride(from: 0, to: bytes.count, by: size) {
                try await Task.sleep(for: pause)
                try await writeAndFlush(Array(bytes[start..<min(start + size, bytes.count)]))
            }
            try await end()
        case .hang(let bytes):
            writeHead(reply, length: bytes.count + 1000)
            try await writeAndFlush(bytes)
            try await Task.sleep(for: .seconds(3600))
        case .cutOff(let bytes):
            writeHead(reply, length: bytes.count + 1000)
            try await writeAndFlush(bytes)
            try await channel.close()
        case .endless(let count, let announced):
            writeHead(reply, length: announced ? count : nil)
            let chunk = [UInt8](repeating: UInt8(ascii: " "), count: 1 << 16)
            for start in stride(from: 0, to: count, by: chunk.count) {
                try Task.checkCancellation()
                try await writeAndFlush(Array(chunk.prefix(count - start)))
            }
            try await end()
        }
    }

    private func writeHead(_ reply: ScriptedReply, length: Int?) {
        var headers = HTTPHeaders(reply.headers.map { ($0.name, $0.value) })
        if let length {
            headers.replaceOrAdd(name: "content-length", value: "\(length)")
        } else {
            headers.replaceOrAdd(name: "transfer-encoding", value: "chunked")
        }
        channel.write(
            HTTPServerResponsePart.head(
                .init(version: version, status: .init(statusCode: reply.status), headers: headers)), promise: nil)
    }

    private func write(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        state.sent(bytes.count)
        channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: bytes))), promise: nil)
    }

    private func writeAndFlush(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: bytes))))
        state.sent(bytes.count)
    }

    private func end() async throws {
        state.answering(request)
        try await channel.writeAndFlush(HTTPServerResponsePart.end(nil))
    }
}
