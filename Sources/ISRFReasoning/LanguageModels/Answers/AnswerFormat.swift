/// How the answer to a question is to be written down, told as a schema and in words.
struct AnswerFormat {
    let fields: [StructuredQuestion.Field]

    /// The JSON Schema of the answer.
    var schema: String {
        let properties = fields.map { field in
            "\(quoted(field.name)):{\"type\":\"string\",\"description\":\(quoted(field.description)),"
                + "\"maxLength\":\(field.maximumCharacters)}"
        }
        let names = fields.map { quoted($0.name) }
        return "{\"type\":\"object\",\"properties\":{\(properties.joined(separator: ","))},"
            + "\"required\":[\(names.joined(separator: ","))],\"additionalProperties\":false}"
    }

    /// What a model is told that does not hold itself to a schema.
    var instruction: String {
        let lines = fields.map { field in
            let words =
                field.maximumWords.map { "at most \($0) words" } ?? "at most \(field.maximumCharacters) characters"
            return "- \(quoted(field.name)): \(field.description) (\(words))"
        }
        return """
            Answer with one JSON object and nothing else. Its properties, all of them texts:
            \(lines.joined(separator: "\n"))
            It conforms to this JSON Schema: \(schema)
            """
    }

    /// The request that asks a question in a form of answer.
    func request(
        _ question: StructuredQuestion, as form: LanguageModelEvent.AnswerFormKind
    ) -> LanguageModelRequest {
        LanguageModelRequest(
            messages: messages(of: question, as: form), answerForm: answerForm(form),
            maximumTokens: question.maximumTokens, temperature: question.temperature, seed: question.seed)
    }

    /// The request that has an invalid answer put right.
    func repair(
        of question: StructuredQuestion, as form: LanguageModelEvent.AnswerFormKind, answer: LanguageModelResponse,
        problem: String, maximumTokens: Int
    ) -> LanguageModelRequest {
        let kept = answer.text.prefix(AnswerFormat.greatestRepeatedAnswer)
        let isBlank = kept.allSatisfy(\.isWhitespace)
        let answered = LanguageModelRequest.Message(.assistant, isBlank ? "(nothing)" : String(kept))
        let complaint = LanguageModelRequest.Message(
            .user, "That answer cannot be used. \(problem) Answer the question again. \(instruction)")
        return LanguageModelRequest(
            messages: messages(of: question, as: form) + [answered, complaint], answerForm: answerForm(form),
            maximumTokens: maximumTokens, temperature: question.temperature, seed: question.seed)
    }

    // An answer that ran on to its limit says no more in full than it does by its beginning.
    private static let greatestRepeatedAnswer = 4000

    private func answerForm(_ form: LanguageModelEvent.AnswerFormKind) -> LanguageModelRequest.AnswerForm {
        switch form {
        case .jsonSchema: .jsonSchema(schema)
        case .jsonObject: .jsonObject
        case .text: .text
        }
    }

    private func messages(
        of question: StructuredQuestion, as form: LanguageModelEvent.AnswerFormKind
    ) -> [LanguageModelRequest.Message] {
        var messages = question.messages
        guard form != .jsonSchema else { return messages }
        // Many chat templates refuse two messages of the same side in a row.
        if let last = messages.last, last.role == .user {
            messages[messages.count - 1].text = last.text + "\n\n" + instruction
        } else {
            messages.append(.init(.user, instruction))
        }
        return messages
    }

    /// A text as a JSON string.
    private func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case _ where scalar.value < 0x20: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
