internal import ArgumentParser

@main
struct Command: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "isrf", abstract: "Generative recommendation with reasons.",
        discussion: """
            Results go to standard output, everything else to standard error. The exit status is 0 when all went well, \
            1 when a run failed, 3 when a budget was used up, 64 when the command was called wrongly and 130 when it was interrupted.

            Begin with `isrf demo`, or with data of your own:

              isrf train --items items.jsonl --interactions interactions.csv --model model
              isrf recommend --model model --user alice
            """,
        subcommands: [
            DemoCommand.self, ReasonCommand.self, TrainCommand.self, EvaluateCommand.self, TuneCommand.self,
            RecommendCommand.self, SimilarCommand.self, ExplainCommand.self, InspectCommand.self, AuditCommand.self,
        ])

    static func main() async {
        await CommandRunner.run()
    }
}
