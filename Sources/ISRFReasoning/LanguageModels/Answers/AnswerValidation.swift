/// Decides whether what a model wrote answers a question.
struct AnswerValidation {
    /// What was found.
    enum Finding: Hashable {
        /// The texts by their names.
        case valid([String: String])
        /// What is wrong, in whole sentences for the model and for the user.
        case invalid(String)
    }

    let question: StructuredQuestion

    /// Looks at a response.
    func finding(of response: LanguageModelResponse) -> Finding {
        if response.finishReason == .refusal { return .invalid("The model refused to answer.") }
        let extraction = AnswerExtraction(names: question.fields.map(\.name))
        guard let object = extraction.object(in: response.text) else {
            return response.finishReason == .length
                ? .invalid("The answer was cut off before it was complete; be shorter.")
                : .invalid("It does not contain a JSON object.")
        }
        var texts: [String: String] = [:]
        var problems: [String] = []
        let echo = EchoDetection(messages: question.messages)
        for field in question.fields {
            guard case .text(let text)? = object[field.name] else {
                let isMissing = object[field.name] == nil
                problems.append("The property \"\(field.name)\" is \(isMissing ? "missing" : "not a text").")
                continue
            }
            let trimmed = trimmed(text)
            if let problem = problem(with: trimmed, in: field, echo) { problems.append(problem) }
            texts[field.name] = trimmed
        }
        return problems.isEmpty ? .valid(texts) : .invalid(problems.joined(separator: " "))
    }

    private func problem(
        with text: String, in field: StructuredQuestion.Field, _ echo: EchoDetection
    ) -> String? {
        if text.isEmpty { return "The property \"\(field.name)\" is blank." }
        let characters = text.unicodeScalars.count
        if characters > field.maximumCharacters {
            return "The property \"\(field.name)\" has \(characters) characters; at most "
                + "\(field.maximumCharacters) are allowed."
        }
        if let maximumWords = field.maximumWords {
            let words = text.split(whereSeparator: \.isWhitespace).count
            if words > maximumWords {
                return "The property \"\(field.name)\" has \(words) words; at most \(maximumWords) are allowed."
            }
        }
        return echo.problem(with: text, in: field)
    }

    private func trimmed(_ text: String) -> String {
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(text[first...last])
    }
}
