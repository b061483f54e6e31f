internal import ArgumentParser
internal import ISRFKit

/// `isrf explain`: why an item is recommended to a user.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Explain how an item comes to its score for a user.",
        discussion: """
            The parts of the views add up to the score. What a piece of evidence is worth is how far the score falls \
            without it.

              isrf explain --model model --user alice --item P1043
            """)

    @OptionGroup
    var model: ModelOptions

    @Option(help: ArgumentHelp("A known user.", valueName: "id"))
    var user: String

    @Option(help: ArgumentHelp("An item of the catalogue.", valueName: "id"))
    var item: String

    @Option(help: "The form of the results.")
    var format = OutputFormat.text

    func run() async throws {
        let explanation = try await model.load().explain(user: user, item: item)
        switch format {
        case .json: try StandardOutput.write(json: explanation, isIndented: true)
        case .text: try StandardOutput.write(ExplanationText(explanation).text)
        }
    }
}
