internal import Foundation
internal import ISRFReasoning

/// One line of a result file of the Batch API.
struct BatchResultLine {
    /// Why a line is not taken.
    struct Refusal: Error {
        var reason: String
    }

    /// The key of the question that was asked.
    let key: ResponseKey
    private let content: Content

    private struct Content: Decodable {
        var customID: String?
        var response: Response?
        var error: Problem?

        private enum CodingKeys: String, CodingKey {
            case customID = "custom_id"
            case response, error
        }
    }

    private struct Response: Decodable {
        var status: Int?
        var body: ChatCompletionResponse?
        var error: Problem?

        private enum CodingKeys: String, CodingKey {
            case status = "status_code"
            case body
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            status = try? container.decode(Int.self, forKey: .status)
            body = try? container.decode(ChatCompletionResponse.self, forKey: .body)
            error = (try? container.decode(Failed.self, forKey: .body))?.error
        }
    }

    private struct Failed: Decodable {
        var error: Problem?
    }

    private struct Problem: Decodable {
        var code: String?
        var message: String?

        private enum CodingKeys: CodingKey { case code, message }

        init(from decoder: any Decoder) throws {
            let container = try? decoder.container(keyedBy: CodingKeys.self)
            message = try? container?.decode(String.self, forKey: .message)
            code =
                (try? container?.decode(String.self, forKey: .code))
                ?? (try? container?.decode(Int.self, forKey: .code)).map { "\($0)" }
        }

        var words: String {
            let words = [code, message].compactMap(\.self).joined(separator: ": ")
            return words.isEmpty ? "no reason given" : String(words.prefix(300))
        }
    }

    init(_ line: consuming LineStream.Line) throws {
        guard case .text(let data) = line else {
            throw Refusal(reason: "The line is longer than \(LineStream.maximumBytes >> 20) MiB.")
        }
        guard let content = try? JSONDecoder().decode(Content.self, from: data) else {
            throw Refusal(reason: "The line is not JSON of a batch result.")
        }
        guard let identifier = content.customID else {
            throw Refusal(reason: "The line has no custom_id.")
        }
        guard let key = ResponseKey(digest: identifier) else {
            throw Refusal(reason: "The custom_id \"\(identifier.prefix(80))\" is not one of ours.")
        }
        self.key = key
        self.content = content
    }

    /// The model's response.
    /// - Throws: `Refusal` when the request failed.
    func response(model: String) throws -> LanguageModelResponse {
        if let error = content.error { throw Refusal(reason: "The request failed: \(error.words).") }
        guard let response = content.response else {
            throw Refusal(reason: "The line has no response.")
        }
        if let status = response.status, !(200..<300).contains(status) {
            throw Refusal(
                reason: "The request failed with status \(status): \(response.error?.words ?? "no reason")."
            )
        }
        guard let body = response.body else {
            throw Refusal(reason: "The response is not a chat completion.")
        }
        do {
            guard case .response(let response) = try body.outcome(requestedModel: model) else {
                throw Refusal(reason: "The request failed: \(response.error?.words ?? "no reason given").")
            }
            return response
        } catch let failure as LanguageModelFailure {
            throw Refusal(reason: failure.message)
        }
    }
}
