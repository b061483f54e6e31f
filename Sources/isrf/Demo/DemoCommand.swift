internal import ArgumentParser
internal import Foundation
internal import ISRFKit

/// `isrf demo`: everything end to end on a small shop that comes with the command.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Run everything end to end on a small shop that comes with the command.",
        discussion: """
            Fits ISRF and four baselines on an outdoor shop with planted taste groups; prints the evaluation, \
            recommendations with their reasons, and the groups found against the groups planted; and writes \
            report.html, one page that needs nothing else.

              isrf demo --output demo-output
            """)

    @Option(help: ArgumentHelp("The directory that the report is written to.", valueName: "dir"))
    var output = "demo-output"

    @Option(help: ArgumentHelp("The seed of every random choice.", valueName: "n"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Threads for heavy work; 0 for as many as there are processors.", valueName: "n"))
    var threads = 0

    @Option(help: ArgumentHelp("Write the shop's files to this directory and stop.", valueName: "dir"))
    var writeData: String?

    func validate() throws {
        guard (0...1024).contains(threads) else {
            throw ValidationError("The value of '--threads' is \(threads); it must be in 0...1024.")
        }
    }

    func run() async throws {
        if let writeData { return try write(DemoFiles.contents(of: DemoGenerator.generate()), to: writeData) }
        var configuration = DemoRun.configuration(seed: seed)
        configuration.threads = threads
        let shop = try DemoShop(directory: DemoFiles.builtDirectory())
        let run = try await DemoRun(shop, configuration: configuration, progress: ProgressDisplay().handler)
        try StandardOutput.write(DemoSummary(run).text)
        try write(["report.html": DemoReport(run: run).page], to: output)
        try StandardOutput.write("\nThe report is \(output)/report.html (\(decimal(run.seconds, digits: 1)) s in all).")
    }

    private func write(_ contents: [String: String], to directory: String) throws {
        let directory = URL(fileURLWithPath: directory)
        do {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            for (name, text) in contents {
                try Data(text.utf8).write(to: directory.appendingPathComponent(name), options: .atomic)
            }
        } catch {
            throw ISRFError(
                .fileAccess, "The directory could not be written to; give another one.",
                at: .init(file: directory.path), underlying: error)
        }
    }
}
