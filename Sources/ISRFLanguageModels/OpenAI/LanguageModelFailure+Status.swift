internal import Foundation
internal import ISRFReasoning

extension LanguageModelFailure {
    /// What an answer with a status other than 200, or with an error in its body, means for the caller.
    /// - Parameters:
    ///   - answer: The answer.
    ///   - error: The error in its body.
    ///   - form: The form of answer that was asked for, if one was.
    ///   - keyHint: What to say when the key is refused.
    init(answer: HTTPAnswer, error: ServerError, asksForForm: Bool, keyHint: String) {
        let said = answer.secrets(error.excerpt)
        let end = said.last.map { ".!?…".contains($0) } == false ? "." : ""
        let what = "The server answered \(answer.status)" + (said.isEmpty ? "." : ": \(said)\(end)")
        func failure(_ kind: Kind, _ advice: String = "") -> LanguageModelFailure {
            LanguageModelFailure(
                kind, advice.isEmpty ? what : "\(what) \(advice)", retryAfter: answer.retryAfter)
        }
        if error.concernsBalance {
            self = failure(.balanceExhausted, "Nothing more is answered until the account is topped up.")
            return
        }
        if asksForForm, (400..<600).contains(answer.status), error.concernsAnswerForm {
            self = failure(.unsupportedAnswerForm)
            return
        }
        switch answer.status {
        case 300..<400:
            let target = answer.location.map { " (to \(answer.secrets(String($0.prefix(200)))))" } ?? ""
            self = LanguageModelFailure(
                .rejectedRequest,
                "The server answered \(answer.status) and sends elsewhere\(target). Redirects are not followed, so that the "
                    + "key goes nowhere else: make that address the base URL if it is the right one.")
        case 401, 407: self = failure(.unauthorised, keyHint)
        case 402: self = failure(.balanceExhausted, "Nothing more is answered until the account is topped up.")
        case 403: self = failure(.forbidden, keyHint)
        case 404, 405, 410:
            self = failure(.notFound, "Check the base URL and the name of the model.")
        case 408: self = failure(.timedOut)
        case 409, 425: self = failure(.overloaded)
        case 429: self = failure(.rateLimited)
        case 400, 415, 422:
            let isForm = asksForForm && !error.concernsSomethingElse
            self = failure(isForm ? .unsupportedAnswerForm : .rejectedRequest)
        case 400..<500: self = failure(.rejectedRequest)
        case 500..<600: self = failure(.overloaded)
        default: self = failure(.invalidResponse)
        }
    }
}

/// What a server says went wrong, as far as it can be read.
struct ServerError: Sendable {
    /// Its message in one line, cut short.
    var excerpt: String
    /// Everything that may hold a code word, in lower case.
    private var words: String

    /// Reads the body of an answer: `{"error": {"message", "type", "code"}}` and its many variations, or plain text.
    init(_ body: [UInt8]) {
        let text = String(decoding: body.prefix(1 << 14), as: UTF8.self)
        words = text.lowercased()
        guard
            let object = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any],
            let message = ServerError.message(in: object)
        else {
            let isPage = words.contains("<html") || words.contains("<!doctype")
            excerpt = isPage ? "an HTML page instead of JSON." : ServerError.oneLine(text)
            return
        }
        excerpt = ServerError.oneLine(message)
    }

    private static func message(in object: [String: Any]) -> String? {
        for key in ["error", "message", "detail", "msg"] {
            switch object[key] {
            case let text as String: return text
            case let inner as [String: Any]:
                if let text = message(in: inner) { return text }
            case let list as [[String: Any]]:
                if let text = list.first.flatMap(message) { return text }
            default: continue
            }
        }
        return nil
    }

    private static func oneLine(_ text: String) -> String {
        let line = text.split(whereSeparator: { $0.isWhitespace || $0.isNewline }).joined(separator: " ")
        return line.count > 300 ? line.prefix(300) + "…" : line
    }

    /// The account has no balance left; some servers say so with the status of too many requests.
    var concernsBalance: Bool {
        mentions(
            "insufficient_quota", "insufficient quota", "insufficient balance", "insufficient_balance",
            "insufficient credits", "billing_hard_limit", "billing hard limit", "exceeded your current quota",
            "credit balance is too low", "account balance")
    }

    /// The form of answer is refused by name.
    var concernsAnswerForm: Bool {
        mentions(
            "response_format", "response format", "json_schema", "json schema", "json_object", "json mode",
            "structured output", "guided_json", "guided decoding", "grammar", "invalid schema")
    }

    /// The request is refused for a reason that another form of answer would not change.
    var concernsSomethingElse: Bool {
        mentions(
            "context_length", "context length", "context size", "maximum context", "too many tokens", "max_tokens",
            "max_completion_tokens", "api key", "api_key", "model_not_found", "does not exist", "model not found",
            "content_policy", "content management policy", "temperature")
    }

    private func mentions(_ phrases: String...) -> Bool {
        phrases.contains { words.contains($0) }
    }
}
