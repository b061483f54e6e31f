internal import ArgumentParser
internal import ISRFKit

/// `isrf explain`: why an item is recommended to a user.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explain how an item comes to its score for a user, or for somebody with a given history.",
        discussion: """
            The parts of the views add up to the score. What a piece of evidence is worth is how far the score falls \
            without it.

              isrf explain --model model --user alice --item P1043
              isrf explain --model model --history P2210,P0007 --item P1043
            """)

    @OptionGroup
    var model: ModelOptions

    @Option(help: ArgumentHelp("A known user.", valueName: "id"))
    var user: String?

    @Option(help: ArgumentHelp("Items of a history, oldest first, instead of a user.", valueName: "id,id,..."))
    var history: IdentifierList?

    @Option(help: ArgumentHelp("An item of the catalogue.", valueName: "id"))
    var item: String

    @Option(help: "The form of the results.")
    var format = OutputFormat.text

    func validate() throws {
        guard (user != nil) != (history != nil) else {
            throw ValidationError("Say to whom with one of '--user <id>' and '--history <id,id,...>'.")
        }
    }

    func run() async throws {
        let recommender = try await model.load()
        let explanation =
            if let user {
                try await recommender.explain(user: user, item: item)
            } else {
                try await recommender.explain(history: history?.identifiers ?? [], item: item)
            }
        switch format {
        case .json: try StandardOutput.write(json: explanation, isIndented: true)
        case .text: try StandardOutput.write(ExplanationText(explanation).text)
        }
    }
}
