import Foundation
import ISRFKit

/// A model of the host's own. This one looks words up; another one runs on this machine or calls a service.
struct PhraseBookModel: LanguageModel {
    var phrases: [String: String]
    let capabilities = LanguageModelCapabilities(jsonObject: true, concurrentRequests: 8)

    func response(to request: LanguageModelRequest) async throws -> LanguageModelResponse {
        try Task.checkCancellation()
        guard let question = request.messages.last?.text.lowercased() else {
            throw LanguageModelFailure(.rejectedRequest, "A conversation needs a message.")
        }
        let known = phrases.keys.sorted().filter(question.contains)
        let summary = known.first.flatMap { phrases[$0] } ?? "People whose interests nobody has written down."
        let reasoning = known.isEmpty ? "No word is in the book." : "The book knows \(known.joined(separator: ", "))."
        let text: String
        switch request.answerForm {
        case .text: text = summary
        case .jsonObject:
            let answer = ["summary": summary, "reasoning": reasoning]
            text = String(decoding: try JSONEncoder().encode(answer), as: UTF8.self)
        case .jsonSchema: throw LanguageModelFailure(.unsupportedAnswerForm, "The book keeps to no schema.")
        }
        return LanguageModelResponse(text: text, finishReason: .stop, model: "phrase-book-1")
    }
}
