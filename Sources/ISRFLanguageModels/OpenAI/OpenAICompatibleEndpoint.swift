/// Where a server that speaks the OpenAI interface is, and how it is reached.
///
/// The key is never part of this value: only the *name* of the environment variable that holds it is. What identifies
/// the caller beside it (header values, a password of the proxy) is left out of descriptions, dumps and mirrors.
/// Certificates are always verified and redirects are never followed, so that the key reaches no other server.
public struct OpenAICompatibleEndpoint: Sendable, Hashable {
    /// How long to wait before an attempt counts as lost.
    public struct Timeouts: Sendable, Hashable {
        /// For a connection, TLS included, to be made.
        public var connect: Duration
        /// Between two pieces of an answer, and for the first one: a model that thinks long says nothing meanwhile.
        public var idle: Duration
        /// For a whole call, from the first byte sent to the last received.
        public var total: Duration

        /// Creates timeouts.
        public init(connect: Duration = .seconds(10), idle: Duration = .seconds(120), total: Duration = .seconds(300)) {
            self.connect = connect
            self.idle = idle
            self.total = total
        }
    }

    /// The server's address, such as `http://127.0.0.1:8080` or `https://openrouter.ai/api/v1`. Without a path, `/v1` is
    /// added; with one, the path is taken as it is. A query (`?api-version=...`) is kept.
    public var baseURL: String
    /// The name of the environment variable that holds the key; nil, or a variable that is not set, for servers that
    /// need none.
    public var keyVariable: String?
    /// Headers to send beside the usual ones, such as an organisation's.
    public var headers: [String: String]
    /// How long to wait.
    public var timeouts: Timeouts
    /// A proxy to go through: `http://host:port`, `http://user:password@host:port` or `socks5://host:port`.
    public var proxy: String?
    /// The path of a PEM file with certificate authorities to trust beside the system's.
    public var certificateAuthorities: String?
    /// The most bytes of one answer; a longer one is given up while it arrives.
    public var maximumResponseBytes: Int

    /// Creates an endpoint.
    public init(
        baseURL: String, keyVariable: String? = "OPENAI_API_KEY", headers: [String: String] = [:],
        timeouts: Timeouts = .init(), proxy: String? = nil, certificateAuthorities: String? = nil,
        maximumResponseBytes: Int = 16 << 20
    ) {
        self.baseURL = baseURL
        self.keyVariable = keyVariable
        self.headers = headers
        self.timeouts = timeouts
        self.proxy = proxy
        self.certificateAuthorities = certificateAuthorities
        self.maximumResponseBytes = maximumResponseBytes
    }
}

extension OpenAICompatibleEndpoint: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The address, without anything secret.
    public var description: String { EndpointAddress.withoutUser(baseURL) }

    /// The same as `description`.
    public var debugDescription: String { description }

    /// Shows everything but the values of headers and the user and password of the proxy.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "baseURL": EndpointAddress.withoutUser(baseURL), "keyVariable": keyVariable as Any,
                "headers": headers.keys.sorted(), "timeouts": timeouts,
                "proxy": proxy.map(EndpointAddress.withoutUser) as Any,
                "certificateAuthorities": certificateAuthorities as Any, "maximumResponseBytes": maximumResponseBytes,
            ], displayStyle: .struct)
    }
}
