internal import Foundation

extension ScriptedReply {
    /// A chat completion.
    public static func chat(
        _ text: String, finish: String = "stop", model: String = "scripted", promptTokens: Int = 11,
        completionTokens: Int = 7
    ) -> ScriptedReply {
        ScriptedReply(
            text: chatText(
                text, finish: finish, model: model, promptTokens: promptTokens, completionTokens: completionTokens))
    }

    /// The JSON of a chat completion.
    public static func chatText(
        _ text: String, finish: String = "stop", model: String = "scripted", promptTokens: Int = 11,
        completionTokens: Int = 7
    ) -> String {
        """
        {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":\(jsonString(model)),\
        "choices":[{"index":0,"message":{"role":"assistant","content":\(jsonString(text))},\
        "finish_reason":\(jsonString(finish))}],"usage":{"prompt_tokens":\(promptTokens),\
        "completion_tokens":\(completionTokens),"total_tokens":\(promptTokens + completionTokens)}}
        """
    }

    /// Embeddings.
    /// - Parameters:
    ///   - vectors: The vectors, in the order of the texts.
    ///   - order: The places of the vectors in the order in which they are sent; nil for their own.
    public static func embeddings(_ vectors: [[Double]], order: [Int]? = nil) -> ScriptedReply {
        let rows = (order ?? Array(vectors.indices)).map { place in
            "{\"object\":\"embedding\",\"index\":\(place),\"embedding\":[\(vectors[place].map { "\($0)" }.joined(separator: ","))]}"
        }
        return ScriptedReply(
            text: "{\"object\":\"list\",\"data\":[\(rows.joined(separator: ","))],\"model\":\"scripted\"}")
    }

    /// What a server does that knows its trade: chat completions in the form that is asked for, within the limit of
    /// tokens and always the same for the same request; embeddings that follow from the text alone.
    public static func obliging(_ request: ScriptedRequest) -> ScriptedReply {
        let json = request.json
        if let inputs = json["input"] as? [String] {
            return embeddings(inputs.map(vector))
        }
        let limit = json["max_tokens"] as? Int ?? 100
        let asked = request.messages.last ?? ""
        let words = "An answer numbered \(digest(request.text)) to \(asked.count) characters".split(separator: " ")
        let text = words.prefix(limit).joined(separator: " ")
        let format = json["response_format"] as? [String: Any]
        let schema = (format?["json_schema"] as? [String: Any])?["schema"] as? [String: Any]
        let isObject = format?["type"] as? String == "json_object"
        let fields = schema?["required"] as? [String] ?? (isObject ? ["answer"] : nil)
        let content = fields.map { fields in
            "{" + fields.map { "\(jsonString($0)):\(jsonString("\($0): \(text)"))" }.joined(separator: ",") + "}"
        }
        return chat(
            content ?? text, finish: words.count > limit ? "length" : "stop",
            promptTokens: request.messages.reduce(0) { $0 + $1.split(separator: " ").count },
            completionTokens: min(limit, words.count))
    }

    private static func digest(_ text: String) -> UInt64 {
        text.utf8.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    }

    private static func vector(_ text: String) -> [Double] {
        var state = digest(text)
        return (0..<16).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 40) / Double(1 << 23) - 1
        }
    }
}

/// A text as JSON, with its quotes.
func jsonString(_ text: String) -> String {
    let data = (try? JSONEncoder().encode(text)) ?? Data("\"\"".utf8)
    return String(decoding: data, as: UTF8.self)
}
