internal import Foundation
internal import ScriptedServer

/// A scripted server in a process of its own, so that a load test measures its client alone.
///
/// Answers questions that hold `Question #N` with objects of two texts that name `N`; some calls, drawn from the seed,
/// get 429 or 500 instead. `GET /stats` tells what was counted. Prints its port, and ends with its standard input.
///
/// Arguments: the latency in milliseconds, the errors in a thousand calls, the seed.
@main
struct ScriptedServerCommand {
    static func main() async throws {
        let numbers = CommandLine.arguments.dropFirst().compactMap(Int.init)
        guard numbers.count == 3 else {
            FileHandle.standardError.write(Data("usage: ScriptedServerCommand LATENCY ERRORS SEED\n".utf8))
            exit(64)
        }
        let script = LoadScript(errorsPerThousand: numbers[1], seed: UInt64(numbers[2]))
        let server = try await ScriptedServer(latency: .milliseconds(numbers[0]), keptRequests: 0, script: script.reply)
        FileHandle.standardOutput.write(Data("\(server.port)\n".utf8))
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                _ = try? FileHandle.standardInput.readToEnd()
                continuation.resume()
            }
        }
        await server.stop()
    }
}
