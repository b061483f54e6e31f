internal import ArgumentParser
internal import Foundation
internal import ISRFKit

/// `isrf recommend`: what to show next.
struct RecommendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recommend", abstract: "Recommend items to known users, or to somebody with a given history.",
        discussion: """
            As JSON there is one object on each line, one line for each user.

              isrf recommend --model model --user alice --user bob --count 5
              isrf recommend --model model --history P1043,P2210
              isrf recommend --model model --all --format json > recommendations.jsonl
            """)

    @OptionGroup
    var model: ModelOptions

    @Option(help: ArgumentHelp("A known user; may be given several times.", valueName: "id"))
    var user: [String] = []

    @Option(
        help: ArgumentHelp(
            "What somebody took, oldest first, with commas between; write a comma within an identifier as \\,.",
            valueName: "id,id,..."))
    var history: IdentifierList?

    @Flag(help: "Recommend to every known user.")
    var all = false

    @Option(help: ArgumentHelp("How many items, at most.", valueName: "n"))
    var count = 10

    @Flag(help: "Recommend items of the user's own history as well.")
    var includeHistory = false

    @Option(help: "The form of the results.")
    var format = OutputFormat.text

    func validate() throws {
        guard [!user.isEmpty, history != nil, all].count(where: { $0 }) == 1 else {
            throw ValidationError("Say for whom with one of '--user <id>', '--history <id,id,...>' and '--all'.")
        }
        guard count >= 1 else {
            throw ValidationError("The value of '--count' is \(count); it must be at least 1.")
        }
    }

    func run() async throws {
        let recommender = try await model.load()
        let options = RecommendationOptions(count: count, includesHistory: includeHistory)
        if let history {
            let items = try await recommender.recommend(history: history.identifiers, options: options)
            return try write([Answer(user: nil, history: history.identifiers, recommendations: items)])
        }
        let users = all ? recommender.log.users.identifiers : user
        // On a terminal the results themselves show how far it is.
        let progress = all && isatty(STDOUT_FILENO) == 0 ? ProgressDisplay().handler : nil
        // A block at a time, so that memory does not grow with the number of users.
        for start in stride(from: 0, to: users.count, by: 256) {
            let block = Array(users[start..<min(start + 256, users.count)])
            let lists = try await recommender.recommend(users: block, options: options)
            try write(zip(block, lists).map { Answer(user: $0, history: nil, recommendations: $1) })
            progress?(
                ProgressReport(
                    activity: "Recommending", completed: start + block.count, total: users.count, unit: "users"))
        }
    }

    private func write(_ answers: [Answer]) throws {
        for answer in answers {
            switch format {
            case .json: try StandardOutput.write(json: answer, isIndented: false)
            case .text: try StandardOutput.write(answer.text)
            }
        }
    }

    /// What one user gets.
    private struct Answer: Encodable {
        var user: String?
        var history: [String]?
        var recommendations: [Recommendation]

        var text: String {
            var table = TextTable([.right, .left, .right, .left])
            for (place, entry) in recommendations.enumerated() {
                table.add(["\(place + 1)", entry.item, decimal(Double(entry.score), digits: 3), entry.title ?? ""])
            }
            let name = user ?? "history of \(Wording.count(history?.count ?? 0, "item"))"
            return name + "\n" + (recommendations.isEmpty ? "  nothing is left to recommend" : table.text(indent: "  "))
        }
    }
}
