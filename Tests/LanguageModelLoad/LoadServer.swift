internal import Foundation
internal import ScriptedServer

/// The scripted server in a process of its own, so that processor and memory of this one are the client's alone.
struct LoadServer {
    let port: Int
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    /// Starts this program once more, as a server.
    init(latency: Int, errorsPerThousand: Int, seed: Int) throws {
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
        process.arguments = ["serve", "\(latency)", "\(errorsPerThousand)", "\(seed)"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw CocoaError(.fileReadUnknown)
        }
        self.port = port
    }

    /// Ends the server by closing its standard input.
    /// - Returns: What it counted.
    func stop() throws -> [String: Int] {
        try input.fileHandleForWriting.close()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return try JSONDecoder().decode([String: Int].self, from: data)
    }

    /// Serves until standard input ends; prints the port first and what was counted last, as JSON.
    static func serve(_ numbers: [Int]) async throws {
        guard numbers.count == 3 else { exit(64) }
        let script = LoadScript(errorsPerThousand: numbers[1], seed: UInt64(numbers[2]))
        let server = try await ScriptedServer(
            latency: .milliseconds(numbers[0]), keptRequests: 0, script: script.reply)
        FileHandle.standardOutput.write(Data("\(server.port)\n".utf8))
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                _ = try? FileHandle.standardInput.readToEnd()
                continuation.resume()
            }
        }
        await server.stop()
        FileHandle.standardOutput.write(try JSONEncoder().encode(script.statistics))
    }
}
