/// What a server does with one request.
public struct ScriptedReply: Sendable {
    /// What comes after the head of the reply.
    public enum Body: Sendable {
        /// These bytes.
        case bytes([UInt8])
        /// These bytes, some at a time with a pause before each.
        case drip([UInt8], size: Int, every: Duration)
        /// These bytes of a longer body; then nothing more, with the connection open.
        case hang(after: [UInt8])
        /// These bytes of a longer body; then the connection is closed.
        case cutOff([UInt8])
        /// This many bytes, told beforehand or not.
        case endless(bytes: Int, announced: Bool)
    }

    /// What is done with the connection.
    public enum Manner: Sendable {
        /// The reply is sent, and the connection stays open.
        case answer
        /// Nothing is ever sent.
        case hang
        /// The connection is closed without a word.
        case close
        /// The connection is reset.
        case reset
    }

    /// What is done with the connection.
    public var manner = Manner.answer
    /// The HTTP status.
    public var status: Int
    /// Headers beside those about the length.
    public var headers: [(name: String, value: String)]
    /// The body.
    public var body: Body
    /// How long to wait first; nil for the server's usual latency.
    public var latency: Duration?

    /// Creates a reply.
    public init(
        status: Int = 200, headers: [(name: String, value: String)] = [("content-type", "application/json")],
        body: Body, latency: Duration? = nil
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.latency = latency
    }

    /// Creates a reply with a text.
    public init(
        status: Int = 200, headers: [(name: String, value: String)] = [("content-type", "application/json")],
        text: String
    ) {
        self.init(status: status, headers: headers, body: .bytes(Array(text.utf8)))
    }

    private init(_ manner: Manner) {
        self.init(body: .bytes([]))
        self.manner = manner
    }

    /// Nothing is ever sent.
    public static let hang = ScriptedReply(.hang)
    /// The connection is closed without a word.
    public static let close = ScriptedReply(.close)
    /// The connection is reset.
    public static let reset = ScriptedReply(.reset)

    /// The same reply after a while.
    public func after(_ latency: Duration) -> ScriptedReply {
        var reply = self
        reply.latency = latency
        return reply
    }

    /// An error as OpenAI's interface reports them.
    public static func error(
        _ status: Int, _ message: String = "scripted", code: String = "scripted",
        headers: [(name: String, value: String)] = []
    ) -> ScriptedReply {
        ScriptedReply(
            status: status, headers: [("content-type", "application/json")] + headers,
            text: "{\"error\":{\"message\":\(jsonString(message)),\"type\":\"error\",\"code\":\(jsonString(code))}}")
    }

    /// A page for people.
    public static func page(_ status: Int) -> ScriptedReply {
        ScriptedReply(
            status: status, headers: [("content-type", "text/html")],
            text: "<!DOCTYPE html>\n<html><head><title>Bad gateway</title></head><body>nginx</body></html>")
    }
}
