import Foundation
import ISRFKit
import ISRFLanguageModels
import Testing

@Suite("Killed and shared runs", .serialized)
struct KilledRunTests {
    private static let items = 120
    private static let users = 60
    private static let questions = 3 * (items + users)

    /// What a run that nothing interrupts leaves in its store.
    private func undisturbed(_ folder: StoreFolder) async throws -> Data {
        let worker = try WorkerProcess(
            store: folder.path("whole.sqlite"), log: folder.path("whole.log"), items: Self.items, users: Self.users,
            milliseconds: 0)
        try #require(await worker.end())
        #expect(CallLines(folder, "whole.log").started.count == Self.questions)
        return try await export(folder, "whole.sqlite")
    }

    private func export(_ folder: StoreFolder, _ name: String) async throws -> Data {
        let store = try SQLiteResponseStore(path: folder.path(name))
        try await store.verify()
        try await store.exportAnswers(to: folder.path(name + ".jsonl"))
        return try folder.data(name + ".jsonl")
    }

    @Test("Twenty runs killed at random moments lose nothing but the calls in flight")
    func survivesKills() async throws {
        let folder = try StoreFolder()
        let expected = try await undisturbed(folder)
        var random = SeededRandom(seed: 20)
        var stored = 0
        var inFlight = 0
        for round in 0..<20 {
            let before = CallLines(folder, "killed.log").started.count
            let worker = try WorkerProcess(
                store: folder.path("killed.sqlite"), log: folder.path("killed.log"), items: Self.items,
                users: Self.users)
            // Some are killed while the store is opened or created, the others after they have begun to ask.
            if round % 4 != 0 {
                while worker.isRunning, CallLines(folder, "killed.log").started.count == before {
                    try await Task.sleep(for: .milliseconds(1))
                }
            }
            try await Task.sleep(for: .milliseconds(random.index(below: 50)))
            worker.killAtOnce()
            await worker.end()

            let lines = CallLines(folder, "killed.log")
            let store = try SQLiteResponseStore(path: folder.path("killed.sqlite"))
            let answers = try await store.totals().answers
            let lost = lines.started.count - before - (answers - stored)
            #expect(lost >= 0 && lost <= WorkerProcess.concurrency, "round \(round) lost \(lost) calls")
            #expect(answers >= stored, "round \(round) lost answers")
            inFlight += lost
            stored = answers
        }
        #expect(stored > 0 && stored < Self.questions, "the kills came too early or too late to tell anything")

        let last = try WorkerProcess(
            store: folder.path("killed.sqlite"), log: folder.path("killed.log"), items: Self.items, users: Self.users)
        #expect(await last.end())
        let lines = CallLines(folder, "killed.log")
        #expect(lines.repeated <= inFlight)
        #expect(Set(lines.started).count == Self.questions)
        #expect(try await export(folder, "killed.sqlite") == expected)

        let again = try WorkerProcess(
            store: folder.path("killed.sqlite"), log: folder.path("killed.log"), items: Self.items, users: Self.users)
        #expect(await again.end())
        #expect(CallLines(folder, "killed.log").started.count == lines.started.count, "a finished run asks nothing")
    }

    @Test("Two processes share a store: each question has one answer, and every answer paid for is counted")
    func sharesStore() async throws {
        let folder = try StoreFolder()
        let expected = try await undisturbed(folder)
        let workers = try (0..<2).map { number in
            try WorkerProcess(
                store: folder.path("shared.sqlite"), log: folder.path("log \(number)"), items: Self.items,
                users: Self.users)
        }
        for worker in workers { #expect(await worker.end()) }
        #expect(try await export(folder, "shared.sqlite") == expected)
        let calls = (0..<2).map { CallLines(folder, "log \($0)").answered.count }
        let totals = try await SQLiteResponseStore(path: folder.path("shared.sqlite")).totals()
        #expect(totals.answers == Self.questions)
        #expect(totals.answers + totals.failures == calls[0] + calls[1])
        #expect(totals.completionTokens == 10 * (calls[0] + calls[1]))
    }
}
