internal import Foundation

/// What a client asked.
public struct ScriptedRequest: Sendable {
    /// The place among all requests of the server, from 0.
    public internal(set) var number = 0
    /// The method, such as `POST`.
    public var method: String
    /// The path with its query; `host:port` for `CONNECT`.
    public var path: String
    /// The headers, in their order.
    public var headers: [(name: String, value: String)]
    /// The body.
    public var body: [UInt8]

    /// The first header of a name, whatever its case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as a JSON object; empty when it is none.
    public var json: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]
    }

    /// The texts of the messages of a chat completion.
    public var messages: [String] {
        (json["messages"] as? [[String: Any]] ?? []).compactMap { $0["content"] as? String }
    }

    /// The texts of a request for embeddings.
    public var inputs: [String] { json["input"] as? [String] ?? [] }

    /// The kind of answer that a chat completion asks for, nil when it names none.
    public var responseFormat: String? { (json["response_format"] as? [String: Any])?["type"] as? String }
}
