internal import ArgumentParser
internal import Foundation
internal import ISRFKit
internal import Logging

/// Runs the command that the arguments say and ends the process with the right status.
enum CommandRunner {
    static func run() async -> Never {
        LoggingSystem.bootstrap { StandardErrorLogHandler(label: $0) }
        let work = Task {
            var command = try await Command.asyncParseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        }
        Interruption.shared.install { work.cancel() }
        do {
            try await work.value
            StandardError.shared.clear()
            exit(0)
        } catch {
            StandardError.shared.clear()
            if let status = Interruption.shared.status {
                StandardError.shared.write("isrf: interrupted")
                exit(status)
            }
            end(with: error)
        }
    }

    /// Help goes to standard output with status 0, wrong usage ends with 64 and any other failure with 1.
    private static func end(with error: any Error) -> Never {
        let code = Command.exitCode(for: error)
        guard code == .failure, !(error is ExitCode) else { Command.exit(withError: error) }
        StandardError.shared.write("isrf: error: \(FailureText(error).text)")
        exit(1)
    }
}
