internal import ArgumentParser

@main
struct Command: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "isrf", subcommands: [DemoCommand.self])
}
