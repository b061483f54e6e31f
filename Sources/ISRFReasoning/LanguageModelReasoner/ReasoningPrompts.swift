internal import ISRFCore
public import ISRFData

/// What a language model is told and asked, step by step.
///
/// A template is plain text with places written `{{name}}`: `{{item}}` (the item as JSON), `{{history}}` (the user's recent
/// items as JSON, one a line), `{{positive}}`, `{{negative}}`, `{{likes}}`, `{{dislikes}}` (answers to earlier steps as JSON),
/// `{{words}}` and `{{reasoningWords}}` (the lengths to keep to). Everything that comes from a catalogue or a model is
/// filled in as one line of JSON, cut to size, so that it cannot pass for a part of the prompt. The catalogue's own words
/// name the domain.
public struct ReasoningPrompts: Sendable, Hashable {
    /// How long prompts and answers may be.
    public struct Limits: Sendable, Hashable {
        /// About the most tokens of an item's data.
        public var itemTokens = 320
        /// About the most tokens of an earlier answer.
        public var answerTokens = 300
        /// The most items of a user's history.
        public var historyItems = 20
        /// About the most tokens of a user's history; the oldest items are left out beyond it.
        public var historyTokens = 1200
        /// The most words of the reasoning in every answer.
        public var reasoningWords = 60
        /// The most words of each step's statement.
        public var words: [ReasoningStep: Int] = [
            .positive: 200, .negative: 200, .feature: 25, .likes: 100, .dislikes: 100, .preference: 50,
        ]

        /// The method's limits, which fit a model that reads 2,048 tokens.
        public init() {}

        /// The most words of a step's statement.
        public func words(of step: ReasoningStep) -> Int { words[step] ?? 100 }
    }

    /// Names these prompts; a part of every response's key.
    public let version: String
    /// What stands above every question.
    public let instruction: String
    /// The question of each step.
    public let templates: [ReasoningStep: String]
    /// How long prompts and answers may be.
    public let limits: Limits

    private let compiled: [ReasoningStep: PromptTemplate]

    /// Creates prompts of a host's own.
    /// - Parameters:
    ///   - version: Names the prompts, say "films-3". Answers to other versions are not taken for answers to these.
    ///   - instruction: What stands above every question; nil for the standard one.
    ///   - templates: The steps to ask differently; the others are asked as in `standard`.
    ///   - limits: How long prompts and answers may be.
    /// - Throws: `ISRFError` (`invalidConfiguration`) when a template has an unknown place, lacks one that its step builds
    ///   on, or a limit is out of its range.
    public init(
        version: String, instruction: String? = nil, templates: [ReasoningStep: String] = [:],
        limits: Limits = .init()
    ) throws {
        try self.init(
            version: version, instruction: instruction ?? Self.standardInstruction,
            templates: templates.mapValues { ($0, nil) }, limits: limits)
    }

    /// Creates prompts from templates with the files they come from.
    init(
        version: String, instruction: String, templates: [ReasoningStep: (text: String, file: String?)],
        limits: Limits
    ) throws {
        guard !version.isEmpty else {
            throw ISRFError(.invalidConfiguration, "Prompts need a version; answers are stored under it.")
        }
        try limits.validate()
        var compiled: [ReasoningStep: PromptTemplate] = [:]
        var texts = Self.standardTemplates
        for step in ReasoningStep.allCases {
            if let template = templates[step] { texts[step] = template.text }
            compiled[step] = try PromptTemplate(texts[step] ?? "", for: step, file: templates[step]?.file)
        }
        self.version = version
        self.instruction = instruction
        self.templates = texts
        self.limits = limits
        self.compiled = compiled
    }

    /// The question of a step about an item.
    /// - Parameters:
    ///   - step: One of `ReasoningStep.aboutItems`.
    ///   - item: The item.
    ///   - answers: The answers to the steps before it.
    public func question(
        _ step: ReasoningStep, about item: Item, after answers: [ReasoningStep: Reasoned] = [:]
    ) -> StructuredQuestion {
        question(step, data: PromptData.item(item, limits), after: answers)
    }

    /// The question of a step about a user.
    /// - Parameters:
    ///   - step: One of `ReasoningStep.aboutUsers`.
    ///   - recentItems: The user's items, most recent first.
    ///   - answers: The answers to the steps before it.
    public func question(
        _ step: ReasoningStep, aboutUserOf recentItems: [UserReasoningRequest.Entry],
        after answers: [ReasoningStep: Reasoned] = [:]
    ) -> StructuredQuestion {
        question(step, data: PromptData.history(recentItems, limits), after: answers)
    }

    /// The question of a step about data that was rendered before.
    func question(
        _ step: ReasoningStep, data: String, after answers: [ReasoningStep: Reasoned]
    ) -> StructuredQuestion {
        let words = limits.words(of: step)
        func answer(_ step: ReasoningStep) -> String {
            answers[step].map { PromptText.quoted($0.summary, tokens: limits.answerTokens) } ?? "null"
        }
        let text = compiled[step]?.filled { place in
            switch place {
            case .item, .history: data
            case .positive: answer(.positive)
            case .negative: answer(.negative)
            case .likes: answer(.likes)
            case .dislikes: answer(.dislikes)
            case .words: "\(words)"
            case .reasoningWords: "\(limits.reasoningWords)"
            }
        }
        return StructuredQuestion(
            messages: [.init(.system, instruction), .init(.user, text ?? "")],
            fields: [
                .init(
                    name: Reasoned.reasoningField,
                    description: "The evidence, in at most \(limits.reasoningWords) words.",
                    maximumCharacters: Self.characters(limits.reasoningWords)),
                .init(
                    name: Reasoned.summaryField, description: "The statement, in at most \(words) words.",
                    maximumCharacters: Self.characters(words)),
            ],
            maximumTokens: 2 * (words + limits.reasoningWords) + 64)
    }

    /// Room for so many words, and for the sentence that runs on; `Reasoned` is cut to the words themselves.
    private static func characters(_ words: Int) -> Int { 8 * words + 40 }
}

extension ReasoningPrompts.Limits {
    func validate() throws {
        func require(_ condition: Bool, _ field: String, _ expected: String) throws {
            guard condition else {
                throw ISRFError(.invalidConfiguration, "A limit is \(expected).", at: .init(field: field))
            }
        }
        try require(itemTokens >= 32, "itemTokens", "at least 32 tokens")
        try require(answerTokens >= 32, "answerTokens", "at least 32 tokens")
        try require((1...20).contains(historyItems), "historyItems", "from 1 to 20 items")
        try require(historyTokens >= 64, "historyTokens", "at least 64 tokens")
        try require((1...10_000).contains(reasoningWords), "reasoningWords", "from 1 to 10,000 words")
        for step in ReasoningStep.allCases {
            try require((1...10_000).contains(words(of: step)), "words.\(step.rawValue)", "from 1 to 10,000 words")
        }
        try require(words(of: .feature) <= 25, "words.feature", "at most 25 words, as profiles document")
        try require(words(of: .preference) <= 50, "words.preference", "at most 50 words, as profiles document")
    }
}
