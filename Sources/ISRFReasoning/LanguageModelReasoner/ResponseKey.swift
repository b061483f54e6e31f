internal import Foundation
internal import ISRFCore

/// Names the answer to one question asked of one model: whatever could change the answer changes the key.
public struct ResponseKey: Sendable, Hashable, Codable, CustomStringConvertible {
    /// SHA-256 over the model, the parameters, the prompts' version and the rendered prompt: 64 hexadecimal digits.
    public let digest: String

    /// Takes a digest as it was written down.
    /// - Returns: nil when the text is not 64 lower-case hexadecimal digits.
    public init?(digest: String) {
        guard digest.utf8.count == 64, digest.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { return nil }
        self.digest = digest
    }

    /// The key of a question.
    /// - Parameters:
    ///   - question: What is asked.
    ///   - model: The name of the model that is asked.
    ///   - promptVersion: The version of the prompts that the question was rendered with.
    public init(_ question: StructuredQuestion, model: String, promptVersion: String) {
        var bytes = Data()
        // Every part carries its length, so that no two questions run together into the same bytes.
        func add(_ text: String) {
            bytes.append(contentsOf: "\(text.utf8.count):".utf8)
            bytes.append(contentsOf: text.utf8)
        }
        add("isrf-question-1")
        add(model)
        add(promptVersion)
        add("\(question.temperature)")
        add(question.seed.map { "\($0)" } ?? "none")
        add("\(question.maximumTokens)")
        add("\(question.fields.count)")
        for field in question.fields {
            add(field.name)
            add(field.description)
            add("\(field.maximumCharacters)")
            add(field.maximumWords.map { "\($0)" } ?? "none")
        }
        for message in question.messages {
            add(message.role.rawValue)
            add(message.text)
        }
        digest = Checksum.sha256(bytes)
    }

    /// The digest.
    public var description: String { digest }
}

/// What a question was about.
public struct ResponseSubject: Sendable, Hashable, Codable, CustomStringConvertible {
    /// Which of the chained questions.
    public var step: ReasoningStep
    /// The identifier of the item or user.
    public var identifier: String

    /// Creates a subject.
    public init(step: ReasoningStep, identifier: String) {
        self.step = step
        self.identifier = identifier
    }

    /// `item "B0001", positive`.
    public var description: String {
        "\(step.isAboutItem ? "item" : "user") \"\(identifier)\", \(step.rawValue)"
    }
}
