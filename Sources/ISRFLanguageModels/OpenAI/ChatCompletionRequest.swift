internal import ISRFReasoning

/// The body of a request to `/chat/completions`.
struct ChatCompletionRequest {
    var model: String
    var request: LanguageModelRequest
    /// The name of the field for the greatest number of tokens.
    var tokenLimitField: String
    var sendsSeed: Bool

    /// The body as JSON.
    /// - Throws: `LanguageModelFailure` (`rejectedRequest`) for a request that no server can answer.
    func body() throws -> [UInt8] {
        guard !request.messages.isEmpty, request.maximumTokens >= 1, request.temperature.isFinite,
            request.temperature >= 0
        else {
            throw LanguageModelFailure(
                .rejectedRequest,
                "A request needs a message, room for at least one token and a temperature of at least 0; it has "
                    + "\(request.messages.count), \(request.maximumTokens) and \(request.temperature).")
        }
        var json = JSONText(capacity: request.messages.reduce(512) { $0 + $1.text.utf8.count + 64 })
        json.raw("{\"model\":")
        json.string(model)
        json.raw(",\"messages\":[")
        for (place, message) in request.messages.enumerated() {
            json.raw(place == 0 ? "{\"role\":" : ",{\"role\":")
            json.string(message.role.rawValue)
            json.raw(",\"content\":")
            json.string(message.text)
            json.raw("}")
        }
        json.raw("],")
        json.string(tokenLimitField)
        json.raw(":\(request.maximumTokens),\"temperature\":\(request.temperature),\"stream\":false")
        if sendsSeed, let seed = request.seed {
            // Servers read it as a signed number.
            json.raw(",\"seed\":\(seed & UInt64(Int64.max))")
        }
        switch request.answerForm {
        case .text: break
        case .jsonObject: json.raw(",\"response_format\":{\"type\":\"json_object\"}")
        case .jsonSchema(let schema):
            json.raw(",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"answer\",")
            json.raw("\"strict\":true,\"schema\":")
            json.raw(schema)
            json.raw("}}")
        }
        json.raw("}")
        return json.bytes
    }
}
