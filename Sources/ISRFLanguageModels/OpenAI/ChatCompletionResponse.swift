internal import Foundation
internal import ISRFReasoning

/// The body of an answer from `/chat/completions`, read leniently: servers differ in all that is not the answer itself.
struct ChatCompletionResponse: Decodable {
    private var model: String?
    private var choices: [Choice]?
    private var usage: Usage?
    private var error: AnyError?

    fileprivate struct Choice: Decodable {
        var message: Message?
        var finish_reason: String?
        var error: AnyError?
    }

    fileprivate struct Message: Decodable {
        var content: Content?
        var refusal: String?
    }

    /// A text, or a list of parts whose texts belong together.
    fileprivate enum Content: Decodable {
        case text(String)

        struct Part: Decodable {
            var text: String?
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else {
                self = .text(try container.decode([Part].self).compactMap(\.text).joined())
            }
        }
    }

    fileprivate struct Usage: Decodable {
        var prompt_tokens: Int?
        var completion_tokens: Int?
    }

    /// Present, whatever it holds.
    fileprivate struct AnyError: Decodable {
        var code: Int?

        enum CodingKeys: CodingKey { case code }

        init(from decoder: any Decoder) throws {
            let container = try? decoder.container(keyedBy: CodingKeys.self)
            code = try? container?.decode(Int.self, forKey: .code)
        }
    }

    private enum CodingKeys: CodingKey { case model, choices, usage, error }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        model = try? container.decode(String.self, forKey: .model)
        choices = try container.decodeIfPresent([Choice].self, forKey: .choices)
        usage = try? container.decode(Usage.self, forKey: .usage)
        error = try container.decodeIfPresent(AnyError.self, forKey: .error)
    }

    /// Reads an answer with status 200.
    /// - Parameters:
    ///   - answer: The answer.
    ///   - requestedModel: The name to go by when the server does not name its model.
    /// - Returns: The response, or the status that an error in the body stands for.
    /// - Throws: `LanguageModelFailure` (`invalidResponse`) when it is no answer.
    static func read(_ answer: HTTPAnswer, requestedModel: String) throws -> Outcome {
        guard String(validating: answer.body, as: UTF8.self) != nil else { throw invalid("is not UTF-8") }
        let decoded: ChatCompletionResponse
        do {
            decoded = try JSONDecoder().decode(ChatCompletionResponse.self, from: Data(answer.body))
        } catch {
            let start = answer.body.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }.first
            throw invalid(
                start == UInt8(ascii: "<")
                    ? "is a page and not JSON; check the base URL"
                    : "is cut off or not the JSON of a chat completion (\(answer.body.count) bytes)")
        }
        return try decoded.outcome(requestedModel: requestedModel)
    }

    /// What the body says.
    /// - Throws: `LanguageModelFailure` (`invalidResponse`) when it is no answer.
    func outcome(requestedModel: String) throws -> Outcome {
        if let error = error ?? choices?.first?.error {
            return .error(status: error.code.flatMap { (400..<600).contains($0) ? $0 : nil } ?? 500)
        }
        let usage = usage?.value
        guard let choice = choices?.first else { throw Self.invalid("has no choices", usage) }
        return .response(
            try choice.response(model: model, or: requestedModel, usage: usage, invalid: Self.invalid))
    }

    private static func invalid(
        _ what: String, _ usage: LanguageModelResponse.Usage? = nil
    ) -> LanguageModelFailure {
        LanguageModelFailure(.invalidResponse, "The server's answer \(what).", usage: usage)
    }

    enum Outcome {
        case response(LanguageModelResponse)
        case error(status: Int)
    }
}

extension ChatCompletionResponse.Usage {
    fileprivate var value: LanguageModelResponse.Usage? {
        guard let prompt = prompt_tokens, prompt >= 0 else { return nil }
        return .init(promptTokens: prompt, completionTokens: max(0, completion_tokens ?? 0))
    }
}

extension ChatCompletionResponse.Choice {
    fileprivate func response(
        model: String?, or requestedModel: String, usage: LanguageModelResponse.Usage?,
        invalid: (String, LanguageModelResponse.Usage?) -> LanguageModelFailure
    ) throws -> LanguageModelResponse {
        let text: String? = if case .text(let text)? = message?.content { text } else { nil }
        let finish: LanguageModelResponse.FinishReason
        switch finish_reason?.lowercased() {
        case "length", "max_tokens", "model_length": finish = .length
        case "content_filter", "refusal", "safety": finish = .refusal
        case "error": throw invalid("broke off with an error", usage)
        default: finish = message?.refusal?.isEmpty == false ? .refusal : .stop
        }
        if finish == .stop, text?.contains(where: { !$0.isWhitespace }) != true {
            throw invalid("has no text", usage)
        }
        let name = model.flatMap { $0.isEmpty ? nil : $0 } ?? requestedModel
        return LanguageModelResponse(
            text: text ?? message?.refusal ?? "", finishReason: finish, usage: usage, model: name)
    }
}
