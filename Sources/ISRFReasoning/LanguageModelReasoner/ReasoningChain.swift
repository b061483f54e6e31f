package import ISRFData

/// The chained questions about one item or one user.
package struct ReasoningChain: Sendable {
    /// The identifier of the item or user.
    package let identifier: String
    /// The questions, in their order; none when nothing is known that a model could judge by.
    package let steps: [ReasoningStep]
    private let data: String
    private let prompts: ReasoningPrompts

    /// The questions about an item.
    package init(_ item: Item, prompts: ReasoningPrompts) {
        identifier = item.id
        steps = Self.isKnown(item) ? ReasoningStep.aboutItems : []
        data = PromptData.item(item, prompts.limits)
        self.prompts = prompts
    }

    /// The questions about a user.
    package init(_ request: UserReasoningRequest, prompts: ReasoningPrompts) {
        identifier = request.user
        steps = request.recentItems.isEmpty ? [] : ReasoningStep.aboutUsers
        data = PromptData.history(request.recentItems, prompts.limits)
        self.prompts = prompts
    }

    /// A step's question, once the answers before it are known.
    package func question(_ step: ReasoningStep, after answers: [ReasoningStep: Reasoned]) -> StructuredQuestion {
        prompts.question(step, data: data, after: answers)
    }

    private static func isKnown(_ item: Item) -> Bool {
        let texts =
            [item.title, item.brand, item.description].compactMap(\.self) + item.categories.joined()
            + item.attributes.values.joined()
        return texts.contains { $0.contains { !$0.isWhitespace } }
    }
}

extension ItemProfile {
    /// The profile that a chain's answers make.
    package init(item: String, _ answers: [ReasoningStep: Reasoned]) {
        let nothing = Reasoned(summary: ItemDocument.unknownAudience, reasoning: "The item has no attributes to go by.")
        self.init(
            item: item, positive: answers[.positive] ?? nothing,
            negative: answers[.negative]
                ?? Reasoned(
                    summary: "Nothing is known yet about who would dislike this item.", reasoning: nothing.reasoning),
            feature: answers[.feature]
                ?? Reasoned(summary: "Nothing is known yet about this item.", reasoning: nothing.reasoning))
    }
}

extension UserProfile {
    /// The profile that a chain's answers make.
    package init(user: String, _ answers: [ReasoningStep: Reasoned]) {
        let nothing = Reasoned(
            summary: UserDocument.unknownPreference, reasoning: "There are no training items to go by.")
        self.init(
            user: user, likes: answers[.likes] ?? nothing, dislikes: answers[.dislikes] ?? nothing,
            preference: answers[.preference] ?? nothing)
    }
}
