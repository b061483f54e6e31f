internal import ArgumentParser
internal import ISRFKit

/// `isrf similar`: what is like an item, who is like a user.
struct SimilarCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "similar", abstract: "List the items most like an item, or the users most like a user.",
        discussion: """
            Items are compared by their graph-aware vectors; users as in the user graph.

              isrf similar --model model --item P1043 --count 5
              isrf similar --model model --user alice
            """)

    @OptionGroup
    var model: ModelOptions

    @Option(help: ArgumentHelp("An item of the catalogue.", valueName: "id"))
    var item: String?

    @Option(help: ArgumentHelp("A known user.", valueName: "id"))
    var user: String?

    @Option(help: ArgumentHelp("How many, at most.", valueName: "n"))
    var count = 10

    @Option(help: "The form of the results.")
    var format = OutputFormat.text

    func validate() throws {
        guard (item == nil) != (user == nil) else {
            throw ValidationError("Say like what with one of '--item <id>' and '--user <id>'.")
        }
        guard count >= 1 else {
            throw ValidationError("The value of '--count' is \(count); it must be at least 1.")
        }
    }

    func run() async throws {
        let recommender = try await model.load()
        if let item {
            try write(Items(item: item, similar: try recommender.similar(item: item, count: count))) { answer in
                answer.similar.map { ($0.item, $0.similarity, $0.title ?? "") }
            }
        } else if let user {
            try write(Users(user: user, similar: try recommender.similar(user: user, count: count))) { answer in
                answer.similar.map { ($0.user, $0.similarity, "") }
            }
        }
    }

    private func write<Answer: Encodable>(
        _ answer: Answer, _ rows: (Answer) -> [(id: String, similarity: Float, title: String)]
    ) throws {
        if format == .json { return try StandardOutput.write(json: answer, isIndented: true) }
        let rows = rows(answer)
        guard !rows.isEmpty else { return try StandardOutput.write("none") }
        var table = TextTable([.right, .left, .right, .left])
        for (place, row) in rows.enumerated() {
            table.add(["\(place + 1)", row.id, decimal(Double(row.similarity), digits: 3), row.title])
        }
        try StandardOutput.write(table.text())
    }

    private struct Items: Encodable {
        var item: String
        var similar: [SimilarItem]
    }

    private struct Users: Encodable {
        var user: String
        var similar: [SimilarUser]
    }
}
