internal import ISRFCore

/// A text with places to fill in, written `{{name}}`.
struct PromptTemplate: Sendable, Hashable {
    /// What a place may be filled with.
    enum Place: String, Sendable, CaseIterable {
        /// The item as JSON.
        case item
        /// The user's recent items as JSON, one a line.
        case history
        /// The answer to an earlier step as JSON.
        case positive, negative, likes, dislikes
        /// The most words of the statement.
        case words
        /// The most words of the reasoning.
        case reasoningWords

        /// The places that a step's template may have.
        static func allowed(in step: ReasoningStep) -> [Place] {
            let data: [Place] =
                switch step {
                case .positive: [.item]
                case .negative: [.item, .positive]
                case .feature: [.item, .positive, .negative]
                case .likes: [.history]
                case .dislikes: [.history, .likes]
                case .preference: [.history, .likes, .dislikes]
                }
            return data + [.words, .reasoningWords]
        }

        /// The places that a step's template must have: without them the steps would not be a chain.
        static func required(in step: ReasoningStep) -> [Place] {
            switch step {
            case .positive: [.item]
            case .negative: [.item, .positive]
            case .feature: [.positive, .negative]
            case .likes: [.history]
            case .dislikes: [.history, .likes]
            case .preference: [.likes, .dislikes]
            }
        }
    }

    private enum Part: Sendable, Hashable {
        case text(String)
        case place(Place)
    }

    private let parts: [Part]

    /// Reads a template.
    /// - Parameters:
    ///   - text: The template.
    ///   - step: The step that it is for.
    ///   - file: The file that it comes from, for errors.
    /// - Throws: `ISRFError` (`invalidConfiguration`) that names the line of a place which this step does not know, or
    ///   the place that is missing.
    init(_ text: String, for step: ReasoningStep, file: String? = nil) throws {
        func fail(_ line: Int?, _ message: String) -> ISRFError {
            ISRFError(.invalidConfiguration, message, at: .init(file: file, line: line, field: step.rawValue))
        }
        let allowed = Place.allowed(in: step)
        let known = allowed.map { "{{\($0.rawValue)}}" }.joined(separator: ", ")
        var parts: [Part] = []
        var rest = text[...]
        var line = 1
        while let open = rest.firstRange(of: "{{") {
            line += rest[..<open.lowerBound].count(where: \.isNewline)
            let inner = rest[open.upperBound...]
            guard let close = inner.firstRange(of: "}}") else {
                throw fail(line, "A place opens with {{ and does not end with }}. Places are \(known).")
            }
            let name = inner[..<close.lowerBound]
            guard let place = Place(rawValue: name.filter { !$0.isWhitespace }), allowed.contains(place) else {
                throw fail(line, "The place {{\(name.prefix(40))}} is not known here. Places are \(known).")
            }
            parts.append(.text(String(rest[..<open.lowerBound])))
            parts.append(.place(place))
            line += name.count(where: \.isNewline)
            rest = inner[close.upperBound...]
        }
        parts.append(.text(String(rest)))
        for place in Place.required(in: step) where !parts.contains(.place(place)) {
            throw fail(nil, "The place {{\(place.rawValue)}} is missing: this step builds on it.")
        }
        self.parts = parts
    }

    /// The text with its places filled in; what is filled in is never searched for places.
    func filled(_ values: (Place) -> String) -> String {
        parts.reduce(into: "") { text, part in
            switch part {
            case .text(let literal): text += literal
            case .place(let place): text += values(place)
            }
        }
    }
}
