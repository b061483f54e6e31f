import Foundation
import ISRFKit
@testable import ISRFLanguageModels
import ScriptedServer
import Testing

@Suite("Cancelled runs")
struct CancelledRunTests {
    /// The open files of this process that lie in a folder.
    private func openFiles(in folder: StoreFolder) throws -> [String] {
        let descriptors = "/proc/self/fd"
        return try FileManager.default.contentsOfDirectory(atPath: descriptors)
            .compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: descriptors + "/" + $0) }
            .filter { $0.hasPrefix(folder.url.path) }
    }

    @Test("A cancelled run returns within a second, leaves no call, connection or open file, and keeps its answers")
    func leavesNothing() async throws {
        let folder = try StoreFolder()
        let catalogue = try Catalogue(items: (0..<200).map { Item(id: "i\($0)", title: "Tea number \($0)") })
        let log = try InteractionLog(users: IdentifierMap(["u"]), histories: [[0]], itemCount: 200)
        try await ScriptedServer.with { request in
            request.number < 40 ? .obliging(request) : .hang
        } _: { server in
            let run = Task {
                try await withModel(of: server) { model in
                    let reasoner = LanguageModelReasoner(
                        model: model, store: try SQLiteResponseStore(path: folder.path("store.sqlite")))
                    return try await ReasoningRun(reasoner: reasoner, catalogue: catalogue, training: log).run()
                }
            }
            while server.requestCount < 48 { try await Task.sleep(for: .milliseconds(5)) }
            #if os(Linux)
            #expect(try !openFiles(in: folder).isEmpty)
            #endif
            let start = ContinuousClock.now
            run.cancel()
            await #expect(throws: CancellationError.self) { try await run.value }
            #expect(ContinuousClock.now - start < .seconds(1))
            #expect(await server.waitUntilIdle())
            #expect(server.requestCount == 48)
        }
        #if os(Linux)
        // The store closes with its last reader, which may be a moment behind.
        for _ in 0..<200 where try !openFiles(in: folder).isEmpty { try await Task.sleep(for: .milliseconds(10)) }
        #expect(try openFiles(in: folder).isEmpty)
        #endif
        let store = try SQLiteResponseStore(path: folder.path("store.sqlite"))
        try await store.verify()
        #expect(try await store.totals().answers == 40)
    }
}
