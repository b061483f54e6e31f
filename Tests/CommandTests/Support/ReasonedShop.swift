internal import Foundation
internal import ScriptedServer

/// The small data set with a store of answers beside it.
struct ReasonedShop: Sendable {
    let files: ShopFiles

    init() throws { files = try ShopFiles() }

    func path(_ name: String) -> String { files.directory.path(name) }

    /// The arguments of `isrf reason`.
    func arguments(_ server: ScriptedServer?, _ options: [String] = []) -> [String] {
        ["reason"] + files.data + ["--store", path("answers.sqlite"), "--model", "scripted"]
            + (server.map { ["--base-url", $0.baseURL] } ?? []) + options
    }

    /// Runs `isrf reason`.
    func reason(
        _ server: ScriptedServer?, _ options: [String] = [], environment: [String: String] = [:]
    ) async throws -> CommandProcess.Result {
        try await CommandProcess.run(arguments(server, options), environment: environment)
    }
}
